// npm run soak:uploads, or npm run soak:uploads -- 50 for fewer: what the tests do with six uploads, with 200.
import { spawnSync } from 'node:child_process';

const { status } = spawnSync(process.execPath, ['--test', 'test/demo-server/cut-uploads.test.ts'], {
  stdio: 'inherit',
  env: { ...process.env, SOAK_UPLOADS: process.argv[2] ?? '200' },
});
process.exit(status ?? 1);
