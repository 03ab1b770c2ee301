import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import resolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import { minifyHTMLLiterals } from 'minify-literals';
import { minify } from 'rolldown/experimental';
import esbuild from 'rollup-plugin-esbuild';
import { withoutBallast } from './scripts/without-ballast.mjs';

/** What is small and often wanted on the same visit comes together: alone, each would weigh more. */
const together = {
  news: /\/(?:follow-live|one-voice|clock-watch|past|queue|shared-(?:drafts|outbox)|take-back|sync-loop|live-stream|event-stream|grow-messages-badge|(?:grow-)?sign-out|shred|last-left|define-later|any-client|grow-unkept|page-watch|linkify)\b/,
  asides: /\/view\/(?:grow-(?:guide|readers|reply-clock|quick-hide)|panel|clinic-text|reply-times)\b/,
  received: /\/(?:state\/files|transport\/attachment|view\/(?:grow-attachment\.|file-kinds|save-file))/,
  attached:
    /\/(?:sync\/uploads|transport\/(?:upload-client|file-refused)|cache\/file-bytes|view\/(?:grow-attachments|jpeg)|tus-js-client\/)/,
  people: /\/(?:reason|grow-(?:compose|person-picker|why-not|inbox-tools)|word-filter|long-list|outlook)\b/,
};

/** What several of them need, and is small. */
const copied = /\/(?:@lit\/context\/|widget\/view\/file-kinds\.)/;

/** The widget as a portal loads it: one entry, and chunks that are fetched when they are first needed. */
export default {
  input: { 'grow-messages': 'widget/index.ts' },
  // Without this the entry is a facade of a hundred bytes before the real chunk: one more round trip.
  preserveEntrySignatures: 'allow-extension',
  plugins: [
    ownCopies(),
    resolve({ browser: true, exportConditions: ['browser', 'production'], extensions: ['.js', '.ts'] }),
    esbuild({ target: 'es2022', tsconfig: 'tsconfig.json' }),
    minifyLiterals(),
    withoutBallast(),
    importAgain(),
  ],
  output: {
    dir: 'dist/esm',
    format: 'es',
    sourcemap: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    onlyExplicitManualChunks: true,
    manualChunks: groupOf,
    plugins: [
      oxc(),
      terser({
        ecma: 2022,
        module: true,
        compress: { passes: 3, pure_getters: true, unsafe_arrows: true, unsafe_methods: true },
        format: { comments: false },
      }),
      oneEntry(),
      notices('THIRD-PARTY.txt'),
      manifest('manifest.json'),
      removeOldChunks(),
    ],
  },
};

/** In the name of a module that is a copy: of which chunk. */
const copyOf = /\.copy-(\w+)/;

/** Which of the chunks above a module comes with, if any. */
function groupOf(id) {
  return copyOf.exec(id)?.[1] ?? Object.keys(together).find((name) => together[name].test(id));
}

/**
 * What several chunks need, each has a copy of: browsers remember for as long as the page lives that a module could not
 * be fetched, and whatever leans on it fails with it.
 */
function ownCopies() {
  const original = (id) => id.replace(copyOf, '');
  return {
    name: 'own-copies',
    async resolveId(source, importer, options) {
      const group = importer && groupOf(importer);
      const found = group && (await this.resolve(source, original(importer), { ...options, skipSelf: true }));
      if (!found || !copied.test(found.id)) return undefined;
      return { ...found, id: original(found.id).replace(/\.\w+$/, `.copy-${group}$&`) };
    },
    load: (id) => (copyOf.test(id) ? readFileSync(original(id), 'utf8') : undefined),
  };
}

