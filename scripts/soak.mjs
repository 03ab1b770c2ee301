// npm run soak -- uploads [how many]: what the tests do briefly, at length.
import { spawnSync } from 'node:child_process';

const soaks = {
  uploads: { file: 'test/demo-server/cut-uploads.test.ts', variable: 'SOAK_UPLOADS', count: '200' },
};

const [name = '', count] = process.argv.slice(2);
const soak = Object.hasOwn(soaks, name) ? soaks[name] : undefined;
if (soak === undefined) {
  console.error(`Which one? ${Object.keys(soaks).join(', ')}`);
  process.exit(1);
}
const { status } = spawnSync(process.execPath, ['--test', soak.file], {
  stdio: 'inherit',
  env: { ...process.env, [soak.variable]: count ?? soak.count },
});
process.exit(status ?? 1);
