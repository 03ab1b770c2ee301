import { type Config, ConfigError, readConfig } from './config.ts';
import { demoEnvironment } from './demo/environment.ts';

export type Command = (config: Config, options: { readonly isDemo: boolean }) => Promise<void>;

/** Runs what the environment, and `--demo` on the command line, ask for; says in words why it can't. */
export async function runCommand(command: Command): Promise<void> {
  try {
    const isDemo = process.argv.includes('--demo');
    await command(readConfig(isDemo ? await demoEnvironment(process.env) : process.env), { isDemo });
  } catch (error) {
    process.stderr.write(`${wordsFor(error)}\n`);
    process.exit(1);
  }
}

function wordsFor(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return 'Something else listens on this port already. Set PORT to another one.';
  if (code === 'EACCES') return 'This port, or DATA_DIR, is not for this user. Set PORT or DATA_DIR.';
  if (error instanceof ConfigError) return error.message;
  return error.stack ?? error.message;
}
