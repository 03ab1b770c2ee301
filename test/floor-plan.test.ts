import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** A room, by its folder; `widget` and `demo-server` are the files at the top of their house. */
type Room = {
  /** Rooms it may import from, besides itself. */
  readonly reaches: readonly string[];
  /** npm packages it may use. */
  readonly packages: readonly string[];
  /** npm packages whose types alone it may use. */
  readonly types?: readonly string[];
};

const widgetRooms = ['widget/transport', 'widget/cache', 'widget/sync', 'widget/state', 'widget/view'];
const serverRooms = [
  'demo-server/storage',
  'demo-server/audit',
  'demo-server/live',
  'demo-server/email',
  'demo-server/scan',
  'demo-server/files',
  'demo-server/services',
  'demo-server/http',
  'demo-server/routes',
  'demo-server/demo',
];

/** Who may reach whom. A room reaches down, never up; the two houses never touch. */
const plan: Readonly<Record<string, Room>> = {
  protocol: { reaches: [], packages: ['zod'] },

  'widget/transport': { reaches: ['protocol'], packages: ['tus-js-client'] },
  'widget/cache': { reaches: ['protocol'], packages: ['idb'] },
  'widget/sync': { reaches: ['widget/cache', 'widget/transport', 'protocol'], packages: [] },
  'widget/state': {
    reaches: ['widget/sync', 'widget/cache', 'widget/transport', 'protocol'],
    packages: ['@lit/context'],
    types: ['lit'],
  },
  'widget/view': { reaches: ['widget/state', 'protocol'], packages: ['lit', '@lit/context', 'dompurify'] },
  widget: { reaches: [...widgetRooms, 'protocol'], packages: ['lit', '@lit/context'] },

  'demo-server/audit': { reaches: ['protocol'], packages: [] },
  'demo-server/storage': {
    reaches: ['demo-server/audit', 'protocol'],
    packages: ['kysely', 'pg', 'aws4fetch'],
  },
  'demo-server/live': { reaches: [], packages: [] },
  'demo-server/scan': { reaches: [], packages: [] },
  'demo-server/email': { reaches: ['demo-server/storage', 'protocol'], packages: ['nodemailer'] },
  'demo-server/files': { reaches: ['protocol'], packages: ['saxes'] },
  'demo-server/services': {
    reaches: [
      'demo-server/storage',
      'demo-server/audit',
      'demo-server/live',
      'demo-server/email',
      'demo-server/scan',
      'protocol',
    ],
    packages: ['jose'],
  },
  'demo-server/http': {
    reaches: ['demo-server/services', 'protocol'],
    packages: ['express', 'express-rate-limit', 'cors', 'helmet', 'jose', 'pino', 'zod', '@tus/server'],
  },
  'demo-server/routes': {
    reaches: ['demo-server/http', 'demo-server/services', 'demo-server/live', 'protocol'],
    packages: ['express'],
  },
  'demo-server/demo': {
    reaches: ['demo-server/services', 'demo-server/http', 'demo-server/email', 'protocol'],
    packages: ['express', 'jose', 'postal-mime'],
  },
  'demo-server': { reaches: [...serverRooms, 'protocol'], packages: ['express', 'pino'] },

  stories: {
    reaches: ['test/support', 'widget', ...widgetRooms, 'protocol'],
    packages: ['lit', '@lit/context'],
    types: ['@storybook/web-components-vite', 'axe-core'],
  },
  'stories/.storybook': {
    reaches: ['stories', 'widget', 'scripts'],
    packages: ['storybook'],
    types: ['@storybook/web-components-vite'],
  },
  // What tests and stories share, and how things are built. To be reached; what they reach is not looked at.
  'test/support': { reaches: [], packages: [] },
  scripts: { reaches: [], packages: [] },
};

/** Node is at home in every room of the server, but these parts of it in a few only. */
const nodeModules: Readonly<Record<string, readonly string[]>> = {
  'node:sqlite': ['demo-server/storage'],
  'node:http': ['demo-server', 'demo-server/http', 'demo-server/routes', 'demo-server/demo'],
};

