import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import type { ClamdAddress } from './scan/clamd-scanner.ts';
import type { Bucket } from './storage/s3-blobs.ts';
import type { Guidance } from '../protocol/me.ts';
import { isAddress } from './email/address.ts';
import { guidance, guidanceWith } from './services/guidance.ts';
import type { SessionSigner } from './services/sessions.ts';

export type Config = {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  /** Where files lie, if not under `dataDir`. */
  readonly bucket: Bucket | undefined;
  /** Who looks at files. */
  readonly clamd: ClamdAddress | undefined;
  readonly signer: SessionSigner;
  readonly issuer: string | undefined;
  readonly serviceKey: string;
  /** Newest first. */
  readonly encryptionKeys: readonly Buffer[];
  readonly allowedOrigins: readonly string[];
  readonly trustedProxy: string | undefined;
  readonly ratePerMinute: number;
  /** How long somebody must not have been in a thread before they are emailed about it. */
  readonly emailQuietSeconds: number;
  /** What the clinic says around the messages. */
  readonly guidance: Guidance;
  /** The mail server; without one, no mail goes out. With one, the next two are there. */
  readonly smtpUrl: URL | undefined;
  readonly emailFrom: string | undefined;
  readonly portalUrl: URL | undefined;
};

/** What is wrong with the environment, all of it at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(problems: readonly string[]) {
    super(['The configuration is not complete:', ...problems].join('\n  - '));
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment, read and checked once. */
export function readConfig(env: Environment): Config {
  const problems: string[] = [];
  const wrong = (problem: string) => void problems.push(problem);
  const valueOf = (name: string) => env[name]?.trim() || undefined;

  const host = valueOf('HOST') ?? '127.0.0.1';
  const trustedProxy = valueOf('TRUSTED_PROXY');
  if (trustedProxy !== undefined && isIP(trustedProxy) === 0) {
    wrong('TRUSTED_PROXY must be the IP address of the proxy that ends TLS.');
  }
  if (!isLoopback(host) && trustedProxy === undefined) {
    wrong(
      'HOST is not loopback, and this server speaks plain HTTP: name the proxy that ends TLS in TRUSTED_PROXY.',
    );
  }

  const config: Config = {
    host,
    port: wholeNumber(valueOf('PORT') ?? '3000', 65_535, () => wrong('PORT must be a number up to 65535.')),
    dataDir: resolve(valueOf('DATA_DIR') ?? './data'),
    databaseUrl: databaseUrl(valueOf('DATABASE_URL'), wrong),
    bucket: bucketIn(valueOf('S3_URL'), wrong),
    clamd: clamdIn(valueOf('CLAMD_URL'), wrong),
    signer: signerOf(valueOf('SESSION_SECRET'), valueOf('SESSION_JWKS_URL'), wrong),
    issuer: valueOf('SESSION_ISSUER'),
    serviceKey: serviceKey(valueOf('SERVICE_KEY'), wrong),
    encryptionKeys: encryptionKeys(valueOf('ENCRYPTION_KEY'), wrong),
    allowedOrigins: allowedOrigins(valueOf('ALLOWED_ORIGINS'), wrong),
    trustedProxy,
    ratePerMinute: wholeNumber(valueOf('RATE_LIMIT_PER_MINUTE') ?? '600', 1_000_000, () =>
      wrong('RATE_LIMIT_PER_MINUTE must be a whole number; 0 for no limit.'),
    ),
    emailQuietSeconds: emailQuietSeconds(valueOf('EMAIL_QUIET_SECONDS'), wrong),
    guidance: guidanceIn(valueOf('GUIDANCE_FILE'), wrong),
    smtpUrl: smtpUrl(valueOf('SMTP_URL'), wrong),
    emailFrom: emailFrom(valueOf('EMAIL_FROM'), wrong),
    portalUrl: portalUrl(valueOf('PORTAL_URL'), wrong),
  };
  for (const name of ['EMAIL_FROM', 'PORTAL_URL']) {
    if (valueOf('SMTP_URL') !== undefined && valueOf(name) === undefined) {
      wrong(`${name} is missing: where SMTP_URL is set, mails go out, and they need it.`);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** Where SQLite keeps everything. */
export function sqliteFile({ dataDir }: Pick<Config, 'dataDir'>): string {
  return join(dataDir, 'grow-messages.sqlite');
}

type Wrong = (problem: string) => void;

function databaseUrl(value: string | undefined, wrong: Wrong): string | undefined {
  if (value !== undefined && !/^postgres(ql)?:\/\//.test(value)) {
    wrong('DATABASE_URL must begin with postgres://; without it, SQLite is used.');
  }
  return value;
}

function bucketIn(value: string | undefined, wrong: Wrong): Bucket | undefined {
  if (value === undefined) return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  const [, bucket] = /^\/([^/]+)\/?$/.exec(url?.pathname ?? '') ?? [];
  if (!isSafe || bucket === undefined || url?.username === '' || url?.password === '') {
    wrong('S3_URL must be such as https://key:secret@host/bucket?region=us-east-1.');
    return undefined;
  }
  return {
    url: `${url.origin}/${bucket}`,
    accessKeyId: decodeURIComponent(url.username),
    secretAccessKey: decodeURIComponent(url.password),
    region: url.searchParams.get('region') ?? 'us-east-1',
  };
}

function clamdIn(value: string | undefined, wrong: Wrong): ClamdAddress | undefined {
  if (value === undefined) return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol === 'unix:' && url.pathname.length > 1) return { path: decodeURIComponent(url.pathname) };
  if (url?.protocol === 'tcp:' && url.hostname !== '' && url.port !== '') {
    return { host: url.hostname.replaceAll(/^\[|\]$/g, ''), port: Number(url.port) };
  }
  wrong('CLAMD_URL must be such as tcp://127.0.0.1:3310 or unix:///run/clamav/clamd.ctl.');
  return undefined;
}

function signerOf(secret: string | undefined, jwksUrl: string | undefined, wrong: Wrong): SessionSigner {
  if ((secret === undefined) === (jwksUrl === undefined)) {
    wrong('Either SESSION_SECRET or SESSION_JWKS_URL must be set, and not both: who signs sessions?');
  }
  if (jwksUrl === undefined) {
    if (secret !== undefined && Buffer.byteLength(secret) < 32) {
      wrong('SESSION_SECRET is too short: 32 bytes at least.');
    }
    return { secret: secret ?? '' };
  }
  const url = URL.canParse(jwksUrl) ? new URL(jwksUrl) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (url === undefined || !isSafe) {
    wrong('SESSION_JWKS_URL must be an https URL.');
    return { secret: '' };
  }
  return { jwksUrl: url };
}

function serviceKey(value: string | undefined, wrong: Wrong): string {
  if (value === undefined) wrong("SERVICE_KEY is missing: what does the portal's server show?");
  else if (value.length < 32) wrong('SERVICE_KEY is too short: 32 characters at least.');
  else if (/\s/.test(value)) wrong('SERVICE_KEY must not hold white space.');
  return value ?? '';
}

function encryptionKeys(value: string | undefined, wrong: Wrong): readonly Buffer[] {
  if (value === undefined) {
    wrong('ENCRYPTION_KEY is missing: 32 random bytes in base64, such as `openssl rand -base64 32` makes.');
    return [];
  }
  return value.split(',').map((part, index) => {
    const key = Buffer.from(part.trim(), 'base64');
    // Buffer skips what is not base64; a key that does not come out as it went in had something else in it.
    if (key.length !== 32 || key.toString('base64') !== part.trim()) {
      wrong(`ENCRYPTION_KEY: key ${index + 1} is not 32 bytes in base64.`);
    }
    return key;
  });
}

function allowedOrigins(value: string | undefined, wrong: Wrong): readonly string[] {
  const origins = (value?.split(',') ?? []).map((origin) => origin.trim());
  origins.forEach((origin, index) => {
    const url = URL.canParse(origin) ? new URL(origin) : undefined;
    if (url === undefined || url.origin !== origin || origin.includes('*')) {
      wrong(`ALLOWED_ORIGINS: entry ${index + 1} is not an origin such as https://portal.example.`);
    } else if (url.protocol !== 'https:' && !isLoopback(url.hostname)) {
      wrong(`ALLOWED_ORIGINS: entry ${index + 1} must be https.`);
    }
  });
  return origins;
}

function emailQuietSeconds(value: string | undefined, wrong: Wrong): number {
  const complain = () =>
    wrong(
      'EMAIL_QUIET_SECONDS must be a whole number from 1 to 86400: without any, chatting is a storm of emails.',
    );
  const seconds = wholeNumber(value ?? '300', 86_400, complain);
  if (seconds === 0) complain();
  return seconds;
}

function guidanceIn(file: string | undefined, wrong: Wrong): Guidance {
  if (file === undefined) return guidance;
  try {
    return guidanceWith(JSON.parse(readFileSync(file, 'utf8')), (problem) =>
      wrong(`GUIDANCE_FILE: ${problem}.`),
    );
  } catch (error) {
    wrong(
      error instanceof SyntaxError
        ? 'GUIDANCE_FILE does not hold JSON.'
        : 'GUIDANCE_FILE can not be read: is there such a file, and is it for this user?',
    );
    return guidance;
  }
}

/** Off loopback, what goes to a mail server is encrypted: at once by smtps, by STARTTLS and nothing less by smtp. */
function smtpUrl(value: string | undefined, wrong: Wrong): URL | undefined {
  if (value === undefined) return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isWhole =
    url !== undefined &&
    /^smtps?:$/.test(url.protocol) &&
    url.hostname !== '' &&
    /^\/?$/.test(url.pathname) &&
    url.search === '' &&
    url.hash === '' &&
    (url.username !== '' || url.password === '') &&
    [url.username, url.password].every(isEncodedWell);
  if (!isWhole) {
    wrong(
      'SMTP_URL must be smtp:// or smtps:// with a host, such as smtps://user:password@mail.example:465.',
    );
    return undefined;
  }
  return url;
}

function isEncodedWell(part: string): boolean {
  try {
    return decodeURIComponent(part) !== undefined;
  } catch {
    return false;
  }
}

function emailFrom(value: string | undefined, wrong: Wrong): string | undefined {
  if (value === undefined || isAddress(value)) return value;
  wrong(
    'EMAIL_FROM must be an address and nothing besides, such as no-reply@portal.example: no name of a practice.',
  );
  return undefined;
}

function portalUrl(value: string | undefined, wrong: Wrong): URL | undefined {
  if (value === undefined) return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (url === undefined || !isSafe || url.username !== '' || url.password !== '') {
    wrong('PORTAL_URL must be the https URL of the page that the element is on, without a password.');
    return undefined;
  }
  return url;
}

function wholeNumber(value: string, max: number, wrong: () => void): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > max) wrong();
  return number;
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}
