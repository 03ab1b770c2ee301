import { createSecretKey, type KeyObject } from 'node:crypto';
import { open, seal, type Vault, type Wrapped } from './vault.ts';

type MessageName = { readonly threadId: string; readonly id: string; readonly senderId: string };

const maxHeld = 10_000;

/** The threads' data keys, unwrapped as they are needed; the most recently used are held. */
export class ThreadKeys {
  readonly #vault: Vault;
  readonly #held = new Map<string, KeyObject>();

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  wrap(threadId: string, key: Buffer): Wrapped {
    return this.#vault.wrap(key, contextOf(threadId));
  }

  seal(wrapped: Wrapped, message: MessageName & { readonly text: string }): Buffer {
    return seal(this.#key(message.threadId, wrapped), message.text, nameOf(message));
  }

  open(wrapped: Wrapped, sealed: Uint8Array, message: MessageName): string {
    return open(this.#key(message.threadId, wrapped), sealed, nameOf(message)).toString('utf8');
  }

  sealAttachments(wrapped: Wrapped, message: MessageName, attachments: string): Buffer {
    return seal(this.#key(message.threadId, wrapped), attachments, filesOf(message));
  }

  openAttachments(wrapped: Wrapped, sealed: Uint8Array, message: MessageName): string {
    return open(this.#key(message.threadId, wrapped), sealed, filesOf(message)).toString('utf8');
  }

  #key(threadId: string, wrapped: Wrapped): KeyObject {
    const key = this.#held.get(threadId) ?? createSecretKey(this.#vault.unwrap(wrapped, contextOf(threadId)));
    this.#held.delete(threadId);
    this.#held.set(threadId, key);
    if (this.#held.size > maxHeld) {
      const [leastRecent] = this.#held.keys();
      this.#held.delete(leastRecent!);
    }
    return key;
  }
}

/** What a thread's wrapped key is bound to. */
export function contextOf(threadId: string): string {
  return `thread-key ${threadId}`;
}

/** The sender's id may hold spaces, so it comes last. */
function nameOf({ threadId, id, senderId }: MessageName): string {
  return `message ${threadId} ${id} ${senderId}`;
}

function filesOf(message: MessageName): string {
  return `files of ${nameOf(message)}`;
}
