import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

/** A secret as it lies in storage, and which of the vault's keys it is wrapped with. */
export type Wrapped = { readonly keyId: string; readonly wrapped: Uint8Array };

/**
 * Seals what may not lie in clear. Words are sealed with a data key of their thread, data keys are
 * wrapped by the clinic's own key; so changing that one means wrapping anew, not sealing anew.
 */
export class Vault {
  readonly #keys: ReadonlyMap<string, KeyObject>;
  readonly #newestId: string;

  /** Keys of 32 bytes, newest first: the first wraps, any of them unwraps. */
  constructor(keys: readonly Buffer[]) {
    this.#keys = new Map(keys.map((key) => [keyIdOf(key), createSecretKey(key)]));
    const [newest] = this.#keys.keys();
    if (newest === undefined) throw new Error('A vault needs a key.');
    this.#newestId = newest;
  }

  get newestKeyId(): string {
    return this.#newestId;
  }

  /** `context` says what the secret is for; it must be the same to unwrap it. */
  wrap(secret: Uint8Array, context: string): Wrapped {
    return { keyId: this.#newestId, wrapped: seal(this.#key(this.#newestId), secret, context) };
  }

  unwrap({ keyId, wrapped }: Wrapped, context: string): Buffer {
    return open(this.#key(keyId), wrapped, context);
  }

  #key(id: string): KeyObject {
    const key = this.#keys.get(id);
    if (key === undefined) {
      throw new Error(`Something is wrapped with a key that ENCRYPTION_KEY does not hold (its id is ${id}).`);
    }
    return key;
  }
}

export function makeDataKey(): Buffer {
  return randomBytes(32);
}

const version = 1;
const nonceLength = 12;
const tagLength = 16;

/** How much longer what is sealed is than what was to be sealed. */
export const sealLength = 1 + nonceLength + tagLength;

/**
 * version · nonce · tag · ciphertext. `context` is bound to it: moved elsewhere, it no longer opens.
 * Keys are key objects throughout: Node takes three times as long over a key that comes as bytes.
 */
export function seal(key: KeyObject, plain: Uint8Array | string, context: string): Buffer {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(context));
  const ciphertext = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain);
  cipher.final();
  return Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), ciphertext]);
}

export function open(key: KeyObject, sealed: Uint8Array, context: string): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (bytes[0] !== version) throw new Error('Sealed in a way this release does not know.');
  const tagAt = 1 + nonceLength;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, tagAt), {
    authTagLength: tagLength,
  });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(bytes.subarray(tagAt, tagAt + tagLength));
  return Buffer.concat([decipher.update(bytes.subarray(tagAt + tagLength)), decipher.final()]);
}

/** Names a key without giving it away. */
function keyIdOf(key: Buffer): string {
  return createHash('sha256').update('grow-messages key id').update(key).digest('hex').slice(0, 16);
}
