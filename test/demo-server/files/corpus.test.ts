import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { inspect } from '../../../demo-server/files/inspect.ts';
import { Inspector } from '../../../demo-server/files/inspector.ts';
import { limits } from '../../../protocol/limits.ts';
import type { Attachment, Message } from '../../../protocol/message.ts';
import { type Problem, type ProblemCode, problemStatus } from '../../../protocol/problem.ts';
import { hostileSamples } from '../../support/files/hostile.ts';
import { jpegPixels, pngPixels } from '../../support/files/picture.ts';
import type { HostileSample, SoundSample } from '../../support/files/sample.ts';
import { soundSamples } from '../../support/files/sound.ts';
import { type Caller, fillClinic, json, startServer } from '../../support/server.ts';

describe('what people send', () => {
  for (const { what, name, bytes, mediaType, pixels } of soundSamples) {
    it(`is taken: ${what}`, () => {
      const verdict = inspect(name, bytes);
      assert.equal(verdict.kind, 'sound', 'reason' in verdict ? verdict.reason : '');
      if (verdict.kind !== 'sound') return;
      assert.equal(verdict.mediaType, mediaType);
      assert.equal(verdict.name, name);
      if (pixels) assert.ok(Buffer.from(verdict.bytes).includes(pixels), 'the pixels are others');
      else assert.ok(bytes.equals(verdict.bytes), 'the bytes are others');
    });
  }
});

describe('what nobody should have to open', () => {
  for (const { what, name, bytes, must } of hostileSamples) {
    if (typeof must === 'string') {
      it(`is turned away: ${what}`, () => {
        const verdict = inspect(name, bytes);
        assert.equal(
          verdict.kind === 'refused' ? verdict.code : verdict.kind,
          must,
          'reason' in verdict ? verdict.reason : '',
        );
        // Sentences for people, which repeat nothing of the file.
        if (verdict.kind === 'refused') assert.match(verdict.reason, /^[A-Z][^<>{}\0]{10,200}\.$/);
      });
    } else {
      it(`comes back without what it tells: ${what}`, () => {
        const verdict = inspect(name, bytes);
        assert.equal(verdict.kind, 'sound', 'reason' in verdict ? verdict.reason : '');
        if (verdict.kind !== 'sound') return;
        for (const words of must.lose)
          assert.ok(!Buffer.from(verdict.bytes).includes(words), `it still says ${String(words)}`);
      });
    }
  }

  it('is at least a hundred files, beside at least forty that are fine', () => {
    assert.ok(hostileSamples.length >= 100 && soundSamples.length >= 40);
    const told = [...hostileSamples, ...soundSamples].map(({ what }) => what);
    assert.equal(new Set(told).size, told.length);
  });
});

describe('all of them, sent over HTTP', () => {
  it('are what the inspector leaves of them, or refused in words, and nothing else is kept', async (t) => {
    const server = await startServer(t, undefined, { inspector: new Inspector() });
    await fillClinic(server);
    const [ana, lee] = [server.as('ana'), server.as('dr-lee')];
    const threadId = await ana.open('dr-lee');

    const refused = hostileSamples.filter(({ must }) => typeof must === 'string');
    const isRefused = async ({ what, name, bytes, must }: HostileSample) => {
      const tooMuch = bytes.length > limits.maxAttachmentBytes;
      const response = await ana.beginUpload({ name, size: bytes.length }, tooMuch ? undefined : bytes);
      const problem = (await response.json()) as Problem;
      assert.deepEqual([response.status, problem.code], [problemStatus[must as ProblemCode], must], what);
      // Sentences for people, which repeat nothing of the file.
      assert.match(problem.detail ?? '', /^[A-Z][^<>{}\0]{10,200}\.$/, what);
    };
    // As many as a person may have under way.
    await inGroups(40, refused, (samples) => Promise.all(samples.map(isRefused)));
    assert.deepEqual(await server.blobs(), []);

    const taken: readonly Taken[] = [
      ...soundSamples.map((sample) => ({ ...sample, lose: [] })),
      ...hostileSamples.flatMap((sample) =>
        typeof sample.must === 'string' ? [] : [{ ...sample, lose: sample.must.lose }],
      ),
    ];
    const sent: string[] = [];
    // As many as a message takes.
    await inGroups(10, taken, async (samples) => {
      const ids = await Promise.all(samples.map(({ name, bytes }) => ana.upload(bytes, name)));
      const { attachments } = await json<Message>(await ana.sendFiles(threadId, ids));
      await Promise.all(attachments.map((attachment, index) => comesBack(lee, attachment, samples[index]!)));
      sent.push(...ids);
    });
    assert.equal(sent.length + refused.length, hostileSamples.length + soundSamples.length);
    assert.deepEqual((await server.blobs()).toSorted(), sent.map((id) => `files/${id}`).toSorted());

    await server.stop();
    for (const file of await filesIn(server.config.dataDir)) {
      const bytes = await readFile(file);
      for (const clear of ['Planted', '%PDF-1', 'word/document', 'JFIF', 'homework'])
        assert.ok(!bytes.includes(clear), `${file} says ${clear}`);
    }
  });
});

type Taken = Pick<SoundSample, 'what' | 'name' | 'bytes'> &
  Partial<Pick<SoundSample, 'mediaType' | 'pixels'>> & { readonly lose: readonly string[] };

/** To the other one, under its name: byte for byte, or a photo with its pixels and nothing about anybody. */
async function comesBack(reader: Caller, { id, ...told }: Attachment, sample: Taken): Promise<void> {
  const { what, name, bytes, mediaType = told.mediaType, lose } = sample;
  const response = await reader.get(`/v1/attachments/${id}`);
  const got = Buffer.from(await response.arrayBuffer());
  assert.deepEqual(told, { name, mediaType, size: got.length }, what);
  assert.equal(response.headers.get('content-type'), mediaType, what);
  assert.equal(nameIn(response), name, what);
  if (lose.length === 0 && sample.pixels === undefined) assert.ok(got.equals(bytes), `${what}: other bytes`);
  if (lose.length === 0 && !mediaType.startsWith('image/')) return;
  const pixels = sample.pixels ?? pixelsOf(mediaType);
  assert.ok(got.includes(pixels), `${what}: other pixels`);
  for (const words of [...lose, ...positions]) assert.ok(!got.includes(words), `${what}: still tells`);
}

/** How EXIF begins to say where a photo was taken, in both orders of bytes. */
const positions = [Buffer.of(0x88, 0x25, 0, 4), Buffer.of(0x25, 0x88, 4, 0)];

/** Of a picture that says nothing else. */
const pixelsOf = (mediaType: string) => (mediaType === 'image/png' ? pngPixels(6, 5, 8, 2) : jpegPixels());

/** What a browser saves it as. */
function nameIn(response: Response): string {
  const [, encoded = ''] =
    /^attachment; filename="[ -~]*"; filename\*=UTF-8''([\w!#$&+.^`|~%-]+)$/.exec(
      response.headers.get('content-disposition') ?? '',
    ) ?? [];
  return decodeURIComponent(encoded);
}

/** So many at a time. */
async function inGroups<Item>(
  size: number,
  items: readonly Item[],
  act: (group: readonly Item[]) => Promise<unknown>,
): Promise<void> {
  for (let at = 0; at < items.length; at += size) await act(items.slice(at, at + size));
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
