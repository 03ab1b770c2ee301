import { setTimeout as sleep } from 'node:timers/promises';
import type { Alarm, Moment, Storage } from '../storage/storage.ts';
import type { Delivery, Mailer } from './mailer.ts';
import { claim, type Claim, latestLooks, record, renew } from './owed.ts';

export type EmailSenderOptions = {
  readonly storage: Pick<Storage, 'write' | 'soonestAlarms' | 'latestAlarms'>;
  readonly mailer: Mailer;
  readonly now: () => Moment;
  /** How long somebody must not have been in a thread before they are emailed about it. */
  readonly quietTime: number;
  /** After this, the emails of a process that died are anybody's. */
  readonly lease: number;
  /** How often to look for what other processes left behind. */
  readonly lookEvery: number;
  /** After this, a mail counts as hanging, and the next one goes out beside it. */
  readonly hangsAfter?: number;
  /** Hears what went wrong with the storage; what was to be done is tried again. */
  readonly report?: (error: unknown) => void;
  readonly random?: () => number;
};

/** How many may hang at the same time. */
const atOnce = 20;
/** How long to leave a storage alone that is in trouble. */
const recovery = 5_000;

/**
 * Sends the emails that are due. Any number of processes may have one on the same storage: each email is claimed
 * by one of them before it is sent, and what became of it is written down after. They go out one after the other,
 * so that a process that dies has at most one of which nobody knows whether it was taken; but none waits for one
 * that hangs. It sleeps until the next one is due, which it knows from the storage and is told of by `expect`.
 */
export class EmailSender {
  readonly #storage: EmailSenderOptions['storage'];
  readonly #mailer: Mailer;
  readonly #now: () => Moment;
  readonly #quietTime: number;
  readonly #lease: number;
  readonly #lookEvery: number;
  readonly #hangsAfter: number;
  readonly #report: (error: unknown) => void;
  readonly #random: () => number;
  readonly #underWay = new Map<Claim, Promise<void>>();
  readonly #renewing: NodeJS.Timeout;
  readonly #stopping = new AbortController();
  #alarm: NodeJS.Timeout | undefined;
  #alarmAt: Moment = Infinity;
  #looking: Promise<void> | undefined;
  #isAskedAgain = false;

  constructor({
    storage,
    mailer,
    now,
    quietTime,
    lease,
    lookEvery,
    hangsAfter = 2_000,
    report = () => undefined,
    random = Math.random,
  }: EmailSenderOptions) {
    this.#storage = storage;
    this.#mailer = mailer;
    this.#now = now;
    this.#quietTime = quietTime;
    this.#lease = lease;
    this.#lookEvery = lookEvery;
    this.#hangsAfter = hangsAfter;
    this.#report = report;
    this.#random = random;
    this.#renewing = setInterval(() => void this.#renew(), lease / 3).unref();
  }

  /** Something may be due then. */
  expect(at: Moment): void {
    if (at <= this.#now()) void this.look();
    else if (at < this.#alarmAt) this.#wakeAt(at);
  }

  /** Sees to all that is due; resolves once the last of it is done, or hangs. Whoever asks meanwhile has it look again. */
  look(): Promise<void> {
    if (this.#isStopping) return Promise.resolve();
    this.#isAskedAgain = true;
    return (this.#looking ??= this.#lookUntilSeen());
  }

  /** Resolves when nothing is on its way any more. */
  async idle(): Promise<void> {
    while (this.#looking !== undefined || this.#underWay.size > 0) {
      await Promise.all([this.#looking, ...this.#underWay.values()]);
    }
  }

  /** Begins nothing new; resolves when what is on its way has arrived. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#alarm);
    await this.idle();
    clearInterval(this.#renewing);
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #lookUntilSeen(): Promise<void> {
    try {
      while (this.#isAskedAgain && !this.#isStopping) {
        this.#isAskedAgain = false;
        await this.#claimDue();
      }
    } catch (error) {
      // The storage is away, or one act failed; what was due still is.
      this.#report(error);
      this.#wakeAt(this.#now() + recovery);
    } finally {
      this.#looking = undefined;
    }
  }

  async #claimDue(): Promise<void> {
    for (;;) {
      const free = atOnce - this.#underWay.size;
      // The next that arrives has us look again.
      if (free === 0 || this.#isStopping) return;
      const alarms = await this.#storage.soonestAlarms(free);
      const now = this.#now();
      const due = alarms.filter(({ at }) => at <= now);
      if (due.length === 0) due.push(...(await this.#storage.latestAlarms(this.#latest(now), free)));
      if (due.length === 0) return this.#wakeAt(alarms[0]?.at ?? Infinity);
      // Others go first where one can't be looked at.
      let failure: { readonly reason: unknown } | undefined;
      for (const alarm of due) {
        if (this.#isStopping) return;
        const claimed = await this.#claim(alarm).catch((reason: unknown) => void (failure = { reason }));
        if (claimed) await this.#begin(claimed);
      }
      if (failure !== undefined) throw failure.reason;
    }
  }

  #latest(now: Moment) {
    return latestLooks({ now, quietTime: this.#quietTime, lease: this.#lease });
  }

  #claim(alarm: Alarm): Promise<Claim | undefined> {
    return this.#storage.write((transaction) =>
      claim(transaction, alarm, { now: this.#now(), quietTime: this.#quietTime, lease: this.#lease }),
    );
  }

  /** Resolves when it is done, or hangs. */
  async #begin(begun: Claim): Promise<void> {
    const waiting = new AbortController();
    const done = this.#deliver(begun).finally(() => {
      this.#underWay.delete(begun);
      waiting.abort();
      void this.look();
    });
    this.#underWay.set(begun, done);
    const signal = AbortSignal.any([waiting.signal, this.#stopping.signal]);
    await sleep(this.#hangsAfter, undefined, { signal }).catch(() => undefined);
  }

  async #deliver(begun: Claim): Promise<void> {
    const delivery = await this.#mailer.send(begun.mail).catch((): Delivery => 'deferred');
    const random = this.#random();
    for (;;) {
      try {
        await this.#storage.write((transaction) =>
          record(transaction, begun, delivery, { now: this.#now(), quietTime: this.#quietTime, random }),
        );
        return;
      } catch (error) {
        this.#report(error);
        // What the mail server said must not be lost with the storage's moment of weakness.
        if (this.#isStopping) return;
        await sleep(1_000, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      }
    }
  }

  async #renew(): Promise<void> {
    const claims = [...this.#underWay.keys()];
    if (claims.length === 0) return;
    // Where it can't be written, nobody else can claim them either.
    await this.#storage
      .write((transaction) => renew(transaction, claims, { now: this.#now(), lease: this.#lease }))
      .catch(() => undefined);
  }

  #wakeAt(at: Moment): void {
    if (this.#isStopping) return;
    clearTimeout(this.#alarm);
    this.#alarmAt = at;
    const wait = Math.min(Math.max(0, at - this.#now()), this.#lookEvery);
    this.#alarm = setTimeout(() => {
      this.#alarmAt = Infinity;
      void this.look();
    }, wait).unref();
  }
}
