import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SignJWT } from 'jose';
import { Connection } from './wire.mjs';

const secret = randomBytes(32);
const serviceKey = randomBytes(32).toString('base64url');

/** Our own backend as it is run elsewhere: a process, on SQLite, with a portal that knows its secrets. */
export async function startBackend(folder, allowedOrigins = []) {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  mkdirSync(folder, { recursive: true });
  const logFile = join(folder, 'server.log');
  const log = openSync(logFile, 'w');
  const child = spawn(process.execPath, ['demo-server/main.ts'], {
    stdio: ['ignore', log, log],
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      PORT: String(port),
      DATA_DIR: folder,
      SESSION_SECRET: secret.toString('base64'),
      SERVICE_KEY: serviceKey,
      ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      ALLOWED_ORIGINS: allowedOrigins.join(','),
      RATE_LIMIT_PER_MINUTE: '0',
    },
  });
  closeSync(log);
  await untilReady(`${origin}/readyz`, child, logFile);
  return {
    origin,
    pid: child.pid,
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** Introduces a client and a provider to each other and opens their thread. */
export async function introduce(origin, clientId, providerId) {
  await call(origin, 'PUT', `/v1/directory/people/${clientId}`, serviceKey, person('client', clientId));
  await call(origin, 'PUT', `/v1/directory/people/${providerId}`, serviceKey, {
    ...person('provider', providerId),
    credentials: 'PhD',
    replyPolicy: 'within 2 business days',
  });
  await call(origin, 'PUT', `/v1/directory/relationships/${clientId}/${providerId}`, serviceKey, {
    status: 'current',
  });
  const tokens = await Promise.all([tokenFor(clientId), tokenFor(providerId)]);
  const { id } = await call(origin, 'POST', '/v1/threads', tokens[0], { personId: providerId });
  return { threadId: id, tokens };
}

/** Introduces a provider to many clients, and welcomes each: every one of them has a thread with a message. */
export async function introduceMany(origin, providerId, clientIds) {
  await call(origin, 'PUT', `/v1/directory/people/${providerId}`, serviceKey, person('provider', providerId));
  const waiting = [...clientIds];
  const introduce = async () => {
    const connection = new Connection(origin);
    for (let clientId = waiting.pop(); clientId !== undefined; clientId = waiting.pop()) {
      await ask(connection, `/v1/directory/people/${clientId}`, person('client', clientId));
      await ask(connection, `/v1/directory/relationships/${clientId}/${providerId}`, {
        status: 'current',
        welcome: 'Welcome! If anything comes up before we meet, write to me here.',
      });
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: 8 }, introduce));
  return tokenFor(providerId);
}

async function ask(connection, path, body) {
  const { status, body: answer } = await connection.request('PUT', path, serviceKey, body);
  if (status > 201) throw new Error(`PUT ${path}: ${status} ${answer}`);
}

export function tokenFor(personId) {
  return new SignJWT()
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(personId)
    .setAudience('grow-messages')
    .setIssuedAt()
    .setExpirationTime('50m')
    .sign(Buffer.from(secret.toString('base64')));
}

function person(role, id) {
  return { role, displayName: `Person ${id}`, email: `${id}@example.org`, locale: 'en-US', timeZone: 'UTC' };
}

async function call(origin, method, path, token, body) {
  const response = await fetch(origin + path, {
    method,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return await response.json();
}

async function untilReady(url, child, logFile) {
  const deadline = performance.now() + 10_000;
  while (child.exitCode === null && performance.now() < deadline) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    await sleep(50);
  }
  child.kill('SIGKILL');
  throw new Error(`The backend did not start:\n${readFileSync(logFile, 'utf8').slice(-2000)}`);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
