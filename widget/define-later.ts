import { GrowMessagesBadge } from './grow-messages-badge.ts';
import { register } from './view/register.ts';
import { GrowUnkept } from './view/grow-unkept.ts';

// Beside the messages: these may come a moment after them.
register({ 'grow-messages-badge': GrowMessagesBadge, 'grow-unkept': GrowUnkept });
