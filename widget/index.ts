import './define.ts';

export type { GrowMessagesBadge } from './grow-messages-badge.ts';
export type { GrowMessages } from './grow-messages.ts';
export type * from './public-events.ts';
export type { Strings } from './view/strings.ts';
