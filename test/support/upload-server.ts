// The server as `main.ts` starts it, with the inspector that the tests know. Run by itself, to be killed.
import { pino } from 'pino';
import { runCommand } from '../../demo-server/command.ts';
import { startServer } from '../../demo-server/server.ts';
import { standInInspector } from './inspect.ts';

await runCommand(async (config) => {
  const log = pino({ base: null }, pino.destination(2));
  const { url } = await startServer(config, { log, inspector: standInInspector });
  process.stdout.write(`Listening on ${url}\n`);
});