/** What any script may touch without an import, and the rooms that may. */
const globals: Readonly<Record<string, readonly string[]>> = {
  fetch: ['widget/transport', 'widget/state'], // state puts the floors below together and hands it down
  XMLHttpRequest: ['widget/transport'],
  EventSource: ['widget/transport'],
  WebSocket: ['widget/transport'],
  indexedDB: ['widget/cache'],
  localStorage: ['widget/cache'],
  sessionStorage: ['widget/cache'],
};

const root = fileURLToPath(new URL('..', import.meta.url));

describe('the floor plan', () => {
  const sources = readSources(['protocol', 'widget', 'demo-server', 'stories']);

  it('is kept by every file', () => {
    assert.ok(sources.size > 0, 'There are no sources to read.');
    assertNone(complaintsAbout(sources));
  });

  it('has no import that leads back to where it came from', () => assertNone(circlesIn(sources)));
});

describe('the floor plan speaks up when', () => {
  const cases: readonly [what: string, file: string, text: string, complaint: string | null][] = [
    [
      'a room reaches up',
      'widget/cache/cache.ts',
      `import { loop } from '../sync/loop.ts';`,
      'widget/cache/cache.ts imports widget/sync/loop.ts: widget/cache reaches protocol and nothing else.',
    ],
    [
      'a room skips a floor',
      'widget/view/box.ts',
      `const { ask } = await import('../transport/request.ts');`,
      'widget/view/box.ts imports widget/transport/request.ts: widget/view reaches widget/state, protocol and nothing else.',
    ],
    [
      'a room knows the top of its house',
      'demo-server/live/hub.ts',
      `export * from '../config.ts';`,
      'demo-server/live/hub.ts imports demo-server/config.ts: demo-server/live reaches no other room.',
    ],
    [
      'a type comes from above',
      'widget/transport/request.ts',
      `export type { Entry } from '../cache/entry.ts';`,
      'widget/transport/request.ts imports widget/cache/entry.ts: widget/transport reaches protocol and nothing else.',
    ],
    [
      'a type is imported in the middle of a line',
      'widget/transport/request.ts',
      `let entry: import('../cache/entry.ts').Entry;`,
      'widget/transport/request.ts imports widget/cache/entry.ts: widget/transport reaches protocol and nothing else.',
    ],
    [
      'a house touches the other',
      'widget/index.ts',
      `import type { Config } from '../demo-server/config.ts';`,
      'widget/index.ts imports demo-server/config.ts: the two houses never touch.',
    ],
    [
      'the widget takes more than types from the protocol',
      'widget/view/box.ts',
      `import { limits } from '../../protocol/limits.ts';`,
      'widget/view/box.ts imports protocol/limits.ts: the widget takes types alone from protocol, with "import type".',
    ],
    [
      'a type import would stay in the bundle as an empty import',
      'widget/view/box.ts',
      `import { type Message } from '../../protocol/message.ts';`,
      'widget/view/box.ts imports protocol/message.ts: the widget takes types alone from protocol, with "import type".',
    ],
    [
      'a package is in the wrong room',
      'demo-server/services/messaging.ts',
      `import type { Request } from 'express';`,
      'demo-server/services/messaging.ts imports "express": demo-server/services uses jose.',
    ],
    [
      'a part of a package is in the wrong room',
      'widget/sync/loop.ts',
      `import '@lit/context/lib/x.js';`,
      'widget/sync/loop.ts imports "@lit/context": widget/sync uses no package.',
    ],
    [
      'state makes HTML',
      'widget/state/store.ts',
      `import { html } from 'lit';`,
      'widget/state/store.ts imports "lit": widget/state uses @lit/context and the types of lit.',
    ],
    [
      'the widget would need Node',
      'widget/sync/loop.ts',
      `import { once } from 'node:events';`,
      'widget/sync/loop.ts imports "node:events": only the server runs on Node.',
    ],
    [
      'a service speaks SQL',
      'demo-server/services/messaging.ts',
      `import { DatabaseSync } from 'node:sqlite';`,
      'demo-server/services/messaging.ts imports "node:sqlite": it belongs to demo-server/storage.',
    ],
    [
      'a story knows the server',
      'stories/empty.stories.ts',
      `import { people } from '../demo-server/demo/clinic.ts';`,
      'stories/empty.stories.ts imports demo-server/demo/clinic.ts: stories reaches test/support, widget, widget/transport, widget/cache, widget/sync, widget/state, widget/view, protocol and nothing else.',
    ],
    [
      'the widget needs what is there for tests',
      'widget/view/box.ts',
      `import { until } from '../../test/support/until.ts';`,
      'widget/view/box.ts imports test/support/until.ts: widget/view reaches widget/state, protocol and nothing else.',
    ],
    [
      'a file reaches out of the plan',
      'demo-server/main.ts',
      `import '../tools/x.mjs';`,
      'demo-server/main.ts imports tools/x.mjs: it is in no room of the plan.',
    ],
    [
      'a room is not on the plan',
      'widget/cellar/box.ts',
      ``,
      'widget/cellar/box.ts is in no room of the plan.',
    ],
    [
      'an import is only known when it runs',
      'widget/state/store.ts',
      'await import(`./${name}.ts`);',
      'widget/state/store.ts imports what is only known when it runs: `./${name}.ts`.',
    ],
    [
      'a screen asks the network',
      'widget/view/box.ts',
      `await globalThis.fetch('/');`,
      'widget/view/box.ts uses fetch: it belongs to widget/transport, widget/state.',
    ],
    [
      'a screen keeps something',
      'widget/view/box.ts',
      `localStorage.setItem('a', 'b');`,
      'widget/view/box.ts uses localStorage: it belongs to widget/cache.',
    ],
  ];
  for (const [what, file, text, complaint] of cases) {
    it(what, () => assert.deepEqual(complaintsAbout(new Map([[file, text]])), [complaint]));
  }

  it('files import each other in a circle', () => {
    const sources = new Map([
      ['widget/sync/a.ts', `import './b.ts';`],
      ['widget/sync/b.ts', `export { c } from './c.ts';`],
      ['widget/sync/c.ts', `import type { A } from './a.ts';`],
      ['widget/sync/d.ts', `import './a.ts';`],
    ]);
    assert.deepEqual(circlesIn(sources), [
      'widget/sync/a.ts → widget/sync/b.ts → widget/sync/c.ts → widget/sync/a.ts: a circle of imports.',
    ]);
  });
});

