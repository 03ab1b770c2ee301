import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ConfigError, type Environment, readConfig } from '../../demo-server/config.ts';

const key = Buffer.alloc(32, 7).toString('base64');
const fine: Environment = {
  SESSION_SECRET: 's'.repeat(32),
  SERVICE_KEY: 'k'.repeat(32),
  ENCRYPTION_KEY: key,
};

describe('the configuration', () => {
  it('is complete with three secrets', () => {
    const { host, port, ratePerMinute, allowedOrigins, signer, emailQuietSeconds } = readConfig(fine);
    assert.equal(emailQuietSeconds, 300);
    assert.deepEqual([host, port, ratePerMinute, allowedOrigins], ['127.0.0.1', 3000, 600, []]);
    assert.deepEqual(signer, { secret: 's'.repeat(32) });
  });

  it('takes several keys, several origins, and a proxy', () => {
    const config = readConfig({
      ...fine,
      ENCRYPTION_KEY: `${Buffer.alloc(32, 9).toString('base64')}, ${key}`,
      ALLOWED_ORIGINS: 'https://portal.example, http://localhost:8080',
      HOST: '0.0.0.0',
      TRUSTED_PROXY: '10.0.0.1',
      SESSION_SECRET: '',
      SESSION_JWKS_URL: 'https://portal.example/jwks.json',
    });
    assert.deepEqual(
      config.encryptionKeys.map((bytes) => bytes[0]),
      [9, 7],
    );
    assert.deepEqual(config.allowedOrigins, ['https://portal.example', 'http://localhost:8080']);
    assert.ok('jwksUrl' in config.signer);
  });

  it('knows where files lie and who looks at them', () => {
    assert.deepEqual([readConfig(fine).bucket, readConfig(fine).clamd], [undefined, undefined]);
    const S3_URL = 'https://AKID:se%2Fcret@s3.example/files?region=eu-central-1';
    assert.deepEqual(readConfig({ ...fine, S3_URL }).bucket, {
      url: 'https://s3.example/files',
      accessKeyId: 'AKID',
      secretAccessKey: 'se/cret',
      region: 'eu-central-1',
    });
    for (const [CLAMD_URL, address] of [
      ['tcp://127.0.0.1:3310', { host: '127.0.0.1', port: 3310 }],
      ['tcp://[::1]:3310', { host: '::1', port: 3310 }],
      ['unix:///run/clamav/clamd.ctl', { path: '/run/clamav/clamd.ctl' }],
    ] as const) {
      assert.deepEqual(readConfig({ ...fine, CLAMD_URL }).clamd, address);
    }
  });

  it('says all that is missing at once, and none of what is there', () => {
    assert.throws(
      () => readConfig({ SERVICE_KEY: 'short-secret' }),
      ({ message }: ConfigError) =>
        ['SESSION_SECRET', 'SERVICE_KEY', 'ENCRYPTION_KEY'].every((name) => message.includes(name)) &&
        !message.includes('short-secret'),
    );
  });

  const wrong: Readonly<Record<string, Environment>> = {
    'a short session secret': { SESSION_SECRET: 's'.repeat(31) },
    'no signer of sessions': { SESSION_SECRET: undefined },
    'two signers of sessions': { SESSION_JWKS_URL: 'https://portal.example/jwks.json' },
    'keys over plain HTTP': {
      SESSION_SECRET: undefined,
      SESSION_JWKS_URL: 'http://portal.example/jwks.json',
    },
    'no service key': { SERVICE_KEY: undefined },
    'a short service key': { SERVICE_KEY: 'k'.repeat(31) },
    'no encryption key': { ENCRYPTION_KEY: undefined },
    'a short encryption key': { ENCRYPTION_KEY: Buffer.alloc(31).toString('base64') },
    'an encryption key that is not base64': { ENCRYPTION_KEY: `${key.slice(0, -4)}*${key.slice(-3)}` },
    'a bad old encryption key': { ENCRYPTION_KEY: `${key},x` },
    'any origin': { ALLOWED_ORIGINS: '*' },
    'an origin with a wildcard': { ALLOWED_ORIGINS: 'https://*.example' },
    'an origin with a path': { ALLOWED_ORIGINS: 'https://portal.example/' },
    'an origin over plain HTTP': { ALLOWED_ORIGINS: 'http://portal.example' },
    'the origin null': { ALLOWED_ORIGINS: 'null' },
    'plain HTTP off loopback': { HOST: '0.0.0.0' },
    'a proxy that is no address': { HOST: '0.0.0.0', TRUSTED_PROXY: 'proxy' },
    'a port that is none': { PORT: '65536' },
    'a rate that is none': { RATE_LIMIT_PER_MINUTE: '-1' },
    'a bucket over plain HTTP': { S3_URL: 'http://key:secret@s3.example/files' },
    'a bucket without keys': { S3_URL: 'https://s3.example/files' },
    'no bucket': { S3_URL: 'https://key:secret@s3.example/' },
    'a scanner without a port': { CLAMD_URL: 'tcp://127.0.0.1' },
    'a scanner that is none': { CLAMD_URL: 'http://127.0.0.1:3310' },
    'no quiet before an email': { EMAIL_QUIET_SECONDS: '0' },
    'a quiet that is no number': { EMAIL_QUIET_SECONDS: '5 minutes' },
    'another kind of database': { DATABASE_URL: 'mysql://localhost/x' },
  };
  for (const [what, changes] of Object.entries(wrong)) {
    it(`is refused with ${what}`, () => {
      assert.throws(() => readConfig({ ...fine, ...changes }), ConfigError);
    });
  }
});

