import type { Scanner, Verdict } from '../scan/scanner.ts';
import type { Blobs } from '../storage/blobs.ts';
import type { Storage, Transaction, UploadRecord } from '../storage/storage.ts';
import type { Acts } from './acts.ts';
import { attachmentOf } from './attachments.ts';
import { tell } from './threads.ts';
import { fileOf, readFile } from './uploads.ts';

export type ScansParts = {
  readonly acts: Acts;
  readonly storage: Pick<Storage, 'write'>;
  readonly blobs: Blobs;
  readonly scanner: Scanner;
};

const firstWait = 1_000;
const longestWait = 15 * 60_000;
/** Whoever took a file to have it looked at has this long before another server does. */
const lease = 5 * 60_000;
/** How often to look for files that another server left. */
const lookEvery = 30_000;

/** Has a scanner look at files that came in, however often it takes. What waits are rows: it survives a restart. */
export class Scans {
  readonly #acts: Acts;
  readonly #storage: ScansParts['storage'];
  readonly #blobs: Blobs;
  readonly #scanner: Scanner;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isWoken = false;
  readonly #stopping = new AbortController();

  constructor({ acts, storage, blobs, scanner }: ScansParts) {
    this.#acts = acts;
    this.#storage = storage;
    this.#blobs = blobs;
    this.#scanner = scanner;
  }

  /** There may be something to look at now. */
  wake(): void {
    if (this.#isStopped) return;
    this.#isWoken = true;
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    let wait = lookEvery;
    while (this.#isWoken && !this.#isStopped) {
      this.#isWoken = false;
      wait = await this.#lookAtAll().catch(() => firstWait);
    }
    this.#running = undefined;
    if (this.#isStopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.wake(), wait).unref();
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** Answers how long to wait before there may be more. */
  async #lookAtAll(): Promise<number> {
    let wait = lookEvery;
    while (!this.#isStopped) {
      const upload = await this.#takeNext();
      if (upload === undefined) break;
      const verdict = await this.#verdictOn(upload);
      wait = Math.min(wait, await this.#note(upload.id, verdict));
    }
    return wait;
  }

  #takeNext(): Promise<UploadRecord | undefined> {
    return this.#storage.write(async ({ uploads }) => {
      const now = this.#acts.now();
      const [next] = await uploads.toCheck(now, 1);
      if (next === undefined) return undefined;
      const taken = { ...next, checkAt: now + lease, checks: next.checks + 1 };
      await uploads.update(taken);
      return taken;
    });
  }

  async #verdictOn(upload: UploadRecord): Promise<Verdict> {
    try {
      const parts: Buffer[] = [];
      for await (const part of readFile(this.#blobs, upload)) parts.push(part);
      return await this.#scanner.scan(Buffer.concat(parts), this.#stopping.signal);
    } catch {
      return 'unavailable';
    }
  }

  /** Writes down what was found and tells both people; answers how long to wait where nothing was. */
  async #note(id: string, verdict: Verdict): Promise<number> {
    if (verdict === 'unavailable') {
      return this.#storage.write(async ({ uploads }) => {
        const upload = await uploads.find(id);
        if (upload?.state !== 'checking') return lookEvery;
        const wait = Math.min(firstWait * 2 ** (upload.checks - 1), longestWait);
        await uploads.update({ ...upload, checkAt: this.#acts.now() + wait });
        return wait;
      });
    }
    await this.#acts.perform('server', { action: `upload.check ${verdict}` }, async (transaction, note) => {
      const upload = await transaction.uploads.find(id);
      if (upload?.state !== 'checking') return;
      note({ threadId: upload.place?.threadId, subject: upload.personId });
      const settled: UploadRecord =
        verdict === 'clean'
          ? { ...upload, state: 'sound', checkAt: null }
          : { ...upload, state: 'refused', checkAt: null, refusal: found };
      await transaction.uploads.update(settled);
      await this.#tellPeople(transaction, settled);
    });
    if (verdict === 'infected') await this.#blobs.remove(fileOf(id)).catch(() => undefined);
    return lookEvery;
  }

  async #tellPeople(transaction: Transaction, upload: UploadRecord): Promise<void> {
    if (upload.place === null) return;
    const { threadId, messageId } = upload.place;
    const [thread, message] = [
      await transaction.threads.find(threadId),
      await transaction.messages.find(threadId, messageId),
    ];
    if (thread === undefined || message === undefined) throw new Error('A message with a file is gone.');
    await transaction.messages.replaceAttachments(
      message,
      message.attachments.map((attachment) =>
        attachment.id === upload.id ? attachmentOf(upload) : attachment,
      ),
    );
    await tell(transaction, thread, this.#acts.now(), { type: 'thread', threadId });
  }
}

const found = { code: 'unsafe-file', reason: 'This file could do harm and was not kept.' } as const;