/** Takes the indentation out of the HTML and CSS in our own templates. */
function minifyLiterals() {
  return {
    name: 'minify-literals',
    async transform(code, id) {
      if (id.includes('node_modules') || !/\b(?:html|css|svg)`/.test(code)) return null;
      return (await minifyHTMLLiterals(code, { fileName: id })) ?? null;
    },
  };
}

/** Before terser: each finds what the other leaves, two percent of the whole. */
function oxc() {
  return {
    name: 'oxc',
    async renderChunk(code, { fileName }) {
      const {
        code: less,
        map,
        errors,
      } = await minify(fileName, code, {
        module: true,
        sourcemap: true,
        compress: { target: 'es2022' },
        mangle: { toplevel: true },
      });
      if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
      return { code: less, map };
    },
  };
}

/** Writes down each file's weight, what it loads, and the hash a portal may pin it by. */
function manifest(fileName) {
  return {
    name: 'manifest',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter(({ type }) => type === 'chunk');
      const rows = chunks.map((chunk) => [chunk.fileName, describe(chunk)]);
      this.emitFile({
        type: 'asset',
        fileName,
        source: `${JSON.stringify(Object.fromEntries(rows), null, 2)}\n`,
      });
    },
  };
}

function describe({ code, isEntry, imports, dynamicImports }) {
  return {
    integrity: `sha384-${createHash('sha384').update(code).digest('base64')}`,
    bytes: Buffer.byteLength(code),
    gzip: gzipSync(code, { level: 9 }).length,
    entry: isEntry,
    imports,
    dynamicImports,
  };
}

/** A chunk's name changes with its content; once the new ones are written, the old ones go. */
function removeOldChunks() {
  return {
    name: 'remove-old-chunks',
    writeBundle({ dir }, bundle) {
      for (const name of readdirSync(dir, { recursive: true })) {
        if (name.startsWith('chunks/') && !(name in bundle)) rmSync(join(dir, name), { force: true });
      }
    },
  };
}

/** The licences of what is bundled, in one file beside it instead of a comment in front of each part. */
function notices(fileName) {
  return {
    name: 'notices',
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap(({ modules = {} }) => Object.keys(modules));
      const roots = modules.map((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0]);
      const texts = [...new Set(roots.filter(Boolean))].sort().map((root) => {
        const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
        const licence = readdirSync(root).find((file) => /^licen[cs]e/i.test(file));
        return `${name} ${version}\n\n${licence ? readFileSync(join(root, licence), 'utf8') : ''}`;
      });
      this.emitFile({ type: 'asset', fileName, source: texts.join('\n---\n\n') });
    },
  };
}

/**
 * Chunks take what they need of the entry that is on the page, and don't import it by name: a portal that loads it
 * as `grow-messages.js?v=2` would have it twice, each with clients and errors of its own. Builds don't mix.
 */
function oneEntry() {
  let place;
  return {
    name: 'one-entry',
    renderStart() {
      const hash = createHash('sha256');
      for (const id of [...this.getModuleIds()].sort()) hash.update(this.getModuleInfo(id)?.code ?? '');
      place = `globalThis[Symbol.for("grow-messages ${hash.digest('base64url').slice(0, 8)}")]`;
    },
    renderChunk(code, { isEntry }) {
      const names = (list, between) => list.replace(/([\w$]+) as ([\w$]+)/g, between);
      const rendered = isEntry
        ? code.replace(/export\{([^}]*)\};?\s*$/, (_, list) => `${place}??={${names(list, '$2:$1')}};`)
        : code.replace(
            /import\{([^}]*)\}from"\.\.\/grow-messages\.js";/,
            (_, list) => `const{${names(list, '$1:$2')}}=${place};`,
          );
      if (!isEntry && /import(?:\{[^}]*\}from)?"/.test(rendered))
        throw new Error(
          'A chunk leans on another: when that can’t be fetched once, neither can be used any more.',
        );
      return { code: rendered, map: null };
    },
  };
}

/**
 * A chunk that could not be fetched is asked for once more under another address: browsers remember the
 * failure of a module for as long as the page lives, and would never ask again for the same one.
 */
function importAgain() {
  return {
    name: 'import-again',
    renderDynamicImport: () => ({ left: 'importAgain(', right: ')' }),
    intro: ({ dynamicImports }) =>
      dynamicImports.length > 0
        ? 'const importAgain = (path) => import(path).catch(() => import(`${path}?${Date.now()}`));'
        : '',
  };
}
