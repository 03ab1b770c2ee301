import type { Step } from './recording.ts';
import { pick } from './random.ts';

/** What lies on a disk: the bytes of files, and folders. */
export type Image = ReadonlyMap<string, Buffer | 'folder'>;

/**
 * What became of what was not synced when the power went off: it never came to the disk; it did; each file and name is
 * as it was at some moment since; or each sector of each file is.
 */
export const lucks = ['nothing', 'everything', 'moments', 'sectors'] as const;
export type Luck = (typeof lucks)[number];

const sectorSize = 512;

type Edit = { readonly at: number; readonly bytes: Buffer } | { readonly size: number };

type Naming = { readonly name: string; readonly node: Node | undefined };
type Node = File | Folder;

/** What is on the disk for sure, and what was done since. */
class File {
  readonly sure = new Bytes();
  readonly live = new Bytes();
  readonly since: Edit[] = [];

  edit(one: Edit): void {
    this.since.push(one);
    this.live.edit(one);
  }

  settle(count: number): void {
    for (const one of this.since.splice(0, count)) this.sure.edit(one);
  }
}

/** Of names as of bytes: they are on the disk for sure once the folder was synced. */
class Folder {
  readonly sure = new Map<string, Node>();
  readonly live = new Map<string, Node>();
  readonly since: Naming[] = [];

  name(naming: Naming): void {
    this.since.push(naming);
    rename(this.live, naming);
  }

  settle(count: number): void {
    for (const one of this.since.splice(0, count)) rename(this.sure, one);
  }
}

/** A disk that promises no more than it must: what was synced is there, and whatever else was done may be or not. */
export class Disk {
  readonly #root = new Folder();
  readonly #syncs = new Map<number, { readonly node: Node; readonly last: Edit | Naming | undefined }>();

  play(step: Step): void {
    switch (step.kind) {
      case 'made':
        if (this.#find(step.path) === undefined)
          this.#name(step.path, step.isFolder ? new Folder() : new File());
        return;
      case 'written':
      case 'cut': {
        const file = this.#find(step.path);
        if (!(file instanceof File)) throw new Error(`No file is called ${step.path}.`);
        file.edit(
          step.kind === 'cut' ? { size: step.size } : { at: step.at ?? file.live.size, bytes: step.bytes },
        );
        return;
      }
      case 'moved':
        this.#name(step.to, this.#find(step.path));
        this.#name(step.path, undefined);
        return;
      case 'removed':
        this.#name(step.path, undefined);
        return;
      case 'syncing': {
        const node = this.#find(step.path);
        if (node !== undefined) this.#syncs.set(step.name, { node, last: node.since.at(-1) });
        return;
      }
      case 'synced': {
        const { node, last } = this.#syncs.get(step.name) ?? {};
        this.#syncs.delete(step.name);
        const since: readonly unknown[] = node?.since ?? [];
        // Another sync may have come to its end meanwhile.
        node?.settle(since.indexOf(last) + 1);
        return;
      }
      case 'answered':
    }
  }

  /** What a process sees that looks now. */
  get live(): Image {
    const image = new Map<string, Buffer | 'folder'>();
    walk(this.#root, '', image, { names: ({ live }) => live, bytes: ({ live }) => live.copy() });
    return image;
  }

  /** What lies there if the power goes off now. */
  cut(luck: Luck, random: () => number): Image {
    // How many of so many things that were done came to the disk, at least the first ones.
    const some = (count: number) =>
      luck === 'nothing' ? 0 : luck === 'everything' ? count : Math.floor(random() * (count + 1));
    const image = new Map<string, Buffer | 'folder'>();
    const share = pick(random, [0.05, 0.5, 0.95]);
    walk(this.#root, '', image, {
      names: (folder) => namesAfter(folder, some),
      bytes: (file) => {
        if (luck === 'sectors') return torn(file, random, share);
        const bytes = file.sure.clone();
        for (const one of file.since.slice(0, some(file.since.length))) bytes.edit(one);
        return bytes.copy();
      },
    });
    return image;
  }

  #find(path: string): Node | undefined {
    let node: Node | undefined = this.#root;
    if (path === '') return node;
    for (const name of path.split('/')) node = node instanceof Folder ? node.live.get(name) : undefined;
    return node;
  }

