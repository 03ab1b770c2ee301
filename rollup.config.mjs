import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import resolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import { minifyHTMLLiterals } from 'minify-literals';
import { minify } from 'rolldown/experimental';
import esbuild from 'rollup-plugin-esbuild';

/** What is small and often wanted on the same visit comes together: alone, each would weigh more. */
const together = {
  asides: /\/view\/(?:grow-(?:guide|readers|reply-clock|quick-hide)|panel|clinic-text|reply-times)\b/,
  people: /\/(?:grow-(?:compose|person-picker|why-not|inbox-tools)|word-filter|long-list|outlook)\b/,
};

/** The widget as a portal loads it: one entry, and chunks that are fetched when they are first needed. */
export default {
  input: { 'grow-messages': 'widget/index.ts' },
  // Without this the entry is a facade of a hundred bytes before the real chunk: one more round trip.
  preserveEntrySignatures: 'allow-extension',
  plugins: [
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
    manualChunks: (id) => Object.keys(together).find((name) => together[name].test(id)),
    plugins: [
      oxc(),
      terser({
        ecma: 2022,
        module: true,
        compress: { passes: 3, pure_getters: true, unsafe_arrows: true, unsafe_methods: true },
        format: { comments: false },
      }),
      notices('THIRD-PARTY.txt'),
      manifest('manifest.json'),
      removeOldChunks(),
    ],
  },
};

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

/** What libraries carry and nothing here needs, where no bundler can see that. */
const ballast = [
  // A store's methods on the database itself, and how cursors move: put in when idb is loaded, whoever uses it.
  { file: '/idb/build/index.js', code: /const readMethods[^]*?(?=export \{)/, instead: '' },
  { file: '/idb/build/index.js', code: /if \(getCursorAdvanceMethods[^]*?\n {4}\}\n/, instead: '' },
  // Style sheets for browsers that can't adopt them: those can't do our colours and containers either.
  {
    file: '/@lit/reactive-element/css-tag.js',
    code: /\w+\.ShadowRoot&&.*?"replace"in CSSStyleSheet\.prototype/,
    instead: 'true',
  },
  // What to tell who makes a style sheet of something that is none: it is still refused.
  {
    file: '/@lit/reactive-element/css-tag.js',
    code: /(?<=throw Error\()("CSSResult|"Value passed).*?"(?=\))/g,
    instead: '',
  },
  // Where decorators leave what they know: there are none.
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /const t=this\[Symbol\.metadata\];if\(null!==t\)\{.*?\}(?=this\._\$Eh=new Map)/,
    instead: '',
  },
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /Symbol\.metadata\?\?=.*?new WeakMap;/,
    instead: '',
  },
  // How an attribute is read as JSON, and written: none of ours is.
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /case Object:case Array:(\w=null==\w\?\w:JSON\.stringify\(\w\)|try\{\w=JSON\.parse\(\w\)\}catch\(\w\)\{\w=null\})/g,
    instead: '',
  },
  // Where Lit looks for polyfills, for a server's HTML and for other versions of itself.
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /,\w+\?\.\(\{ReactiveElement:\w+\}\),\(\w+\.reactiveElementVersions\?\?=\[\]\)\.push\("[\d.]+"\)/,
    instead: '',
  },
  {
    file: '/lit-html/lit-html.js',
    code: /,\w+=\w+\.litHtmlPolyfillSupport;\w+\?\.\(\w+,\w+\),\(\w+\.litHtmlVersions\?\?=\[\]\)\.push\("[\d.]+"\);const /,
    instead: ',',
  },
  // Templates of svg`` and mathml``, which are others than those of html`` that hold an <svg>: there are none.
  { file: '/lit-html/lit-html.js', code: /2===\w\?"<svg>":3===\w\?"<math>":""/, instead: '""' },
  { file: '/lit-html/lit-html.js', code: /\+\(2===\w\?"<\/svg>":3===\w\?"<\/math>":""\)/, instead: '' },
  {
    file: '/lit-html/lit-html.js',
    code: /if\((this\.el=[^;]{1,60}?\.content),2===\w\|\|3===\w\)\{.*?\}/,
    instead: '$1;',
  },
  {
    file: '/lit-element/lit-element.js',
    code: /,\w+\.litElementHydrateSupport\?\.[^]*?(?=const \w+=\{)/,
    instead: ';',
  },
  {
    file: '/lit-element/lit-element.js',
    code: /\(\w+\.litElementVersions\?\?=\[\]\)\.push\("[\d.]+"\);/,
    instead: '',
  },
  // How providers that come late take over from those above them: ours is there before whom it provides for.
  {
    file: '/@lit/context/lib/controllers/context-provider.js',
    code: /,this\.onProviderRequest=\w=>\{.*?\.stopPropagation\(\)\}(?=,this\.host=)/,
    instead: '',
  },
  {
    file: '/@lit/context/lib/controllers/context-provider.js',
    code: /,this\.host\.addEventListener\("context-provider",this\.onProviderRequest\)/,
    instead: '',
  },
  {
    file: '/@lit/context/lib/controllers/context-provider.js',
    code: /hostConnected\(\)\{.*?\}(?=\}export)/,
    instead: '',
  },
  // What DOMPurify lets through where it is not told: `sanitize.ts` tells it.
  {
    file: '/dompurify/dist/purify.es.mjs',
    code: /(?<=const (?:html|svg|svgFilters|svgDisallowed|mathMl|mathMlDisallowed|xml)(?:\$1)? = freeze\(\[)[^\]]+/g,
    instead: '',
  },
];

function withoutBallast() {
  return {
    name: 'without-ballast',
    transform(code, id) {
      if (!id.includes('node_modules') && /\b(?:svg|mathml)`/.test(code))
        throw new Error(`${id} has templates that this build takes for ballast.`);
      const found = ballast.filter(({ file }) => id.endsWith(file));
      if (found.length === 0) return null;
      for (const { file, code: part, instead } of found) {
        if (code.search(part) < 0) throw new Error(`${file} is built otherwise than it was: look again.`);
        code = code.replace(part, instead);
      }
      return { code, map: null };
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
