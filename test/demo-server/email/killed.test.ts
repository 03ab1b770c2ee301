import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { soakEmails } from '../../support/email-soak.ts';
import { type Postgres, usePostgres } from '../../support/postgres.ts';

describe('three processes that send emails, killed at random', () => {
  let postgres: Postgres;
  before(async () => {
    postgres = await usePostgres();
  });
  after(() => postgres.stop());

  // `npm run soak:emails` does the same a thousand times.
  it('forget no message and send no mail twice without a death', async () => {
    const databaseUrl = await postgres.makeDatabase();
    const { messages, mails, kills } = await soakEmails({
      databaseUrl,
      bursts: 24,
      threads: 20,
      killEvery: 900,
    });
    assert.equal(messages, 24 * 3);
    // What is written in a thread while its mail waits for its turn goes with it.
    assert.ok(mails >= 12 && kills > 0, `${mails} mails, ${kills} kills`);
  });
});
