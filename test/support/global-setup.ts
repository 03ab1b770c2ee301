import { sharePostgres } from './postgres.ts';

/** One PostgreSQL for a whole run: `node --test --test-global-setup=test/support/global-setup.ts`. */
let stop: (() => Promise<void>) | undefined;

export async function globalSetup(): Promise<void> {
  stop = await sharePostgres();
}

export async function globalTeardown(): Promise<void> {
  await stop?.();
}
