// The server as `main.ts` starts it, with an inspector that never comes to an end with `stuck.csv`. Run by itself, to be ended.
import { pino } from 'pino';
import { runCommand } from '../../demo-server/command.ts';
import { Inspector } from '../../demo-server/files/inspector.ts';
import { startServer } from '../../demo-server/server.ts';

const thread = new URL('./files/stuck-thread.ts', import.meta.url);

/** Says when it has a file. */
class TellingInspector extends Inspector {
  override inspect(name: string, bytes: Uint8Array) {
    const verdict = super.inspect(name, bytes);
    process.stdout.write('Looking at a file\n');
    return verdict;
  }
}

await runCommand(async (config) => {
  const log = pino({ base: null }, pino.destination(2));
  const server = await startServer(config, { log, inspector: new TellingInspector({ thread }) });
  process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)));
  process.stdout.write(`Listening on ${server.url}\n`);
});
