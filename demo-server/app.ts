import express, { type Express } from 'express';
import type { Logger } from 'pino';
import { Api } from './http/api.ts';
import { requirePerson, requirePortal } from './http/authenticate.ts';
import { guardOrigins } from './http/origins.ts';
import { answerProblems } from './http/problems.ts';
import { limitRate } from './http/rate-limit.ts';
import { logRequests } from './http/request-log.ts';
import { securityHeaders } from './http/security-headers.ts';
import { tellTusAbilities, uploadsPath } from './http/tus.ts';
import { requireProxy } from './http/trusted-proxy.ts';
import type { EventHub } from './live/event-hub.ts';
import { serveDirectory } from './routes/directory.ts';
import { serveEvents } from './routes/events.ts';
import { serveFiles } from './routes/files.ts';
import { serveMachines } from './routes/machines.ts';
import { serveMessages } from './routes/messages.ts';
import { servePeople } from './routes/people.ts';
import { serveThreads } from './routes/threads.ts';
import type { Attachments } from './services/attachments.ts';
import type { AuditLog } from './services/audit-log.ts';
import type { Devices } from './services/devices.ts';
import type { Directory } from './services/directory.ts';
import type { LiveEvents } from './services/live-events.ts';
import type { Messaging } from './services/messaging.ts';
import type { Sessions } from './services/sessions.ts';
import type { Uploads } from './services/uploads.ts';
import { StorageTrouble } from './storage/storage.ts';

export type AppParts = {
  readonly log: Logger;
  readonly now: () => number;
  readonly serviceKey: string;
  readonly allowedOrigins: readonly string[];
  readonly trustedProxy: string | undefined;
  readonly ratePerMinute: number;
  /** How long a reader of the live stream may take over what was written to them. */
  readonly patienceWithReaders: number;
  readonly hub: EventHub;
  readonly sessions: Sessions;
  readonly messaging: Messaging;
  readonly devices: Devices;
  readonly directory: Directory;
  readonly uploads: Uploads;
  readonly attachments: Attachments;
  readonly auditLog: AuditLog;
  readonly liveEvents: LiveEvents;
  /** Throws where requests can't be served. */
  readonly check: () => Promise<void>;
  /** What the demo adds to it. */
  readonly demo?: ((app: Express) => void) | undefined;
};

/** The HTTP surface over services that are already made. */
export function createApp(parts: AppParts): Express {
  const app = express();
  app.set('strict routing', true).set('case sensitive routing', true).set('etag', false);
  app.disable('x-powered-by');

  app.use(logRequests(parts.log));
  app.use(...securityHeaders());
  if (parts.trustedProxy !== undefined) {
    app.set('trust proxy', parts.trustedProxy);
    app.use(requireProxy(parts.trustedProxy));
  }
  app.use(uploadsPath, tellTusAbilities);
  app.use(...guardOrigins({ allowed: parts.allowedOrigins, allowLoopback: parts.demo !== undefined }));

  const api = new Api(app, {
    person: [requirePerson(parts.sessions), limitRate(parts.ratePerMinute)],
    portal: [requirePortal(parts.serviceKey)],
    anyone: [],
  });
  servePeople(api, parts.messaging, parts.devices);
  serveThreads(api, parts.messaging);
  serveMessages(api, parts.messaging);
  serveFiles(api, parts.uploads, parts.attachments);
  serveEvents(api, parts);
  serveDirectory(api, parts.directory, parts.auditLog);
  serveMachines(api, parts.check);
  parts.demo?.(app);
  api.refuseTheRest();

  app.use(answerProblems({ log: parts.log, isTrouble: (error) => error instanceof StorageTrouble }));
  return app;
}