describe('what mails need', () => {
  const email: Environment = {
    SMTP_URL: 'smtps://us%20er:p%40ss@mail.example',
    EMAIL_FROM: 'no-reply@portal.example',
    PORTAL_URL: 'https://portal.example/messages?tab=1#top',
  };

  it('is taken as it is given', () => {
    const { smtpUrl, emailFrom, portalUrl } = readConfig({ ...fine, ...email });
    assert.deepEqual(
      [smtpUrl?.href, emailFrom, portalUrl?.href],
      [email.SMTP_URL, email.EMAIL_FROM, email.PORTAL_URL],
    );
  });

  it('may be left out, and then there are no mails', () => {
    const { smtpUrl, emailFrom, portalUrl } = readConfig(fine);
    assert.deepEqual([smtpUrl, emailFrom, portalUrl], [undefined, undefined, undefined]);
  });

  for (const SMTP_URL of [
    'smtp://localhost:25',
    'smtp://mail.example',
    'smtp://[::1]',
    'smtp://10.0.0.2:587/',
  ]) {
    it(`may be a mail server such as ${SMTP_URL}`, () => {
      assert.ok(readConfig({ ...fine, ...email, SMTP_URL }).smtpUrl);
    });
  }
  for (const PORTAL_URL of [
    'http://localhost:3000',
    'http://127.0.0.1:3000/?as=ana',
    'https://portal.example',
  ]) {
    it(`may be a portal such as ${PORTAL_URL}`, () => {
      assert.ok(readConfig({ ...fine, ...email, PORTAL_URL }).portalUrl);
    });
  }

  const wrong: readonly Environment[] = [
    { SMTP_URL: 'mail.example:25' },
    { SMTP_URL: 'https://mail.example' },
    { SMTP_URL: 'smtp://' },
    { SMTP_URL: 'smtp://:planted@mail.example' },
    { SMTP_URL: 'smtp://user:planted%zz@mail.example' },
    { SMTP_URL: 'smtp://mail.example/?tls.rejectUnauthorized=false' },
    { SMTP_URL: 'smtp://mail.example/inbox' },
    { SMTP_URL: 'smtp://mail.example:99999' },
    { EMAIL_FROM: 'Fernwood <no-reply@portal.example>' },
    { EMAIL_FROM: 'a@portal.example, b@portal.example' },
    { EMAIL_FROM: 'portal.example' },
    { EMAIL_FROM: 'a@portal.example\nBcc: b@portal.example' },
    { PORTAL_URL: 'http://portal.example' },
    { PORTAL_URL: 'portal.example' },
    { PORTAL_URL: 'javascript:alert(1)' },
    { PORTAL_URL: 'https://user:planted@portal.example' },
  ];
  for (const changes of wrong) {
    const [[name, value] = []] = Object.entries(changes);
    it(`is refused as ${name}=${JSON.stringify(value)}, once, and nothing of it is said again`, () => {
      assert.throws(
        () => readConfig({ ...fine, ...email, ...changes }),
        ({ message }: ConfigError) =>
          message.split('\n  - ').length === 2 &&
          message.includes(`${name} `) &&
          !message.includes('planted'),
      );
    });
  }

  it('is whole or not there: each part that is missing is named', () => {
    assert.throws(
      () => readConfig({ ...fine, SMTP_URL: 'smtp://localhost' }),
      ({ message }: ConfigError) =>
        /EMAIL_FROM is missing/.test(message) && /PORTAL_URL is missing/.test(message),
    );
  });
});

