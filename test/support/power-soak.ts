import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { TestContext } from 'node:test';
import { type Config, sqliteFile } from '../../demo-server/config.ts';
import type { Message } from '../../protocol/message.ts';
import { Disk, type Image, lucks } from './disk.ts';
import { compare, Device, type Load, messagesOf, oneOf, pairs, type Written } from './ledger.ts';
import { serverInOneFile } from './one-file.ts';
import { environmentOf, ServerProcess } from './process.ts';
import { pick, randomFrom } from './random.ts';
import { isComplete, readRecording, recordInto, type Step } from './recording.ts';
import { Caller, fillClinic, json, startServer, type TestServer, uploadIdIn } from './server.ts';
import { until } from './until.ts';

type Scope = Pick<TestContext, 'after'>;

export type PowerResult = {
  readonly cuts: number;
  /** Acknowledged in the recording. */
  readonly messages: number;
  readonly files: number;
  /** How often a message was looked for that was acknowledged before a cut, and found. */
  readonly found: number;
  /** What was recorded. */
  readonly steps: number;
  readonly syncs: number;
  /** How often what was written was copied to where it stays. */
  readonly checkpoints: number;
};

export type PowerPlan = {
  readonly cuts: number;
  readonly seed: number;
  /** Messages that are written before the server is killed; once for each. */
  readonly lives: readonly number[];
};

/** A file that was sent in two pieces. */
type Upload = {
  readonly id: string;
  readonly personId: string;
  readonly bytes: Buffer;
};

/**
 * Records what a server does to its disk while devices write through it, is killed and goes on; then has the power go
 * off at many places of that recording, starts a server on what the disk would hold, and compares it with what was
 * acknowledged by then. Throws where the two differ, and leaves that disk behind.
 */
export async function soakPower(t: Scope, { cuts, seed, lives }: PowerPlan): Promise<PowerResult> {
  const random = randomFrom(seed);
  const recorded = await recordClearly(t, lives);
  const { steps } = recorded;
  const places = placesIn(recorded, cuts, random);
  const disk = new Disk();
  let played = 0;
  let found = 0;
  for (const [index, place] of places.entries()) {
    for (; played < place; played++) disk.play(steps[played]!);
    const luck = lucks[index % lucks.length]!;
    const image = disk.cut(luck, random);
    found += await examine(recorded, image, place).catch(async (error: unknown) => {
      const folder = await mkdtemp(join(tmpdir(), 'grow-power-failed-'));
      lay(image, folder);
      const last = steps.slice(Math.max(0, place - 12), place).map(inWords);
      const where = `${place} of ${steps.length} (${luck}, seed ${seed})`;
      const told = [
        `The power went off after step ${where}. The disk is in ${folder}. Before that:`,
        ...last,
      ];
      throw new Error(told.join('\n  '), { cause: error });
    });
  }
  return {
    cuts,
    messages: recorded.acknowledged.size,
    files: recorded.uploads.length,
    found,
    steps: steps.length,
    syncs: steps.filter(({ kind }) => kind === 'synced').length,
    checkpoints: steps.filter((step) => step.kind === 'synced' && isDatabase(step.path)).length,
  };
}

/** Whether what this needs is on this machine. */
export function canRecord(): boolean {
  const [command = ''] = recordInto('');
  return (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, command)));
}

type Recorded = {
  readonly steps: readonly Step[];
  readonly config: Config;
  readonly devices: readonly Device[];
  readonly uploads: readonly Upload[];
  /** From where on everybody is there who writes. */
  readonly begun: number;
  /** Messages by id, and after which step each was acknowledged. */
  readonly acknowledged: ReadonlyMap<string, Written & { readonly place: number }>;
  /** What was told of each upload: how far it is, and after which step. */
  readonly received: ReadonlyMap<string, readonly { readonly offset: number; readonly place: number }[]>;
};

/** What a process did in the moment it was killed, the recorder may have missed. It happens seldom; such a recording is of no use. */
class UnclearRecording extends Error {
  override readonly name = 'UnclearRecording';
}

async function recordClearly(t: Scope, lives: readonly number[], tries = 3): Promise<Recorded> {
  return record(t, lives).catch((error: unknown) => {
    if (!(error instanceof UnclearRecording) || tries === 1) throw error;
    console.error(`${error.message}. What is recorded is thrown away, and recorded anew.`);
    return recordClearly(t, lives, tries - 1);
  });
}