describe('the floor plan is content when', () => {
  const cases: readonly [what: string, file: string, text: string][] = [
    ['a room reaches down', 'widget/view/box.ts', `import { Store } from '../state/store.ts';`],
    ['a room uses itself', 'demo-server/storage/migrations/one.ts', `import '../storage.ts';`],
    ['the widget takes a type', 'widget/cache/a.ts', `import type { A } from '../../protocol/a.ts';`],
    ['a directive is used', 'widget/view/box.ts', `import { live } from 'lit/directives/live.js';`],
    ['state knows the type of a host', 'widget/state/a.ts', `import type { ReactiveController } from 'lit';`],
    ['the top uses its house', 'demo-server/main.ts', `import './routes/threads.ts'; import 'node:http';`],
    [
      'a property has the name of a global',
      'widget/view/a.ts',
      `x.fetch({ fetch: 1 }); class A { fetch() {} }`,
    ],
    ['a function is handed the network', 'widget/sync/a.ts', `const a = (fetch: F) => fetch('/');`],
    ['a comment has an import', 'widget/view/a.ts', `// import '../cache/a.ts';`],
  ];
  for (const [what, file, text] of cases) {
    it(what, () => assertNone(complaintsAbout(new Map([[file, text]]))));
  }
});

describe('the files of this repository', () => {
  const tracked = trackedFiles();

  const packageHost = /\/\/[\w.:@-]*\b(?:registry|npm|pkgs?|artifactory|nexus|verdaccio)\b[\w.-]*[:.]\w+/i;

  it('name no host that packages come from', () => {
    assertNone(
      [...tracked].flatMap(([file, text]) => {
        const found = packageHost.exec(text);
        return found ? [`${file} names ${found[0]}.`] : [];
      }),
    );
  });

  it('could not name one unseen', () => {
    for (const host of ['registry.example.org', 'npm.example.org', 'me:secret@nexus:8081']) {
      assert.match(`"resolved": "https:${'//'}${host}/lit.tgz"`, packageHost);
    }
  });

  it('leave it to npm where a locked package lies', () => {
    const lock = JSON.parse(tracked.get('package-lock.json') ?? '') as {
      packages: Record<string, { resolved?: string; link?: boolean }>;
    };
    assertNone(
      Object.entries(lock.packages)
        .filter(([, { resolved, link }]) => resolved !== undefined && !link)
        .map(([name]) => `package-lock.json says where ${name} lies.`),
    );
  });
});