describe('what a clinic says of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'grow-test-'));
  after(() => rmSync(folder, { recursive: true }));

  /** The configuration with a GUIDANCE_FILE that holds this. */
  const configWith = (text: string) => {
    const file = join(folder, 'guidance.json');
    writeFileSync(file, text);
    return readConfig({ ...fine, GUIDANCE_FILE: file });
  };
  const complaintAbout = (text: string) => {
    try {
      configWith(text);
    } catch (error) {
      if (error instanceof ConfigError) return error.message.split('\n  - ').slice(1);
      throw error;
    }
    return undefined;
  };

  it('is as the help article has it where it says nothing', () => {
    const { guidance } = readConfig(fine);
    assert.equal(guidance.askProvider[1], 'Cancellations or changes within 24 hours of your appointment');
    assert.equal(guidance.askSupport.length, 5);
    assert.deepEqual(
      [guidance.replyBusinessDays, guidance.supportAfterHours, guidance.bookingsPhone],
      [3, 48, '(646) 687-9932'],
    );
    assert.equal(guidance.replyExpectation, 'Providers typically respond within 1–3 business days.');
    assert.deepEqual(configWith('{}').guidance, guidance);
  });

  it('stands in place of ours, part by part', () => {
    const ours = readConfig(fine).guidance;
    const own = { askSupport: ['<b>Billing</b>', 'Anything & everything'], supportAfterHours: 72 };
    assert.deepEqual(configWith(JSON.stringify(own)).guidance, { ...ours, ...own });
  });

  it('agrees with itself: the expectation in words follows the days, unless it has words of its own', () => {
    const expected = (own: object) => configWith(JSON.stringify(own)).guidance.replyExpectation;
    assert.match(expected({ replyBusinessDays: 5 }), /within 1–5 business days\.$/);
    assert.match(expected({ replyBusinessDays: 1 }), /within 1 business day\.$/);
    assert.equal(expected({ replyBusinessDays: 5, replyExpectation: 'By Friday.' }), 'By Friday.');
  });

  const wrong: Readonly<Record<string, readonly string[]>> = {
    '{"replyBusinessDays":"3"}': ['replyBusinessDays: Invalid input: expected number, received string'],
    '{"replyBusinessDays":0}': ['replyBusinessDays: Too small: expected number to be >0'],
    '{"supportAfterHours":1.5,"askProvider":"Care"}': [
      'supportAfterHours: Invalid input: expected int, received number',
      'askProvider: Invalid input: expected array, received string',
    ],
    '{"askSupport":["Billing"," "]}': ['askSupport.1: must not be blank'],
    '{"askSuport":["Billing"]}': ['Unrecognized key: "askSuport"'],
    '{"bookingsPhone":"call us"}': ['bookingsPhone: must be a phone number'],
    '{"crisisLines":[{"label":"Night line","phone":"none","takesTexts":false}]}': [
      'crisisLines.0.phone: must be a phone number',
    ],
    '[]': ['Invalid input: expected object, received array'],
  };
  for (const [text, complaints] of Object.entries(wrong)) {
    it(`is refused with ${text}, by the field's name`, () => {
      assert.deepEqual(
        complaintAbout(text)?.toSorted(),
        complaints.map((complaint) => `GUIDANCE_FILE: ${complaint}.`).toSorted(),
      );
    });
  }

  it('is refused where the file is no JSON, or not there', () => {
    assert.deepEqual(complaintAbout('{'), ['GUIDANCE_FILE does not hold JSON.']);
    assert.throws(
      () => readConfig({ ...fine, GUIDANCE_FILE: join(folder, 'nowhere.json') }),
      /GUIDANCE_FILE can not be read/,
    );
  });
});