async function record(t: Scope, lives: readonly number[]): Promise<Recorded> {
  const folder = await mkdtemp(join(realpathSync(tmpdir()), 'grow-power-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const world = join(folder, 'world');
  mkdirSync(world);
  // It makes the tokens; what is recorded is another.
  const scribe = await startServer(t, undefined);
  const config = { ...scribe.config, dataDir: join(world, 'data') };
  const sign = (personId: string) => scribe.sign({ sub: personId });
  const program = await serverInOneFile();
  const steps: Step[] = [];
  const disk = new Disk();

  const live = async (act: (url: string, child: ServerProcess) => Promise<void>) => {
    const file = join(folder, 'recording');
    const how = { file: program.path, under: recordInto(file) };
    // What asks the kernel by itself would not be heard.
    const child = new ServerProcess(t, how, {
      ...environmentOf(config),
      ...program.env,
      UV_USE_IO_URING: '0',
    });
    await act(await child.listening(), child);
    await child.ended;
    await until(() => isComplete(file), 'the recording is complete');
    const recording = await readRecording(file, world);
    for (const step of recording.steps) disk.play(step);
    const more = whatIsMissing(disk.live, imageOf(world), recording.uncertain);
    for (const step of more) disk.play(step);
    // Not push(...): there are more than a call takes.
    for (const step of [...recording.steps, ...more]) steps.push(step);
    rmSync(file);
  };

  const uploads: Upload[] = [];
  const devices: Device[] = [];
  await live(async (url, child) => {
    await fillClinic({ portal: new Caller(url, () => Promise.resolve(config.serviceKey)) });
    for (const pair of pairs) {
      const [clientId, providerId] = pair;
      const threadId = await new Caller(url, () => sign(clientId)).open(providerId);
      for (const personId of pair) {
        const load = (caller: Caller) => loadOf(caller, personId, uploads);
        devices.push(new Device(`device-${devices.length}`, personId, threadId, () => sign(personId), load));
      }
    }
    child.kill('SIGTERM');
  });
  const begun = steps.length;

  for (const count of lives) {
    await live(async (url, child) => {
      // What the one before it committed and did not live to sync is acknowledged by the next.
      for (const device of devices) await device.repeat(url);
      let left = count;
      const next = () => void (--left === 0 && setTimeout(() => child.kill('SIGKILL'), oneOf(20)));
      await Promise.all(devices.map((device) => device.writeUntilCut(url, next)));
    });
  }
  await scribe.stop();

  const { acknowledged, received } = answersIn(steps, devices, uploads);
  for (const { id } of devices.flatMap((device) => device.acknowledged)) {
    assert.ok(acknowledged.has(id), 'what the devices heard is in the recording');
  }
  return { steps, config, devices, uploads, begun, acknowledged, received };
}

/** Long and short, some with a file. */
async function loadOf(caller: Caller, personId: string, uploads: Upload[]): Promise<Load> {
  const words = 'I have been thinking about what you said. '.repeat(oneOf(oneOf(40)));
  if (oneOf(12) > 1) return { words, attachments: [] };
  // No two of a size: by that, an answer tells which one it is about.
  const size = (oneOf(15) === 1 ? 1_200_000 : 20_000) + 100 * uploads.length;
  const bytes = Buffer.from(randomBytes(size).toString('base64').slice(0, size));
  const half = Math.floor(size / 2);
  // What it is called is known when it was begun; what has no name is of no further interest.
  const place = uploads.push({ id: '', personId, bytes }) - 1;
  const id = uploadIdIn(await caller.beginUpload({ name: 'hours.csv', size }, bytes.subarray(0, half)));
  uploads[place] = { id, personId, bytes };
  const ended = await caller.append(id, half, bytes.subarray(half));
  assert.equal(ended.status, 204, await ended.text());
  return { words, attachments: [id] };
}

/** What a killed process did that it did not live to hear of. */
function whatIsMissing(live: Image, actual: Image, uncertain: ReadonlySet<string>): readonly Step[] {
  const steps: Step[] = [];
  for (const path of new Set([...live.keys(), ...actual.keys()])) {
    const [ours, theirs] = [live.get(path), actual.get(path)];
    const isSame = Buffer.isBuffer(ours) && Buffer.isBuffer(theirs) ? ours.equals(theirs) : ours === theirs;
    if (isSame) continue;
    if (!uncertain.has(path)) {
      const [recorded, found] = [ours, theirs].map((one) =>
        Buffer.isBuffer(one) ? `${one.length} bytes` : one,
      );
      const words = `${path} is ${found ?? 'not there'}, and ${recorded ?? 'not there'} in the recording`;
      throw new UnclearRecording(words);
    }
    if (theirs === undefined) steps.push({ kind: 'removed', path });
    else steps.push({ kind: 'made', path, isFolder: theirs === 'folder' });
    if (!Buffer.isBuffer(theirs)) continue;
    steps.push({ kind: 'written', path, at: 0, bytes: theirs }, { kind: 'cut', path, size: theirs.length });
  }
  return steps;
}

function imageOf(folder: string): Image {
  const image = new Map<string, Buffer | 'folder'>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (path.endsWith('-shm')) continue;
    image.set(path.slice(folder.length + 1), entry.isDirectory() ? 'folder' : readFileSync(path));
  }
  return image;
}

function lay(image: Image, folder: string): void {
  for (const [path, bytes] of image) {
    if (bytes === 'folder') mkdirSync(join(folder, path));
    else writeFileSync(join(folder, path), bytes);
  }
}

/** After which step each thing was answered. */
function answersIn(
  steps: readonly Step[],
  devices: readonly Device[],
  uploads: readonly Upload[],
): Pick<Recorded, 'acknowledged' | 'received'> {
  const drafts = new Map(
    devices.flatMap((device) => device.drafts.map((draft) => [draft.id, { device, draft }])),
  );
  const bySize = new Map(uploads.map((upload) => [upload.bytes.length, upload]));
  const acknowledged = new Map<string, Written & { readonly place: number }>();
  const received = new Map<string, { readonly offset: number; readonly place: number }[]>();
  for (const [index, step] of steps.entries()) {
    if (step.kind !== 'answered' || !/^HTTP\/1\.1 20/.test(step.words)) continue;
    const place = index + 1;
    const [head = '', body = ''] = step.words.split('\r\n\r\n');
    const offset = Number(/^upload-offset: (\d+)\r?$/im.exec(head)?.[1]);
    const [, begun] = /^location: \/v1\/uploads\/(\S+)\r?$/im.exec(head) ?? [];
    const upload = begun ?? bySize.get(offset)?.id;
    if (upload !== undefined && !Number.isNaN(offset)) {
      received.set(upload, [...(received.get(upload) ?? []), { offset, place }]);
    }
    if (!body.startsWith('{')) continue;
    const { id, seq } = JSON.parse(body) as { id?: string; seq?: number };
    const { device, draft } = drafts.get(id ?? '') ?? {};
    // A repeat is acknowledged a second time.
    if (device === undefined || draft === undefined || seq === undefined || acknowledged.has(draft.id))
      continue;
    acknowledged.set(draft.id, { id: draft.id, text: draft.text, threadId: device.threadId, seq, place });
  }
  return { acknowledged, received };
}

/** Where the power goes off: anywhere, but often where it matters. */
function placesIn({ steps, begun }: Recorded, cuts: number, random: () => number): readonly number[] {
  const after = (fits: (step: Step) => boolean) =>
    steps.flatMap((step, index) => (index >= begun && fits(step) ? [index + 1] : []));
  const isOf = (step: Step, fits: (path: string) => boolean) => step.kind !== 'answered' && fits(step.path);
  const kinds = [
    after(() => true),
    after(({ kind }) => kind === 'answered'),
    // While what was written is copied to where it stays.
    after((step) => isOf(step, isDatabase)),
    after((step) => isOf(step, (path) => path.startsWith('data/files/'))),
  ];
  const first = steps.slice(0, begun).map((_, index) => index + 1);
  const draw = () => pick(random, random() < 0.05 ? first : pick(random, kinds));
  return Array.from({ length: cuts }, draw).toSorted((one, other) => one - other);
}

/** What lies there only to be looked at need not come to any disk. */
const quick = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** The file itself, not what is written beside it first. */
function isDatabase(path: string): boolean {
  return path.endsWith('.sqlite');
}

/** Starts a server on a disk as the power left it. */
async function examine(recorded: Recorded, image: Image, place: number): Promise<number> {
  const folder = await mkdtemp(join(quick, 'grow-power-cut-'));
  const endings: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    lay(image, folder);
    const config = { ...recorded.config, dataDir: join(folder, 'data') };
    const file = sqliteFile(config);
    // What two processes shared of the database may have come to the disk, or any part of it.
    if (existsSync(file) && place % 2 === 0) writeFileSync(`${file}-shm`, randomBytes(32_768));
    const scope = { after: (end: () => unknown) => void endings.push(end) };
    const server = await startServer(scope, undefined, { config });
    const found = place < recorded.begun ? await begins(server) : await holds(recorded, server, place);
    assert.equal((await server.storage.checkAudit()).sound, true);
    const database = new DatabaseSync(file, { readOnly: true });
    endings.push(() => database.close());
    const findings = database.prepare('pragma integrity_check').all();
    assert.deepEqual(
      findings.map((row) => ({ ...row })),
      [{ integrity_check: 'ok' }],
    );
    assert.deepEqual(database.prepare('pragma foreign_key_check').all(), []);
    return found;
  } finally {
    for (const end of endings.reverse()) await end();
  }
}