// ---------------------------------------------------------------------------------------------

/** Every way in which these files leave the plan, one sentence each. */
function complaintsAbout(sources: ReadonlyMap<string, string>): string[] {
  return [...sources].flatMap(([file, text]) => {
    const room = roomOf(file);
    if (room === undefined) return [`${file} is in no room of the plan.`];
    const source = parse(file, text);
    return [
      ...importsOf(source).flatMap((imported) => complaintAbout(file, room, imported) ?? []),
      ...globalsIn(source)
        .filter((name) => isWidget(file) && room !== 'widget' && !globals[name]?.includes(room))
        .map((name) => `${file} uses ${name}: it belongs to ${list(globals[name])}.`),
    ];
  });
}

function complaintAbout(file: string, room: string, imported: Import): string | undefined {
  if (!imported.isLiteral) return `${file} imports what is only known when it runs: ${imported.specifier}.`;
  return imported.specifier.startsWith('.')
    ? complaintAboutFile(file, room, imported)
    : complaintAboutPackage(file, room, imported);
}

function complaintAboutFile(file: string, room: string, { specifier, isType }: Import): string | undefined {
  const target = targetOf(file, specifier);
  const targetRoom = roomOf(target);
  const start = `${file} imports ${target}:`;
  if (targetRoom === undefined) return `${start} it is in no room of the plan.`;
  if (isWidget(file) && isServer(target)) return `${start} the two houses never touch.`;
  if (isServer(file) && isWidget(target)) return `${start} the two houses never touch.`;
  if (targetRoom === room) return undefined;
  const reaches = plan[room]?.reaches ?? [];
  if (!reaches.includes(targetRoom)) {
    return `${start} ${room} reaches ${reaches.length ? `${list(reaches)} and nothing else` : 'no other room'}.`;
  }
  if (isWidget(file) && targetRoom === 'protocol' && !isType) {
    return `${start} the widget takes types alone from protocol, with "import type".`;
  }
  return undefined;
}

function complaintAboutPackage(
  file: string,
  room: string,
  { specifier, isType }: Import,
): string | undefined {
  if (specifier.startsWith('node:')) {
    if (!isServer(file)) return `${file} imports "${specifier}": only the server runs on Node.`;
    const homes = nodeModules[specifier];
    if (!homes || homes.includes(room)) return undefined;
    return `${file} imports "${specifier}": it belongs to ${list(homes)}.`;
  }
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const { packages = [], types = [] } = plan[room] ?? {};
  if (packages.includes(name) || (isType && types.includes(name))) return undefined;
  const allowed = [...packages, ...types.map((type) => `the types of ${type}`)];
  return `${file} imports "${name}": ${room} uses ${allowed.length ? allowed.join(' and ') : 'no package'}.`;
}

