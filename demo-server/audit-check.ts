import { runCommand } from './command.ts';
import { openConfigured } from './server.ts';

// Walks the audit log from its first row to its last, and says whether it is what was written.
await runCommand(async (config) => {
  const storage = await openConfigured(config);
  try {
    const finding = await storage.checkAudit();
    if (finding.sound) {
      process.stdout.write(`The audit log is sound: ${finding.rows} rows.\n`);
    } else {
      process.stdout.write(`The audit log is broken at row ${finding.seq}: ${finding.why}.\n`);
      process.exitCode = 1;
    }
  } finally {
    await storage.close();
  }
});
