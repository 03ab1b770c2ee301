import type { Contact } from '../../protocol/thread.ts';
import type { MessagingClient } from './messaging-client.ts';
import { reasonOf } from './reason.ts';
import type { ThreadStore } from './thread-store.ts';

/**
 * How it stands with beginning a conversation:
 * - `choice`: there are people to choose from, and whoever was meant is among them
 * - `nobody`: there is nobody to write to yet
 * - `never-booked`: no relationship with whoever was meant, or nobody of that id: nothing tells which
 * - `ended`: the relationship with whoever was meant is over
 * - `failed`: nobody could tell
 */
export type Scene = 'choice' | 'nobody' | 'never-booked' | 'ended' | 'failed';

/** The thread there is already, or else what there is to see. */
export type Outlook =
  { readonly threadId: string } | { readonly scene: Scene; readonly contacts: readonly Contact[] };

/** How it stands with somebody who is to be written to; with nobody in particular where the id is empty. */
export async function outlookOn(client: MessagingClient, personId: string): Promise<Outlook> {
  const isOver = endOfVisit(client);
  const known = knownThreadWith(client, personId);
  const contacts = known === undefined ? await client.contacts().catch(() => undefined) : [];
  if (!contacts || isOver()) return { scene: 'failed', contacts: [] };
  const contact = contacts.find(({ person }) => person.id === personId);
  const threadId = known ?? contact?.threadId;
  if (threadId !== undefined) {
    await recallWords(client, personId, threadId).catch(reportError);
    return { threadId };
  }
  if (contact) return { scene: 'choice', contacts };
  if (personId === '') return { scene: contacts.length > 0 ? 'choice' : 'nobody', contacts };
  try {
    // It may have ended, with the thread further down in the list than this device has read: the server knows.
    return { threadId: (await client.openThreadWith(personId)).id };
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) return { scene: 'failed', contacts };
    if (reason !== 'relationship-ended') return { scene: 'never-booked', contacts };
    // By now the list may have come.
    const ended = knownThreadWith(client, personId);
    return ended === undefined ? { scene: 'ended', contacts } : { threadId: ended };
  }
}

function knownThreadWith(client: MessagingClient, personId: string): string | undefined {
  return client.inbox.value?.threads.find((thread) => thread.with.id === personId)?.id;
}

/**
 * What was written to somebody and not sent. Words are kept for the person they were meant for: they go to
 * nobody else, and wait when one leaves. Where there has come to be a thread, they wait there from then on.
 */
export async function recallWords(
  client: MessagingClient,
  personId: string,
  threadId: string | undefined,
): Promise<string> {
  const waiting = waitingFor(client, personId);
  const words = waiting?.draft ?? '';
  if (words === '' || threadId === undefined) return words;
  const thread = client.thread(threadId);
  await thread.storeDraft(thread.draft === '' ? words : `${thread.draft}\n${words}`);
  await waiting?.storeDraft('');
  return '';
}

/** Tells from now on whether this visit is over: what was begun in it does not go on in the next. */
export function endOfVisit({ me }: MessagingClient): () => boolean {
  const present = me.value;
  return () => me.value !== present;
}

/** Where words wait for somebody while there is no thread with them. */
export function waitingFor(client: MessagingClient | undefined, personId: string): ThreadStore | undefined {
  return client?.isReady && personId !== '' ? client.thread(`to ${personId}`) : undefined;
}
