import { pino } from 'pino';
import { ConfigError, readConfig } from './config.ts';
import { makeDemo } from './demo/demo.ts';
import { demoEnvironment } from './demo/environment.ts';
import { startServer } from './server.ts';

const isDemo = process.argv.includes('--demo');

try {
  const config = readConfig(isDemo ? await demoEnvironment(process.env) : process.env);
  // Standard output has the one line that says where we are; the log goes beside it.
  const log = pino({ base: null, level: isDemo ? 'warn' : 'info' }, pino.destination(2));
  const server = await startServer(config, {
    log,
    ...(isDemo && { demo: (servicesAt) => makeDemo({ ...config, servicesAt }) }),
  });
  process.stdout.write(`Listening on ${server.url}\n`);

  let isStopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(1);
      isStopping = true;
      void server.stop().then(() => process.exit(0));
    });
  }
} catch (error) {
  process.stderr.write(`${wordsFor(error)}\n`);
  process.exit(1);
}

function wordsFor(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return 'Something else listens on this port already. Set PORT to another one.';
  if (code === 'EACCES') return 'This port, or DATA_DIR, is not for this user. Set PORT or DATA_DIR.';
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
