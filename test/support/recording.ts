import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** What a process did to the files in a folder. Paths are seen from there. */
export type Change =
  | { readonly kind: 'made'; readonly path: string; readonly isFolder: boolean }
  /** Without a place it goes on at the end. */
  | {
      readonly kind: 'written';
      readonly path: string;
      readonly at: number | undefined;
      readonly bytes: Buffer;
    }
  | { readonly kind: 'cut'; readonly path: string; readonly size: number }
  | { readonly kind: 'moved'; readonly path: string; readonly to: string }
  | { readonly kind: 'removed'; readonly path: string };

/** Between the two ends of a sync, others go on; what they do is not part of it. */
export type Sync = { readonly kind: 'syncing' | 'synced'; readonly path: string; readonly name: number };

/** The beginning of an HTTP answer, and often all of it. */
export type Answer = { readonly kind: 'answered'; readonly words: string };

export type Step = Change | Sync | Answer;

export type Recording = {
  readonly steps: readonly Step[];
  /** Where it is not known what became of it: the process was killed while it asked. */
  readonly uncertain: ReadonlySet<string>;
};

const known = [
  ...['open', 'openat', 'mkdir', 'mkdirat'],
  ...['write', 'pwrite64', 'writev', 'pwritev', 'pwritev2', 'ftruncate', 'fsync', 'fdatasync'],
  ...['rename', 'renameat', 'renameat2', 'unlink', 'unlinkat', 'rmdir'],
  ...['sendmsg', 'sendto'],
] as const;

/** They would change files without our noticing. */
const unknown = [
  ...['creat', 'truncate', 'fallocate', 'link', 'linkat', 'symlink', 'symlinkat', 'mmap'],
  ...['copy_file_range', 'sendfile', 'splice', 'io_uring_setup'],
];

/** The command that has what a program does written into a file. The program keeps its place, for whoever would kill it. */
export function recordInto(file: string): readonly string[] {
  const calls = [...known, ...unknown].map((name) => `?${name}`).join(',');
  const longest = String(64 * 1_048_576);
  return [
    'strace',
    '-D',
    '-f',
    '--seccomp-bpf',
    '-y',
    '-xx',
    '-s',
    longest,
    '-e',
    `trace=${calls}`,
    '-o',
    file,
  ];
}

/** The recorder is another process than what it records, and has written all of it a little later. */
export function isComplete(file: string): boolean {
  const handle = openSync(file, 'r');
  try {
    const { size } = fstatSync(handle);
    const read = (at: number) => {
      const bytes = Buffer.alloc(100);
      return bytes.toString('latin1', 0, readSync(handle, bytes, 0, bytes.length, at));
    };
    const [program] = read(0).split(' ');
    const last = read(Math.max(0, size - 100))
      .trimEnd()
      .split('\n')
      .at(-1)!;
    return new RegExp(`^${program} +\\+\\+\\+ (exited|killed) `).test(last);
  } finally {
    closeSync(handle);
  }
}

type Call = {
  readonly name: string;
  readonly args: readonly string[];
  readonly strings: readonly Buffer[];
  /** Nothing where the process did not live to hear it. */
  result: number | undefined;
};

/** What `recordInto` has written, seen from a folder. */
export async function readRecording(file: string, folder: string): Promise<Recording> {
  const moments: { readonly call: Call; readonly isEnd: boolean }[] = [];
  const underWay = new Map<string, Call>();
  for await (const line of createInterface({ input: createReadStream(file, 'latin1') })) {
    const gap = line.indexOf(' ');
    const thread = line.slice(0, gap);
    const words = line.slice(gap).trimStart();
    if (/^(\+\+\+|---)/.test(words)) continue;
    const resumed = words.startsWith('<... ') ? underWay.get(thread) : undefined;
    const call = resumed ?? callIn(words);
    if (resumed === undefined) moments.push({ call, isEnd: false });
    if (words.endsWith('<unfinished ...>')) {
      underWay.set(thread, call);
      continue;
    }
    underWay.delete(thread);
    const result = Number.parseInt(words.slice(words.lastIndexOf(' = ') + 3), 10);
    if (Number.isNaN(result)) continue;
    call.result = result;
    moments.push({ call, isEnd: true });
  }

  const seen = (path: string | undefined) => seenFrom(folder, path);
  const steps: Step[] = [];
  const uncertain = new Set<string>();
  const names = new Map<Call, number>();
  for (const { call, isEnd } of moments) {
    const told = stepsOf(call, seen);
    if (call.result === undefined && told[0]?.kind !== 'answered') {
      for (const step of told) for (const path of pathsOf(step)) uncertain.add(path);
      continue;
    }
    if (call.result !== undefined && call.result < 0) continue;
    for (const step of told) {
      if (step.kind === 'syncing') {
        if (!names.has(call)) names.set(call, names.size);
        steps.push({ ...step, kind: isEnd ? 'synced' : 'syncing', name: names.get(call)! });
      } else if (!isEnd) steps.push(step);
    }
  }
  return { steps, uncertain };
}

