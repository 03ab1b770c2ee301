// Finds a Chromium for tests and benchmarks, or unpacks the one that npm brought along.
// Run as a script it prints the path.
import { spawnSync } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync, readdirSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';

const cacheFolder = fileURLToPath(new URL('../node_modules/.cache/chromium', import.meta.url));

/**
 * What every browser of ours is started with. The sandbox needs what root, and most containers,
 * can't have; these browsers open nothing but our own pages.
 */
export const browserFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** The path of a browser that runs: the one asked for, else one that is installed, else npm's. */
export async function findBrowser() {
  const asked = process.env['CHROME_PATH'];
  const found =
    asked || installedPaths().find((path) => existsSync(path) && runs(path)) || (await npmBrowser());
  if (!found) throw new Error('No Chromium was found: install Chrome or Chromium, or set CHROME_PATH.');
  return found;
}

function installedPaths() {
  if (process.platform === 'darwin') {
    return ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    );
  }
  if (process.platform === 'win32') {
    const folders = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].map((name) => process.env[name]);
    return folders
      .filter((folder) => folder !== undefined)
      .flatMap((folder) => [
        join(folder, 'Google/Chrome/Application/chrome.exe'),
        join(folder, 'Microsoft/Edge/Application/msedge.exe'),
      ]);
  }
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge'];
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

// An Ubuntu without snap has a `chromium-browser` that only says how to install one.
// Chrome on Windows opens a window for --version instead of answering.
function runs(path) {
  return process.platform === 'win32' || spawnSync(path, ['--version'], { timeout: 30_000 }).status === 0;
}

/** The headless Chromium inside the npm package @sparticuz/chromium, for Linux x64. */
async function npmBrowser() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const require = createRequire(import.meta.url);
  const packageFolder = join(dirname(require.resolve('@sparticuz/chromium')), '..');
  const { version } = require(join(packageFolder, 'package.json'));
  const folder = join(cacheFolder, version);
  if (!existsSync(folder)) await unpack(join(packageFolder, 'bin'), folder);

  const path = join(folder, 'chromium');
  if (!hasFonts()) process.env['FONTCONFIG_FILE'] = join(folder, 'fonts.conf');
  if (runs(path)) return path;
  // It wants the certificate libraries of a desktop; where there are none, those packed beside it do.
  process.env['LD_LIBRARY_PATH'] = [join(folder, 'lib'), process.env['LD_LIBRARY_PATH']]
    .filter(Boolean)
    .join(delimiter);
  return runs(path) ? path : undefined;
}

/** The folder appears whole or not at all, also when two processes unpack at once. */
async function unpack(source, folder) {
  const draft = `${folder}.${process.pid}.draft`;
  await mkdir(draft, { recursive: true });
  await Promise.all([
    pipeline(
      createReadStream(join(source, 'chromium.br')),
      createBrotliDecompress(),
      createWriteStream(join(draft, 'chromium'), { mode: 0o755 }),
    ),
    untar(join(source, 'al2023.tar.br'), draft),
    untar(join(source, 'fonts.tar.br'), draft),
  ]);
  await writeFile(
    join(draft, 'fonts.conf'),
    `<?xml version="1.0"?><fontconfig><dir prefix="relative">fonts</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>\n`,
  );
  try {
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

async function untar(archive, folder) {
  const tar = join(folder, `${process.hrtime.bigint()}.tar`);
  await pipeline(createReadStream(archive), createBrotliDecompress(), createWriteStream(tar));
  const { status, stderr } = spawnSync('tar', ['-xf', tar, '-C', folder, '--no-same-owner'], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`tar could not unpack ${archive}: ${stderr}`);
  await rm(tar);
}

/** Without a single font a page has no words, and without an error it says nothing of it. */
function hasFonts() {
  if (process.env['FONTCONFIG_FILE'] || process.env['FONTCONFIG_PATH']) return true;
  const folders = ['/usr/share/fonts', '/usr/local/share/fonts', join(homedir(), '.local/share/fonts')];
  return (
    existsSync('/etc/fonts/fonts.conf') &&
    folders
      .filter((folder) => existsSync(folder))
      .some((folder) =>
        readdirSync(folder, { recursive: true }).some((name) => /\.(?:ttf|otf|ttc)$/i.test(name)),
      )
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await findBrowser());
