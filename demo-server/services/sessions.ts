import { createSecretKey } from 'node:crypto';
import { createRemoteJWKSet, decodeProtectedHeader, errors, jwtVerify, type JWTVerifyOptions } from 'jose';
import type { PersonRecord, Storage } from '../storage/storage.ts';
import { Refusal } from './refusal.ts';

/** Somebody who proved who they are, and until when that holds. */
export type Session = {
  readonly personId: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
};

/** Who may sign sessions: the portal with a secret we share, or with keys that it publishes. */
export type SessionSigner = { readonly secret: string } | { readonly jwksUrl: URL };

export type SessionsOptions = {
  readonly signer: SessionSigner;
  readonly issuer: string | undefined;
  readonly storage: Pick<Storage, 'findPerson'>;
  readonly now: () => number;
};

const audience = 'grow-messages';
const maxLifetime = 3_600_000;
/** How far the portal's clock may be ahead of ours. */
const clockSkew = 60_000;
const maxRemembered = 10_000;
/** So that a key the portal has withdrawn does not count for longer. */
const rememberedFor = 60_000;

/** Tells who is asking, from the token they show. */
export class Sessions {
  readonly #verify: (token: string) => ReturnType<typeof jwtVerify>;
  readonly #storage: SessionsOptions['storage'];
  readonly #now: () => number;
  /** A sound session need not be proven again with every request, until it is heard that it was ended. */
  readonly #remembered = new Map<string, { readonly session: Session; readonly until: number }>();
  #timesForgotten = 0;

  constructor({ signer, issuer, storage, now }: SessionsOptions) {
    this.#storage = storage;
    this.#now = now;
    const options = (): JWTVerifyOptions => ({
      algorithms: 'secret' in signer ? ['HS256'] : ['RS256', 'PS256', 'ES256', 'EdDSA'],
      audience,
      ...(issuer !== undefined && { issuer }),
      requiredClaims: ['exp', 'sub'],
      currentDate: new Date(now()),
    });
    if ('secret' in signer) {
      const key = createSecretKey(signer.secret, 'utf8');
      this.#verify = (token) => jwtVerify(token, key, options());
    } else {
      const keys = createRemoteJWKSet(signer.jwksUrl, { timeoutDuration: 5_000 });
      this.#verify = (token) => jwtVerify(token, keys, options());
    }
  }

  /** Refuses as `unauthenticated` whatever is not sound, and as `session-expired` what no longer is. */
  async open(token: string): Promise<Session> {
    const session = this.#recall(token) ?? (await this.#read(token));
    if (session.expiresAt <= this.#now()) throw new Refusal('session-expired');
    return session;
  }

  /** Has these people proven anew: their sessions were ended. Every act looks for itself as well. */
  forget(personIds: readonly string[]): void {
    this.#timesForgotten += 1;
    const forgotten = new Set(personIds);
    for (const [token, { session }] of this.#remembered) {
      if (forgotten.has(session.personId)) this.#remembered.delete(token);
    }
  }

  /** Whether a session that was opened before still counts. */
  async holds(session: Session): Promise<boolean> {
    try {
      await this.#admit(session);
      return true;
    } catch (error) {
      if (error instanceof Refusal) return false;
      throw error;
    }
  }

  async #admit(session: Session): Promise<void> {
    if (session.expiresAt <= this.#now()) throw new Refusal('session-expired');
    admit(session, await this.#storage.findPerson(session.personId));
  }

  #recall(token: string): Session | undefined {
    const remembered = this.#remembered.get(token);
    if (remembered === undefined || remembered.until > this.#now()) return remembered?.session;
    this.#remembered.delete(token);
    return undefined;
  }

  async #read(token: string): Promise<Session> {
    const timesForgotten = this.#timesForgotten;
    const session = await this.#check(token);
    await this.#admit(session);
    // What was just looked up may have been from before somebody's sessions were ended.
    if (timesForgotten !== this.#timesForgotten) return session;
    if (this.#remembered.size >= maxRemembered) {
      const [oldest] = this.#remembered.keys();
      this.#remembered.delete(oldest!);
    }
    this.#remembered.set(token, { session, until: this.#now() + rememberedFor });
    return session;
  }

  async #check(token: string): Promise<Session> {
    try {
      const { crit, typ } = decodeProtectedHeader(token);
      if (crit !== undefined || (typ !== undefined && typ !== 'JWT')) throw new Refusal('unauthenticated');
      const { payload } = await this.#verify(token);
      return this.#sessionOf(payload);
    } catch (error) {
      throw refusalFor(error);
    }
  }

  #sessionOf({ sub, exp, iat }: { sub?: string; exp?: number; iat?: number }): Session {
    if (typeof sub !== 'string' || sub === '' || exp === undefined) throw new Refusal('unauthenticated');
    const expiresAt = exp * 1_000;
    const issuedAt = iat === undefined ? expiresAt - maxLifetime : iat * 1_000;
    const isTooLong = expiresAt - issuedAt > maxLifetime;
    const isFromTheFuture = issuedAt > this.#now() + clockSkew;
    if (isTooLong || isFromTheFuture) throw new Refusal('unauthenticated');
    return { personId: sub, issuedAt, expiresAt };
  }
}

/** Makes sure that a session's person is there, and has not been signed out since. */
export function admit(session: Session, person: PersonRecord | undefined): PersonRecord {
  if (person === undefined || person.closedAt !== null) throw new Refusal('unauthenticated');
  // Tokens count in whole seconds: one of the second in which the sessions ended was issued before.
  if (person.sessionsEndedAt !== null && session.issuedAt <= person.sessionsEndedAt) {
    throw new Refusal('session-expired');
  }
  return person;
}

function refusalFor(error: unknown): unknown {
  if (error instanceof Refusal) return error;
  if (error instanceof errors.JWTExpired) return new Refusal('session-expired');
  if (error instanceof errors.JWKSTimeout) return new Refusal('unavailable');
  // The portal's keys could not be fetched: nothing is known about the token.
  if (error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC')
    return new Refusal('unavailable');
  if (error instanceof errors.JOSEError) return new Refusal('unauthenticated');
  // jose says TypeError of a header that it can't read, and of a fetch that fails.
  if (error instanceof TypeError)
    return new Refusal(error.message === 'fetch failed' ? 'unavailable' : 'unauthenticated');
  return error;
}
