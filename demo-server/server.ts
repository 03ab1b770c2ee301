import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import type { Express } from 'express';
import type { Logger } from 'pino';
import { createApp } from './app.ts';
import { type Config, sqliteFile } from './config.ts';
import type { Mailer } from './email/mailer.ts';
import { EmailSender } from './email/sender.ts';
import { traceOf } from './http/problems.ts';
import { Inspector } from './files/inspector.ts';
import { EventHub } from './live/event-hub.ts';
import { clamdScanner } from './scan/clamd-scanner.ts';
import type { Scanner } from './scan/scanner.ts';
import { Acts } from './services/acts.ts';
import { Attachments } from './services/attachments.ts';
import { AuditLog } from './services/audit-log.ts';
import { Devices } from './services/devices.ts';
import { Directory } from './services/directory.ts';
import { LiveEvents } from './services/live-events.ts';
import { Messaging } from './services/messaging.ts';
import { Revocations } from './services/revocations.ts';
import { Scans } from './services/scans.ts';
import { Sessions } from './services/sessions.ts';
import { Uploads, type UploadsParts } from './services/uploads.ts';
import type { Blobs } from './storage/blobs.ts';
import type { Engine } from './storage/engine.ts';
import { makeFolder } from './storage/lasting-folder.ts';
import { openLocalBlobs } from './storage/local-blobs.ts';
import { openPostgres } from './storage/postgres.ts';
import { openS3Blobs } from './storage/s3-blobs.ts';
import { openStorage, type SqlStorage } from './storage/sql-storage.ts';
import { openSqlite } from './storage/sqlite.ts';
import { Vault } from './storage/vault.ts';

export type ServerOptions = {
  readonly log: Logger;
  readonly now?: () => number;
  readonly patience?: Partial<Patience>;
  /** Another database than the one the configuration names. */
  readonly engine?: Engine;
  /** Without one, emails that are owed stay owed. It is closed with the server. */
  readonly mailer?: Mailer;
  /** Another place for files than the one the configuration names. */
  readonly blobs?: Blobs;
  /** Says what a file is. It is closed with the server. */
  readonly inspector?: UploadsParts['inspector'];
  readonly scanner?: Scanner | undefined;
  /** Makes what the demo adds, out of services that may go by another clock. */
  readonly demo?: (servicesAt: (now: () => number) => ActingServices) => Promise<(app: Express) => void>;
};

/** A server that listens, and how to stop it. */
export type RunningServer = {
  readonly url: string;
  readonly storage: SqlStorage;
  readonly blobs: Blobs;
  readonly emails: EmailSender | undefined;
  /** Ends streams, finishes requests and writes, lets go of everything. */
  readonly stop: () => Promise<void>;
};

/** How long, in milliseconds, we wait for whoever is at the other end of a connection. */
export type Patience = {
  /** For a request to be whole. */
  readonly requests: number;
  /** For somebody to take what was written to their live stream. */
  readonly readers: number;
  /** For anything at all to move; the live stream's heartbeats count. */
  readonly silence: number;
  /** For another process to say what became of an email it was sending. */
  readonly senders: number;
  /** Until we look whether another process left emails behind. */
  readonly leftovers: number;
};

const usualPatience: Patience = {
  requests: 30_000,
  readers: 30_000,
  silence: 60_000,
  senders: 60_000,
  leftovers: 20_000,
};

const day = 24 * 3_600_000;
const eventsKeptFor = 14 * day;
const pruneEvery = 3_600_000;
const stopWithin = 10_000;

/** The services that act on people's messages. */
type ActingServices = ReturnType<typeof actingServices>;

function actingServices(storage: SqlStorage, config: Config, now: () => number) {
  const acts = new Acts(storage, now);
  const quietTime = config.emailQuietSeconds * 1_000;
  return {
    messaging: new Messaging(acts, storage, { guidance: config.guidance, quietTime }),
    devices: new Devices(acts),
    directory: new Directory(acts, quietTime),
  };
}

/** The database a configuration names. */
export async function openEngine(config: Config): Promise<Engine> {
  if (config.databaseUrl !== undefined) return openPostgres(config.databaseUrl);
  await makeFolder(config.dataDir);
  return openSqlite(sqliteFile(config));
}

/** What a configuration has kept, up to date. */
export async function openConfigured(config: Config, engine?: Engine): Promise<SqlStorage> {
  return openStorage(engine ?? (await openEngine(config)), new Vault(config.encryptionKeys));
}

/** Where a configuration keeps files. */
export function openBlobs({ bucket, dataDir }: Config): Promise<Blobs> | Blobs {
  return bucket === undefined ? openLocalBlobs(join(dataDir, 'files')) : openS3Blobs(bucket);
}