/** Each circle once, beginning with the file that was read first. */
function circlesIn(sources: ReadonlyMap<string, string>): string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const text = sources.get(file);
    if (text === undefined || done.has(file)) return;
    if (path.includes(file)) {
      circles.push(`${[...path.slice(path.indexOf(file)), file].join(' → ')}: a circle of imports.`);
      return;
    }
    for (const { specifier, isLiteral } of importsOf(parse(file, text))) {
      if (isLiteral && specifier.startsWith('.')) visit(targetOf(file, specifier), [...path, file]);
    }
    done.add(file);
  };
  for (const file of sources.keys()) visit(file, []);
  return circles;
}

type Import = { readonly specifier: string; readonly isType: boolean; readonly isLiteral: boolean };

/** Everything a file takes from elsewhere, however it is written. */
function importsOf(source: ts.SourceFile): Import[] {
  const imports: Import[] = [];
  const add = (specifier: ts.Node | undefined, isType: boolean): void => {
    if (specifier === undefined) return;
    imports.push(
      ts.isStringLiteralLike(specifier)
        ? { specifier: specifier.text, isType, isLiteral: true }
        : { specifier: specifier.getText(source), isType, isLiteral: false },
    );
  };
  visitAll(source, (node) => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node)) {
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node.argument, true);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], false);
    } else if (ts.isExternalModuleReference(node)) add(node.expression, false);
  });
  return imports;
}

/** The globals of the table that a file uses, each once. What it was handed under such a name is its own. */
function globalsIn(source: ts.SourceFile): string[] {
  const found = new Set<string>();
  const handed = new Set<string>();
  visitAll(source, (node) => {
    if (!ts.isIdentifier(node) || !(node.text in globals)) return;
    const { parent } = node;
    if (ts.isParameter(parent) && parent.name === node) handed.add(node.text);
    else if (ts.isPropertyAccessExpression(parent) && parent.name === node) {
      if (/^(?:globalThis|window|self)$/.test(parent.expression.getText(source))) found.add(node.text);
    } else if (!('name' in parent && parent.name === node) || ts.isShorthandPropertyAssignment(parent)) {
      found.add(node.text);
    }
  });
  return [...found].filter((name) => !handed.has(name));
}

function visitAll(node: ts.Node, visitor: (node: ts.Node) => void): void {
  visitor(node);
  ts.forEachChild(node, (child) => visitAll(child, visitor));
}

function parse(file: string, text: string): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

/** The innermost room a file is in. A file at the top of a house is in the house itself. */
function roomOf(file: string): string | undefined {
  const folder = posix.dirname(file);
  return Object.keys(plan)
    .filter((room) => folder === room || (room.includes('/') && folder.startsWith(`${room}/`)))
    .at(0);
}

const targetOf = (file: string, specifier: string): string => posix.join(posix.dirname(file), specifier);
const isWidget = (file: string): boolean => file.startsWith('widget/');
const isServer = (file: string): boolean => file.startsWith('demo-server/');
const list = (names: readonly string[] = []): string => names.join(', ');

function assertNone(complaints: readonly string[]): void {
  if (complaints.length > 0) assert.fail(`\n${complaints.join('\n')}`);
}

function readSources(folders: readonly string[]): Map<string, string> {
  return new Map(
    folders.flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(?:ts|mts|js|mjs)$/.test(name))
        .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
        .sort()
        .map((file) => [file, readFileSync(join(root, file), 'utf8')] as const),
    ),
  );
}

/** What git keeps and a person can read. */
function trackedFiles(): Map<string, string> {
  // Whoever runs the tests need not be who cloned the repository.
  const names = execFileSync('git', ['-c', 'safe.directory=*', 'ls-files', '-z'], {
    cwd: root,
    encoding: 'utf8',
  });
  return new Map(
    names
      .split('\0')
      .filter((name) => name !== '' && !/\.(?:png|jpe?g|gif|webp|ico|woff2?)$/.test(name))
      .filter((name) => existsSync(join(root, name)))
      .map((name) => [name, readFileSync(join(root, name), 'utf8')] as const),
  );
}