/** Nobody has written yet: whoever sets the clinic up does so again. */
async function begins(server: TestServer): Promise<number> {
  await fillClinic(server);
  for (const [clientId, providerId] of pairs) {
    const threadId = await server.as(clientId).open(providerId);
    await json(await server.as(clientId).send(threadId));
  }
  return 0;
}

async function holds(recorded: Recorded, server: TestServer, place: number): Promise<number> {
  const { devices, uploads, acknowledged, received } = recorded;
  const drafts = new Map(devices.flatMap((device) => device.drafts.map((draft) => [draft.id, draft])));
  const before = [...acknowledged.values()].filter((written) => written.place <= place);
  const ledger = new Map<string, Written>(before.map((written) => [written.id, written]));
  const told: Message[] = [];
  for (const [clientId, providerId] of pairs) {
    const { threadId } = devices.find(({ personId }) => personId === clientId)!;
    told.push(...(await messagesOf(server.as(providerId), threadId)));
  }
  const missing = before.filter(({ id }) => !told.some((message) => message.id === id));
  assert.equal(missing.length, 0, `${missing.length} of ${before.length} acknowledged messages are missing`);
  const carried = new Set<string>();
  for (const { id, threadId, seq, senderId, attachments } of told) {
    const draft = drafts.get(id);
    assert.ok(draft, 'every message is one that was sent');
    // The power took its answer: it is there all the same, or not at all.
    if (!ledger.has(id)) ledger.set(id, { id, threadId, seq, text: draft.text });
    assert.deepEqual(
      attachments.map((attachment) => attachment.id),
      draft.attachments,
    );
    for (const upload of draft.attachments) {
      carried.add(upload);
      await isWhole(
        server.as(senderId),
        uploads.find((one) => one.id === upload)!,
      );
    }
  }
  await compare(server, devices, [...ledger.values()]);

  for (const upload of uploads) {
    const offset = Math.max(
      -1,
      ...(received.get(upload.id) ?? []).filter((one) => one.place <= place).map((one) => one.offset),
    );
    if (offset < 0 || carried.has(upload.id)) continue;
    const owner = server.as(upload.personId);
    const kept = await owner.offsetOf(upload.id);
    assert.ok(kept >= offset, `of an upload, ${offset} bytes were acknowledged and ${kept} are there`);
    if (kept < upload.bytes.length) {
      const rest = await owner.append(upload.id, kept, upload.bytes.subarray(kept));
      assert.equal(rest.status, 204, await rest.text());
    }
    await isWhole(owner, upload);
  }
  return before.length;
}

async function isWhole(caller: Caller, { id, bytes }: Upload): Promise<void> {
  const response = await caller.get(`/v1/attachments/${id}`);
  assert.equal(response.status, 200, 'a file is there');
  assert.ok(Buffer.from(await response.arrayBuffer()).equals(bytes), 'a file is whole');
}

function inWords(step: Step): string {
  switch (step.kind) {
    case 'answered':
      return `answered ${step.words.slice(9, 12)}`;
    case 'written':
      return `${step.path} written, ${step.bytes.length} bytes at ${step.at ?? 'its end'}`;
    case 'moved':
      return `${step.path} moved to ${step.to}`;
    case 'cut':
      return `${step.path} cut to ${step.size} bytes`;
    default:
      return `${step.path} ${step.kind}`;
  }
}