/** Puts the parts together and listens. */
export async function startServer(
  config: Config,
  { log, now = Date.now, patience: changes, engine, mailer, demo, ...files }: ServerOptions,
): Promise<RunningServer> {
  const patience: Patience = { ...usualPatience, ...changes };
  const blobs = files.blobs ?? (await openBlobs(config));
  const storage = await openConfigured(config, engine);
  const scanner = files.scanner ?? (config.clamd && clamdScanner(config.clamd));
  const acts = new Acts(storage, now);
  const scans = scanner && new Scans({ acts, storage, blobs, scanner });
  const inspector = files.inspector ?? new Inspector();
  const uploads = new Uploads({ acts, storage, blobs, scans, inspector });
  const hub = new EventHub();
  const sessions = new Sessions({ signer: config.signer, issuer: config.issuer, storage, now });
  const revocations = new Revocations(storage, (personIds) => {
    sessions.forget(personIds);
    hub.review(personIds);
  });
  let emails: EmailSender | undefined;
  storage.onNews(({ personIds, revoked, alarmAt }) => {
    hub.wake(personIds);
    if (alarmAt !== undefined) emails?.expect(alarmAt);
    if (revoked) void revocations.look();
  });
  let sweeping: Promise<void> | undefined;
  const prune = async () => {
    await storage.write(({ events }) => events.prune(now() - eventsKeptFor)).catch(() => undefined);
    await storage.write(({ cacheKeys }) => cacheKeys.removeExpired(now())).catch(() => undefined);
    sweeping ??= uploads.sweep().catch(() => undefined);
    // Where files lie may be slow, or away: nobody who starts waits for it.
    void sweeping.then(() => (sweeping = undefined));
  };
  const pruning = setInterval(() => void prune(), pruneEvery).unref();

  const server = createServer(
    {
      requestTimeout: patience.requests,
      headersTimeout: patience.requests,
      // Requests that take too long are looked for often enough to be noticed in time.
      connectionsCheckingInterval: Math.ceil(patience.requests / 30),
    },
    createApp({
      log,
      now,
      serviceKey: config.serviceKey,
      allowedOrigins: config.allowedOrigins,
      trustedProxy: config.trustedProxy,
      ratePerMinute: config.ratePerMinute,
      patienceWithReaders: patience.readers,
      hub,
      sessions,
      ...actingServices(storage, config, now),
      uploads,
      attachments: new Attachments(acts, blobs),
      auditLog: new AuditLog(storage),
      liveEvents: new LiveEvents(storage),
      check: () => storage.check(),
      demo: await demo?.((clock) => actingServices(storage, config, clock)),
    }),
  );
  // An answer that nobody takes would be held for ever.
  server.setTimeout(patience.silence);
  const connections = new Set<Socket>();
  server.on('connection', (connection) => {
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
  });

  const stop = async () => {
    clearInterval(pruning);
    revocations.stop();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    hub.close();
    // Connections go idle as their last request is answered, and would be kept for the next one.
    const closing = setInterval(() => server.closeIdleConnections(), 20);
    // Browsers open some that they may never use. Node does not count those among the idle.
    for (const connection of connections) if (connection.bytesRead === 0) connection.destroy();
    const giveUp = setTimeout(() => server.closeAllConnections(), stopWithin);
    // An email that hangs is left to whoever comes next.
    const drained = within(stopWithin, emails?.stop());
    await closed;
    clearInterval(closing);
    clearTimeout(giveUp);
    const settled = uploads.stop();
    await inspector.close();
    await within(stopWithin, settled);
    await scans?.stop();
    await sweeping;
    await drained;
    await within(stopWithin / 10, mailer?.close());
    await storage.close();
  };

  try {
    await revocations.start();
    await prune();
    scans?.wake();
    const url = await listen(server, config);
    if (mailer !== undefined) {
      // Not before the demo has told all of its history, also what was read of it.
      emails = new EmailSender({
        storage,
        mailer,
        now,
        quietTime: config.emailQuietSeconds * 1_000,
        lease: patience.senders,
        lookEvery: patience.leftovers,
        report: (error) => log.error(traceOf(error), 'Emails have to wait'),
      });
      void emails.look();
    }
    return { url, storage, blobs, emails, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Resolves with it, or without it once that much time has passed. */
async function within(milliseconds: number, promise: Promise<void> | undefined): Promise<void> {
  if (promise === undefined) return;
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)));
  await Promise.race([promise, enough]);
  clearTimeout(timer);
}

async function listen(server: Server, { host, port }: Config): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { address, family, port: given } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${given}`;
}
