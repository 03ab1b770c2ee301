import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../demo-server/config.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A command of the server's, or a program elsewhere, in a process of its own. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | NodeJS.Signals>;
  output = '';

  constructor(
    t: Pick<TestContext, 'after'>,
    /** `under`: a command that takes this one for its last arguments, and becomes it. */
    program: string | { readonly file: string; readonly under: readonly string[] },
    env: Readonly<Record<string, string>>,
    ...args: readonly string[]
  ) {
    // Nothing of ours: what the machine happens to have set is not what is tested.
    const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env;
    const { file, under } = typeof program === 'string' ? { file: program, under: [] } : program;
    const [command, ...before] = [...under, process.execPath];
    this.#child = spawn(command, [...before, resolve(root, 'demo-server', file), ...args], {
      cwd: root,
      env: { PATH, NODE_COMPILE_CACHE, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.#ended = once(this.#child, 'close').then(
      ([code, signal]) => (code ?? signal) as number | NodeJS.Signals,
    );
    t.after(() => this.#child.kill('SIGKILL'));
  }

  /** Its exit code, or the signal that ended it. */
  get ended(): Promise<number | NodeJS.Signals> {
    return this.#ended;
  }

  /** Where it listens, once it does. */
  async listening(): Promise<string> {
    for (;;) {
      const [, url] = /^Listening on (http:\S+)$/m.exec(this.output) ?? [];
      if (url !== undefined) return url;
      const more = once(this.#child.stdout!, 'data');
      if (await Promise.race([more.then(() => false), this.#ended.then(() => true)])) {
        throw new Error(`It ended instead of listening:\n${this.output}`);
      }
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

/** The environment that says what a configuration does. */
export function environmentOf(config: Config): Readonly<Record<string, string>> {
  if (!('secret' in config.signer)) throw new Error('This configuration has keys, not a secret.');
  return {
    PORT: '0',
    DATA_DIR: config.dataDir,
    SESSION_SECRET: config.signer.secret,
    SERVICE_KEY: config.serviceKey,
    ENCRYPTION_KEY: config.encryptionKeys.map((key) => key.toString('base64')).join(','),
    RATE_LIMIT_PER_MINUTE: '0',
    ...(config.databaseUrl !== undefined && { DATABASE_URL: config.databaseUrl }),
  };
}
