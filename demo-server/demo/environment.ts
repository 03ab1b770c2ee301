import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** The demo makes its own secrets and keeps them beside its data, for whatever is not set. */
export async function demoEnvironment(env: Environment): Promise<Environment> {
  const dataDir = resolve(env.DATA_DIR || './data');
  const file = join(dataDir, 'demo-secrets.json');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const secrets = (await readSecrets(file)) ?? (await makeSecrets(file));
  const set = Object.entries(env).filter(([, value]) => value !== undefined && value !== '');
  const { SESSION_SECRET: _, ...others } = secrets;
  // Who brings a signer of their own means that one.
  return { ...(env.SESSION_JWKS_URL ? others : secrets), ...Object.fromEntries(set) };
}

type Secrets = Readonly<Record<'SESSION_SECRET' | 'SERVICE_KEY' | 'ENCRYPTION_KEY', string>>;

async function readSecrets(file: string): Promise<Secrets | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Secrets;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function makeSecrets(file: string): Promise<Secrets> {
  const secret = () => randomBytes(32).toString('base64');
  const secrets = { SESSION_SECRET: secret(), SERVICE_KEY: secret(), ENCRYPTION_KEY: secret() };
  await writeFile(file, `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
  await chmod(file, 0o600);
  return secrets;
}
