import { randomBytes, randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import { SignJWT } from 'jose';
import type { Thread } from '../../protocol/thread.ts';
import { startDemo } from './demo.ts';

/** The demo, where a provider has more clients than its own few. */
export class Practice {
  readonly url: string;
  readonly #serviceKey: string;
  readonly #secret: string;

  private constructor(url: string, serviceKey: string, secret: string) {
    this.url = url;
    this.#serviceKey = serviceKey;
    this.#secret = secret;
  }

  static async start(t: Pick<TestContext, 'after'>): Promise<Practice> {
    const [serviceKey, secret] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
    const url = await startDemo(t, {}, { SERVICE_KEY: serviceKey, SESSION_SECRET: secret });
    return new Practice(url, serviceKey, secret);
  }

  /** A new client of Dr. Lee's, who has been welcomed. */
  async welcome(clientId: string, displayName: string): Promise<void> {
    await this.#ask('PUT', `/v1/directory/people/${clientId}`, this.#serviceKey, {
      role: 'client',
      displayName,
      email: `${clientId}@clinic.example`,
      locale: 'en-US',
      timeZone: 'America/New_York',
    });
    await this.#ask('PUT', `/v1/directory/relationships/${clientId}/dr-lee`, this.#serviceKey, {
      status: 'current',
      welcome: `Welcome, ${displayName}!`,
    });
  }

  /** A client writes to Dr. Lee. */
  async write(clientId: string, text: string): Promise<void> {
    const token = await new SignJWT()
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setSubject(clientId)
      .setAudience('grow-messages')
      .setIssuedAt()
      .setExpirationTime('10m')
      .sign(Buffer.from(this.#secret));
    const { threads } = (await this.#ask('GET', '/v1/threads', token)) as { readonly threads: Thread[] };
    await this.#ask('PUT', `/v1/threads/${threads[0]?.id}/messages/${randomUUID()}`, token, { text });
  }

  async #ask(method: string, path: string, token: string, body?: unknown): Promise<unknown> {
    const response = await fetch(this.url + path, {
      method,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return await response.json();
  }
}
