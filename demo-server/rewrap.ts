import { runCommand } from './command.ts';
import { openEngine } from './server.ts';
import { rewrap } from './storage/rewrap.ts';
import { Vault } from './storage/vault.ts';

// To change ENCRYPTION_KEY: put the new one before the old, restart, run this, then drop the old one.
await runCommand(async (config) => {
  const engine = await openEngine(config);
  try {
    const count = await rewrap(engine, new Vault(config.encryptionKeys));
    process.stdout.write(
      `${count} keys are wrapped anew. The older ones in ENCRYPTION_KEY can be dropped.\n`,
    );
  } finally {
    await engine.close();
  }
});