  #name(path: string, node: Node | undefined): void {
    const names = path.split('/');
    const folder = names.length === 1 ? this.#root : this.#find(names.slice(0, -1).join('/'));
    if (!(folder instanceof Folder)) throw new Error(`There is no folder for ${path}.`);
    folder.name({ name: names.at(-1)!, node });
  }
}

/** Bytes that grow. */
class Bytes {
  #buffer: Buffer = Buffer.alloc(0);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Within some bounds, or all of it. */
  edit(one: Edit, from = 0, to = Infinity): void {
    if ('size' in one) {
      this.#buffer.fill(0, Math.max(from, one.size), Math.min(to, this.#buffer.length));
      this.#resize(one.size);
      return;
    }
    const begin = Math.max(from, one.at);
    const end = Math.min(to, one.at + one.bytes.length);
    if (end <= begin) return;
    if (end > this.#size) this.#resize(end);
    one.bytes.copy(this.#buffer, begin, begin - one.at, end - one.at);
  }

  #resize(size: number): void {
    if (size > this.#buffer.length) {
      const larger = Buffer.alloc(Math.max(size, 2 * this.#buffer.length));
      this.#buffer.copy(larger);
      this.#buffer = larger;
    }
    this.#size = size;
  }

  copy(size = this.#size): Buffer {
    const copy = Buffer.alloc(size);
    this.#buffer.copy(copy, 0, 0, this.#size);
    return copy;
  }

  clone(): Bytes {
    const clone = new Bytes();
    clone.edit({ at: 0, bytes: this.copy() });
    return clone;
  }
}

function rename(names: Map<string, Node>, { name, node }: Naming): void {
  if (node === undefined) names.delete(name);
  else names.set(name, node);
}

/** Each name as it was at some moment. */
function namesAfter({ sure, since }: Folder, some: (count: number) => number): ReadonlyMap<string, Node> {
  const names = new Map(sure);
  for (const ofOne of Map.groupBy(since, ({ name }) => name).values()) {
    const last = ofOne[some(ofOne.length) - 1];
    if (last !== undefined) rename(names, last);
  }
  return names;
}

/** Each sector as it was at some moment, and the file as long as it was at some other, or long enough for some of that. */
function torn({ sure, since }: File, random: () => number, share: number): Buffer {
  const bytes = sure.clone();
  const sizes = [sure.size];
  const touching = new Map<number, Edit[]>();
  for (const one of since) {
    const size = sizes.at(-1)!;
    sizes.push('size' in one ? one.size : Math.max(size, one.at + one.bytes.length));
    const [from, to] = 'size' in one ? [one.size, size] : [one.at, one.at + one.bytes.length];
    for (let sector = Math.floor(from / sectorSize); sector * sectorSize < to; sector++) {
      touching.set(sector, [...(touching.get(sector) ?? []), one]);
    }
  }
  for (const [sector, edits] of touching) {
    const count = random() < share ? edits.length : Math.floor(random() * edits.length);
    const from = sector * sectorSize;
    for (const one of edits.slice(0, count)) {
      // Only its bytes: how long the file is, is drawn below.
      bytes.edit(
        'size' in one ? { at: one.size, bytes: Buffer.alloc(from + sectorSize) } : one,
        from,
        from + sectorSize,
      );
    }
  }
  const size = pick(random, sizes);
  const grown = Math.ceil((size - sure.size) / sectorSize);
  if (grown <= 0 || random() < 0.5) return bytes.copy(size);
  const reached = Math.floor(sure.size / sectorSize) + Math.floor(random() * (grown + 1));
  return bytes.copy(Math.max(sure.size, Math.min(size, reached * sectorSize)));
}

function walk(
  folder: Folder,
  path: string,
  image: Map<string, Buffer | 'folder'>,
  see: {
    readonly names: (folder: Folder) => ReadonlyMap<string, Node>;
    readonly bytes: (file: File) => Buffer;
  },
): void {
  for (const [name, node] of see.names(folder)) {
    if (node instanceof File) image.set(`${path}${name}`, see.bytes(node));
    else {
      image.set(`${path}${name}`, 'folder');
      walk(node, `${path}${name}/`, image, see);
    }
  }
}
