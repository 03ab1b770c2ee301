import { randomUUID } from 'node:crypto';
import type { PersonUpdate } from '../../protocol/person.ts';

/** What a portal says of a client; fine in every way but the one a test names. */
export function aClient(changes: Partial<PersonUpdate> = {}): PersonUpdate {
  return {
    role: 'client',
    displayName: 'Ana Reyes',
    email: 'ana@clinic.example',
    locale: 'en-US',
    timeZone: 'America/New_York',
    notifications: 'all',
    ...changes,
  };
}

export function aProvider(changes: Partial<PersonUpdate> = {}): PersonUpdate {
  return {
    ...aClient({ role: 'provider', displayName: 'Dr. Maya Lee', email: 'lee@clinic.example' }),
    credentials: 'PhD',
    replyPolicy: 'within 2 business days',
    ...changes,
  };
}

/** The name of a message, or of a device. */
export const anId = (): string => randomUUID();

export function aDraft(text = 'See you on Thursday.') {
  return { text };
}