/** A line as strace has it: `write(22</a/file>, "words", 5) = 5`, every letter of a path or string by its number. */
function callIn(words: string): Call {
  const parts = words.split('"');
  const strings = parts.filter((_, index) => index % 2 === 1).map(bytesOf);
  const around = parts.filter((_, index) => index % 2 === 0).join('');
  const ends = [around.lastIndexOf(' <unfinished'), around.lastIndexOf(') = ')].filter((end) => end > 0);
  const begin = around.indexOf('(');
  return {
    name: around.slice(0, begin),
    args: around.slice(begin + 1, Math.min(...ends)).split(', '),
    strings,
    result: undefined,
  };
}

function bytesOf(letters: string): Buffer {
  return Buffer.from(letters.replaceAll('\\x', ''), 'hex');
}

function stepsOf(
  { name, args, strings, result }: Call,
  seen: (path: string | undefined) => string | undefined,
): readonly Step[] {
  const open = openIn(args[0]);
  const path = seen(open ?? strings[0]?.toString());
  switch (name) {
    case 'open':
    case 'openat': {
      const named = seen(strings[0]?.toString());
      const how = args.join();
      if (named === undefined || !/O_CREAT|O_TRUNC/.test(how)) return [];
      return [
        { kind: 'made', path: named, isFolder: false },
        ...(how.includes('O_TRUNC') ? [{ kind: 'cut', path: named, size: 0 } as const] : []),
      ];
    }
    case 'mkdir':
    case 'mkdirat': {
      const named = seen(strings[0]?.toString());
      return named === undefined ? [] : [{ kind: 'made', path: named, isFolder: true }];
    }
    case 'write':
    case 'writev':
    case 'sendmsg':
    case 'sendto':
    case 'pwrite64':
    case 'pwritev':
    case 'pwritev2': {
      const bytes = Buffer.concat(strings);
      if (open?.startsWith('socket:') === true) {
        const words = bytes.toString();
        return words.startsWith('HTTP/1.1 ') ? [{ kind: 'answered', words }] : [];
      }
      if (path === undefined) return [];
      const at = name.startsWith('p') ? Number(args.at(name === 'pwritev2' ? -2 : -1)) : undefined;
      return [{ kind: 'written', path, at, bytes: bytes.subarray(0, result) }];
    }
    case 'ftruncate':
      return path === undefined ? [] : [{ kind: 'cut', path, size: Number(args[1]) }];
    case 'fsync':
    case 'fdatasync':
      return path === undefined ? [] : [{ kind: 'syncing', path, name: 0 }];
    case 'rename':
    case 'renameat':
    case 'renameat2': {
      const [from, to] = strings.map((words) => seen(words.toString()));
      return from === undefined || to === undefined ? [] : [{ kind: 'moved', path: from, to }];
    }
    case 'unlink':
    case 'unlinkat':
    case 'rmdir': {
      const named = seen(strings[0]?.toString());
      return named === undefined ? [] : [{ kind: 'removed', path: named }];
    }
    default: {
      const touched = [...args.map(openIn), ...strings.map(String)].some((one) => seen(one) !== undefined);
      const isHarmless = name === 'mmap' && !args.join().includes('PROT_WRITE|MAP_SHARED');
      // The ring by which libuv has files read and written; it has another for what to wait for.
      const isByRing = args.join().includes('IORING_SETUP_SQPOLL');
      if (isByRing || (touched && !isHarmless))
        throw new Error(`Not known how to read ${name}(${args.join()}).`);
      return [];
    }
  }
}

/** What an open file is called; nothing where it has been removed, or where this is no open file. */
function openIn(arg: string | undefined): string | undefined {
  const [, letters, removed] = /^\d+<((?:\\x[0-9a-f]{2})*)>(\(deleted\))?$/.exec(arg ?? '') ?? [];
  return letters === undefined || removed !== undefined ? undefined : bytesOf(letters).toString();
}

/** Two processes share the -shm file by their memory; what is in it need not survive. */
function seenFrom(folder: string, path: string | undefined): string | undefined {
  if (path === undefined || path.endsWith('-shm')) return undefined;
  return path === folder || path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
}

function pathsOf(step: Step): readonly string[] {
  if (step.kind === 'answered') return [];
  return step.kind === 'moved' ? [step.path, step.to] : [step.path];
}
