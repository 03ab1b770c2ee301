import { createContext } from '@lit/context';
import type { MessagingClient } from './messaging-client.ts';

/** The client that the elements below talk to; undefined until there is one. */
export const clientContext = createContext<MessagingClient | undefined>(Symbol('grow-messages client'));
