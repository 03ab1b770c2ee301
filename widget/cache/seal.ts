import type { CacheKey } from '../../protocol/cache-key.ts';

/** The layout of what is sealed. A record of another layout is never opened. */
const layout = 'v1';

/**
 * Turns a record into sealed bytes and back, and its name into the hash it is kept under. The key
 * lives here alone, non-extractable, and is gone when this is dropped.
 *
 * AES-256-GCM with a fresh 96-bit nonce each (NIST SP 800-38D). The associated data binds a record to
 * its drawer, its name and the key's id, which stands for one person on one device: bytes moved to
 * another place, or from another person's records, don't open.
 */
export class Sealer {
  readonly keyId: string;
  readonly #sealKey: CryptoKey;
  readonly #nameKey: CryptoKey;

  private constructor(keyId: string, sealKey: CryptoKey, nameKey: CryptoKey) {
    this.keyId = keyId;
    this.#sealKey = sealKey;
    this.#nameKey = nameKey;
  }

  /** One key from the server gives two: one to seal with, one to hash names with (HKDF, RFC 5869). */
  static async from({ keyId, key }: CacheKey): Promise<Sealer> {
    const bytes = Uint8Array.from(atob(key), (char) => char.charCodeAt(0));
    const root = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey']);
    bytes.fill(0);
    const derive = <Kind extends AesKeyGenParams | HmacImportParams>(
      purpose: string,
      kind: Kind,
      uses: KeyUsage[],
    ) =>
      crypto.subtle.deriveKey(
        { name: 'HKDF', hash: 'SHA-256', salt: utf8(keyId), info: utf8(`grow-messages ${purpose}`) },
        root,
        kind,
        false,
        uses,
      );
    const [sealKey, nameKey] = await Promise.all([
      derive('seal', { name: 'AES-GCM', length: 256 }, ['encrypt', 'decrypt']),
      derive('name', { name: 'HMAC', hash: 'SHA-256', length: 256 }, ['sign']),
    ]);
    return new Sealer(keyId, sealKey, nameKey);
  }

  /** What a record is kept under: says neither what it is nor whose. */
  async hash(drawer: string, name: string): Promise<string> {
    const hash = await crypto.subtle.sign('HMAC', this.#nameKey, utf8(`${drawer} ${name}`));
    return btoa(String.fromCharCode(...new Uint8Array(hash)));
  }

  async seal(drawer: string, hash: string, value: unknown): Promise<Uint8Array> {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv, additionalData: this.#place(drawer, hash) },
      this.#sealKey,
      drawer === 'files' ? (value as Uint8Array<ArrayBuffer>) : utf8(JSON.stringify(value)),
    );
    const bytes = new Uint8Array(iv.length + sealed.byteLength);
    bytes.set(iv);
    bytes.set(new Uint8Array(sealed), iv.length);
    return bytes;
  }

  /** The record, or undefined where the bytes are not ours, not whole or not from this place. */
  async open(drawer: string, hash: string, bytes: unknown): Promise<unknown> {
    if (!(bytes instanceof Uint8Array)) return undefined;
    try {
      const plain = await crypto.subtle.decrypt(
        { name: 'AES-GCM', iv: bytes.slice(0, 12), additionalData: this.#place(drawer, hash) },
        this.#sealKey,
        bytes.slice(12),
      );
      return drawer === 'files' ? new Uint8Array(plain) : JSON.parse(new TextDecoder().decode(plain));
    } catch {
      return undefined;
    }
  }

  #place(drawer: string, hash: string): Uint8Array<ArrayBuffer> {
    return utf8([layout, this.keyId, drawer, hash].join(' '));
  }
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
