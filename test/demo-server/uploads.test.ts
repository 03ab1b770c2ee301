import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { it } from 'node:test';
import type { Message } from '../../protocol/message.ts';
import type { Thread } from '../../protocol/thread.ts';
import { anId } from '../support/builders.ts';
import { aPdf, aPhoto } from '../support/inspect.ts';
import {
  type Caller,
  fillClinic,
  json,
  metadataOf,
  onEachEngine,
  origin,
  refusal,
  type Start,
  uploadIdIn,
} from '../support/server.ts';
import { untilAsked } from '../support/until.ts';

const max = 26_214_400;

onEachEngine('an upload', (startServer) => {
  it('goes in pieces, tells how far it has come, and comes back byte for byte', async (t) => {
    const { ana, lee, threadId } = await aThread(startServer, t);
    const bytes = aPdf(2_500_000);
    const begun = await ana.beginUpload({ name: 'Überweisung 🧾.pdf', size: bytes.length });
    assert.equal(begun.headers.get('tus-resumable'), '1.0.0');
    assert.ok(Date.parse(begun.headers.get('upload-expires') ?? '') > Date.now());
    const id = uploadIdIn(begun);
    assert.equal(await ana.offsetOf(id), 0);
    for (const [start, end] of [
      [0, 1],
      [1, 1_300_000],
      [1_300_000, bytes.length],
    ] as const) {
      const appended = await ana.append(id, start, bytes.subarray(start, end));
      assert.deepEqual([appended.status, appended.headers.get('upload-offset')], [204, String(end)]);
      assert.equal(await ana.offsetOf(id), end);
    }
    const message = await json<Message>(await ana.sendFiles(threadId, [id]));
    const attachment = { id, name: 'Überweisung 🧾.pdf', mediaType: 'application/pdf', size: bytes.length };
    assert.deepEqual(message.attachments, [attachment]);
    assert.equal(message.text, '');
    assert.deepEqual((await lee.messages(threadId))[0]?.attachments, [attachment]);
    assert.deepEqual((await lee.thread(threadId)).lastMessage?.attachments, [attachment]);
    const { threads } = await json<{ threads: readonly Thread[] }>(await lee.get('/v1/threads'));
    assert.deepEqual(threads[0]?.lastMessage?.attachments, [attachment]);
    for (const reader of [ana, lee]) assert.ok((await fileOf(reader, id)).equals(bytes));
  });

  it('can come with its creation', async (t) => {
    const { ana } = await aThread(startServer, t);
    const bytes = aPdf(1_200_000);
    const half = await ana.beginUpload({ size: bytes.length }, bytes.subarray(0, 700_000));
    assert.equal(half.headers.get('upload-offset'), '700000');
    const id = uploadIdIn(half);
    assert.equal((await ana.append(id, 700_000, bytes.subarray(700_000))).status, 204);
    assert.ok((await fileOf(ana, id)).equals(bytes));
  });

  it('tells what it can do, and keeps to the headers of tus 1.0', async (t) => {
    const { server, ana } = await aThread(startServer, t);
    const can = await server.nobody().ask('OPTIONS', '/v1/uploads', undefined, { Origin: origin });
    assert.equal(can.status, 204);
    assert.equal(can.headers.get('tus-version'), '1.0.0');
    assert.equal(can.headers.get('tus-extension'), 'creation,creation-with-upload,termination,expiration');
    assert.equal(can.headers.get('tus-max-size'), String(max));
    const old = await ana.tus('POST', '/v1/uploads', { 'Tus-Resumable': '0.2.2', 'Upload-Length': '9' });
    assert.equal(old.headers.get('tus-version'), '1.0.0');
    assert.equal(await refusal(old), '412 invalid');
    const from = await ana.tus('POST', '/v1/uploads', { Origin: origin, ...announcing('a.pdf', 9) });
    assert.equal(from.headers.get('access-control-allow-origin'), origin);
    assert.match(from.headers.get('access-control-expose-headers') ?? '', /Location.*Retry-After/);
    assert.equal(from.headers.get('cache-control'), 'no-store');
    const id = uploadIdIn(from);
    const patch = (headers: Record<string, string>) => ana.tus('PATCH', `/v1/uploads/${id}`, headers);
    assert.equal(await refusal(await ana.append(id, 3, aPdf(6))), '409 invalid');
    assert.equal(await refusal(await ana.append(id, 0, aPdf(10))), '413 too-large');
    const octets = { 'Content-Type': 'application/offset+octet-stream' };
    for (const headers of [octets, { ...octets, 'Upload-Offset': '-1' }, { 'Upload-Offset': '0' }]) {
      assert.equal(await refusal(await patch(headers)), '400 invalid');
    }
    for (const headers of [
      {},
      { 'Upload-Length': 'x' },
      { 'Upload-Defer-Length': '1' },
      { 'Upload-Length': '9', 'Upload-Concat': 'partial' },
      { 'Upload-Length': '9', 'Upload-Metadata': 'filename !' },
    ]) {
      assert.equal(await refusal(await ana.tus('POST', '/v1/uploads', headers)), '400 invalid');
    }
    assert.equal(await refusal(await ana.get(`/v1/uploads/${id}`)), '405 method-not-allowed');
    assert.equal(await ana.offsetOf(id), 0);
  });

  it('is refused beforehand for what its size and name say, in words', async (t) => {
    const { ana } = await aThread(startServer, t);
    for (const [name, size, answer, words] of [
      ['a.pdf', 0, '400 invalid', /empty/],
      ['a.pdf', max + 1, '413 too-large', /25 MB/],
      ['a.exe', 9, '415 unsupported-file', /Only PDF/],
      ['a', 9, '415 unsupported-file', /Only PDF/],
      ['a.pdf.html', 9, '415 unsupported-file', /Only PDF/],
      ['', 9, '400 invalid', /no name/],
      [`${'x'.repeat(1_100)}.pdf`, 9, '400 invalid', /too long/],
    ] as const) {
      const response = await ana.beginUpload({ name, size });
      const { detail } = (await response.clone().json()) as { detail?: string };
      assert.equal(await refusal(response), answer, name);
      assert.match(detail ?? '', words);
    }
    assert.equal((await ana.beginUpload({ name: 'A.PDF', size: max })).status, 201);
  });

  it('is refused with its last part for what it is, and again for whoever did not hear', async (t) => {
    const { server, ana, threadId } = await aThread(startServer, t);
    const begun = await ana.beginUpload({ size: 3_000 });
    const id = uploadIdIn(begun);
    const program = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(2_998)]);
    assert.equal((await ana.append(id, 0, program.subarray(0, 1_000))).status, 204);
    const last = await ana.append(id, 1_000, program.subarray(1_000));
    assert.equal(((await last.clone().json()) as { detail: string }).detail, 'This file is a program.');
    assert.equal(await refusal(last), '422 unsafe-file');
    assert.equal((await ana.tus('HEAD', `/v1/uploads/${id}`)).status, 422);
    assert.equal(await refusal(await ana.append(id, 3_000, Buffer.alloc(0))), '422 unsafe-file');
    assert.equal(await refusal(await ana.get(`/v1/attachments/${id}`)), '422 unsafe-file');
    assert.equal(await refusal(await ana.sendFiles(threadId, [id])), '422 unsafe-file');
    assert.deepEqual(await ana.messages(threadId), []);
    assert.deepEqual(await server.blobs(), []);
    const lie = await ana.beginUpload({ size: 9 }, Buffer.from('not a pdf'));
    assert.equal(await refusal(lie), '415 unsupported-file');
  });

  it('is stored as the inspector leaves it', async (t) => {
    const { ana, threadId } = await aThread(startServer, t);
    const { sent, kept } = aPhoto(1_500_000);
    const id = await ana.upload(sent, 'C:\\photos\\me.jpg');
    const [attachment] = (await json<Message>(await ana.sendFiles(threadId, [id]))).attachments;
    assert.equal(attachment?.size, kept.length);
    assert.ok((await fileOf(ana, id)).equals(kept));
  });

  it('is held against the hash its sender gave', async (t) => {
    const { ana } = await aThread(startServer, t);
    const bytes = aPdf();
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    assert.equal((await ana.beginUpload({ size: bytes.length, sha256 }, bytes)).status, 201);
    const other = await ana.beginUpload({ size: bytes.length, sha256 }, aPdf());
    assert.match(await other.clone().text(), /changed on its way/);
    assert.equal(await refusal(other), '400 invalid');
    assert.equal(await refusal(await ana.beginUpload({ size: 9, sha256: 'x' })), '400 invalid');
  });

  it('can be taken back until it is sent', async (t) => {
    const { server, ana, threadId } = await aThread(startServer, t);
    const [half, whole, sent] = [
      uploadIdIn(await ana.beginUpload({ size: 20 }, aPdf(10))),
      await ana.upload(aPdf()),
      await ana.upload(aPdf()),
    ];
    await json(await ana.sendFiles(threadId, [sent]));
    for (const id of [half, whole]) {
      assert.equal((await ana.tus('DELETE', `/v1/uploads/${id}`)).status, 204);
      assert.equal(await refusal(await ana.tus('DELETE', `/v1/uploads/${id}`)), '404 not-found');
      assert.equal(await refusal(await ana.get(`/v1/attachments/${id}`)), '404 not-found');
      assert.equal(await refusal(await ana.append(id, 10, aPdf(10))), '404 not-found');
      assert.equal(await refusal(await ana.sendFiles(threadId, [id])), '404 not-found');
    }
    assert.equal(await refusal(await ana.tus('DELETE', `/v1/uploads/${sent}`)), '404 not-found');
    assert.deepEqual(await server.blobs(), [`files/${sent}`]);
  });

  it('is swept after a day when nobody finishes or sends it', async (t) => {
    const { server, ana, threadId } = await aThread(startServer, t);
    const half = uploadIdIn(await ana.beginUpload({ size: 20 }, aPdf(10)));
    const whole = await ana.upload(aPdf());
    const sent = await ana.upload(aPdf());
    await json(await ana.sendFiles(threadId, [sent]));
    server.clock.putForward(24 * 3_600_000 + 1_000);
    for (const id of [half, whole]) {
      assert.equal((await ana.tus('HEAD', `/v1/uploads/${id}`)).status, 404);
      assert.equal(await refusal(await ana.sendFiles(threadId, [id])), '404 not-found');
    }
    await server.stop();
    const after = await startServer(t, { beside: server, clock: server.clock });
    await untilAsked(async () => (await after.blobs()).length === 1);
    assert.deepEqual(await after.blobs(), [`files/${sent}`]);
    assert.ok((await fileOf(after.as('dr-lee'), sent)).length > 0);
  });

  it('is bounded for each person, in number and bytes', async (t) => {
    const { server, ana, threadId } = await aThread(startServer, t);
    const big = await Promise.all(Array.from({ length: 20 }, () => ana.beginUpload({ size: max })));
    assert.ok(big.every(({ status }) => status === 201));
    const more = await ana.beginUpload({ size: 9 });
    assert.match(more.headers.get('retry-after') ?? '', /^[1-9]/);
    assert.equal(await refusal(more), '429 rate-limited');
    assert.equal((await server.as('dr-lee').beginUpload({ size: 9 })).status, 201);
    await ana.tus('DELETE', `/v1/uploads/${uploadIdIn(big[0]!)}`);
    const small = await Promise.all(Array.from({ length: 30 }, () => ana.beginUpload({ size: 9 })));
    assert.equal(small.filter(({ status }) => status === 201).length, 21);
    for (const response of big.slice(1)) await ana.tus('DELETE', `/v1/uploads/${uploadIdIn(response)}`);
    const id = await ana.upload(aPdf());
    await json(await ana.sendFiles(threadId, [id]));
    assert.equal((await ana.beginUpload({ size: 9 })).status, 201);
  });
});

onEachEngine('an upload that two requests are at', (startServer) => {
  it('grows by one of them at each place, on one server and on two', async (t) => {
    const { server, ana } = await aThread(startServer, t);
    const beside =
      server.config.databaseUrl === undefined ? server : await startServer(t, { beside: server });
    for (const other of [ana, beside.as('ana')]) {
      const bytes = aPdf(3_000_000);
      const id = uploadIdIn(await ana.beginUpload({ size: bytes.length }));
      const answers = await Promise.all(
        [ana, other, ana, other].map((caller) => caller.append(id, 0, bytes)),
      );
      for (const { status } of answers) assert.ok([204, 409, 503].includes(status), String(status));
      for (let offset = await ana.offsetOf(id); offset < bytes.length; offset = await ana.offsetOf(id)) {
        assert.equal((await ana.append(id, offset, bytes.subarray(offset))).status, 204);
      }
      assert.ok((await fileOf(other, id)).equals(bytes));
      assert.deepEqual(
        (await server.blobs()).filter((blob) => blob.includes(id)),
        [`files/${id}`],
      );
    }
  });

  it('takes what was meant for its place from the first, whatever the second brings', async (t) => {
    const { server, ana } = await aThread(startServer, t);
    const [one, two] = [aPdf(2_000), aPdf(2_000)];
    const id = uploadIdIn(await ana.beginUpload({ size: 2_000 }));
    await Promise.all([ana.append(id, 0, one), server.as('ana').append(id, 0, two)]);
    const kept = await fileOf(ana, id);
    assert.ok(kept.equals(one) || kept.equals(two));
  });

  it('waits for nobody who hangs: who comes second goes on from what the first brought', async (t) => {
    const { server, ana } = await aThread(startServer, t);
    const bytes = aPdf(2_000_000);
    const id = uploadIdIn(await ana.beginUpload({ size: bytes.length }));
    const hanging = request(`${server.url}/v1/uploads/${id}`, {
      method: 'PATCH',
      headers: {
        Authorization: `Bearer ${await server.sign({ sub: 'ana' })}`,
        'Tus-Resumable': '1.0.0',
        'Upload-Offset': '0',
        'Content-Type': 'application/offset+octet-stream',
        'Content-Length': String(bytes.length),
      },
    }).on('error', () => undefined);
    t.after(() => hanging.destroy());
    hanging.write(bytes.subarray(0, 1_500_000));
    const kept = () => server.storage.write(async ({ uploads }) => (await uploads.find(id))?.received);
    await untilAsked(async () => (await kept()) === 1_048_576);
    const offset = await ana.offsetOf(id);
    assert.ok(offset >= 1_048_576);
    assert.equal((await ana.append(id, offset, bytes.subarray(offset))).status, 204);
    assert.ok((await fileOf(ana, id)).equals(bytes));
  });
});

onEachEngine('a message with files', (startServer) => {
  it('takes each file once, in order, and is the same when it is sent again', async (t) => {
    const { ana, threadId } = await aThread(startServer, t);
    const ids = [await ana.upload(aPdf(), 'one.pdf'), await ana.upload(aPdf(), 'two.pdf')];
    const [messageId, other] = [anId(), anId()];
    const send = (id: string, attachments: readonly string[], text = 'Here.') =>
      ana.sendFiles(threadId, attachments, text, id);
    const first = await send(messageId, ids);
    assert.equal(first.status, 201);
    const message = await json<Message>(first);
    assert.deepEqual(
      message.attachments.map(({ name }) => name),
      ['one.pdf', 'two.pdf'],
    );
    const again = await send(messageId, ids);
    assert.equal(again.status, 200);
    assert.deepEqual(await json(again), message);
    for (const attachments of [ids.toReversed(), ids.slice(1), [], [...ids, anId()]]) {
      assert.equal(await refusal(await send(messageId, attachments)), '409 id-reused');
    }
    assert.equal(await refusal(await send(other, [ids[0]!])), '404 not-found');
    const fresh = await ana.upload(aPdf());
    assert.equal(await refusal(await send(anId(), [fresh, fresh])), '400 invalid');
    assert.equal(await refusal(await ana.sendFiles(threadId, [], ' ')), '400 invalid');
    assert.equal((await send(anId(), [fresh])).status, 201);
  });

  it('takes only what is the sender’s own, finished, and there; and then all of it or nothing', async (t) => {
    const { server, ana, threadId } = await aThread(startServer, t);
    const ben = server.as('ben');
    const theirs = await ben.open('dr-lee');
    const [sound, foreign] = [await ana.upload(aPdf()), await ben.upload(aPdf())];
    const open = uploadIdIn(await ana.beginUpload({ size: 20 }, aPdf(10)));
    for (const id of [foreign, open, anId()]) {
      assert.equal(await refusal(await ana.sendFiles(threadId, [sound, id])), '404 not-found');
    }
    assert.equal(await refusal(await ana.sendFiles(theirs, [sound])), '404 not-found');
    assert.deepEqual(await ana.messages(threadId), []);
    assert.equal((await ana.sendFiles(threadId, [sound])).status, 201);
  });

  it('is at once one message, however often it is sent', async (t) => {
    const { ana, threadId } = await aThread(startServer, t);
    const id = await ana.upload(aPdf());
    const messageId = anId();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        ana.sendFiles(threadId, [id], '', index % 2 === 0 ? messageId : anId()),
      ),
    );
    const statuses = answers.map(({ status }) => status);
    assert.equal(statuses.filter((status) => status === 201).length, 1);
    assert.equal((await ana.messages(threadId)).length, 1);
  });
});

onEachEngine('a download', (startServer) => {
  it('is inert, kept nowhere, and named as it was', async (t) => {
    const { ana, lee, threadId } = await aThread(startServer, t);
    const bytes = aPdf();
    const id = await ana.upload(bytes, 'Mon "été" – 診断 50%; a=b.pdf');
    await json(await ana.sendFiles(threadId, [id]));
    const response = await lee.get(`/v1/attachments/${id}`, { Origin: origin });
    const header = (name: string) => response.headers.get(name);
    assert.deepEqual(
      [
        response.status,
        header('content-type'),
        header('content-length'),
        header('x-content-type-options'),
        header('cross-origin-resource-policy'),
        header('cache-control'),
        header('accept-ranges'),
        header('access-control-allow-origin'),
      ],
      [200, 'application/pdf', String(bytes.length), 'nosniff', 'same-origin', 'no-store', 'bytes', origin],
    );
    assert.match(header('content-security-policy') ?? '', /^sandbox; default-src 'none'/);
    assert.equal(
      header('content-disposition'),
      `attachment; filename="Mon __t__ _ __ 50_; a=b.pdf"; ` +
        `filename*=UTF-8''Mon%20%22%C3%A9t%C3%A9%22%20%E2%80%93%20%E8%A8%BA%E6%96%AD%2050%25%3B%20a%3Db.pdf`,
    );
    await response.arrayBuffer();
    const csv = await ana.upload(Buffer.from('a;b\n'), 'a.csv');
    assert.equal((await ana.get(`/v1/attachments/${csv}`)).headers.get('content-type'), 'text/csv');
  });

  it('comes in stretches to whoever asks for one', async (t) => {
    const { ana } = await aThread(startServer, t);
    const bytes = aPdf(2_200_000);
    const id = await ana.upload(bytes);
    const { length } = bytes;
    for (const [range, start, end] of [
      ['bytes=0-0', 0, 1],
      ['bytes=5-1048575', 5, 1_048_576],
      ['bytes=1048570-1048585', 1_048_570, 1_048_586],
      ['bytes=1048576-2097151', 1_048_576, 2_097_152],
      ['bytes=2000000-', 2_000_000, length],
      ['bytes=-7', length - 7, length],
      ['bytes=-999999999', 0, length],
      ['bytes=5-999999999', 5, length],
    ] as const) {
      const response = await ana.get(`/v1/attachments/${id}`, { Range: range });
      assert.equal(response.status, 206, range);
      assert.equal(response.headers.get('content-range'), `bytes ${start}-${end - 1}/${length}`);
      assert.equal(response.headers.get('content-length'), String(end - start));
      assert.ok(Buffer.from(await response.arrayBuffer()).equals(bytes.subarray(start, end)), range);
    }
    for (const range of [`bytes=${length}-`, 'bytes=-0', 'bytes=999999999-1000000000']) {
      const response = await ana.get(`/v1/attachments/${id}`, { Range: range });
      assert.equal(response.headers.get('content-range'), `bytes */${length}`);
      assert.equal(await refusal(response), '416 invalid', range);
    }
    for (const range of ['bytes=5-4', 'bytes=0-1,5-6', 'lines=1-2', 'bytes=', 'bytes=-', 'x']) {
      const response = await ana.get(`/v1/attachments/${id}`, { Range: range });
      assert.equal(response.status, 200, range);
      await response.body?.cancel();
    }
    const head = await ana.ask('HEAD', `/v1/attachments/${id}`);
    assert.deepEqual([head.status, head.headers.get('content-length')], [200, String(length)]);
    assert.equal((await head.arrayBuffer()).byteLength, 0);
  });

  it('is for the two people of the thread, and before that for who uploaded it', async (t) => {
    const { server, ana, lee, threadId } = await aThread(startServer, t);
    const ben = server.as('ben');
    await ben.open('dr-lee');
    const id = await ana.upload(aPdf());
    const none = await ben.get(`/v1/attachments/${anId()}`);
    const words = await none.text();
    assert.equal((await ana.get(`/v1/attachments/${id}`)).status, 200);
    for (const caller of [lee, ben, server.as('dr-okafor')]) {
      assert.equal(await (await caller.get(`/v1/attachments/${id}`)).text(), words);
      assert.equal((await caller.tus('HEAD', `/v1/uploads/${id}`)).status, 404);
      assert.equal(await (await caller.append(id, 5_000, Buffer.alloc(0))).text(), words);
      assert.equal(await (await caller.tus('DELETE', `/v1/uploads/${id}`)).text(), words);
    }
    await json(await ana.sendFiles(threadId, [id]));
    assert.equal((await lee.get(`/v1/attachments/${id}`)).status, 200);
    // Another client of the same provider, and another provider of the same client.
    for (const caller of [ben, server.as('dr-okafor'), server.as('dr-novak')]) {
      assert.equal(await (await caller.get(`/v1/attachments/${id}`)).text(), words);
    }

    const late = await ana.upload(aPdf());
    await server.portal.put('/v1/directory/relationships/ana/dr-lee', { status: 'ended' });
    for (const caller of [ana, lee]) assert.equal((await caller.get(`/v1/attachments/${id}`)).status, 200);
    assert.equal(await refusal(await ana.sendFiles(threadId, [late])), '403 relationship-ended');
    assert.equal(await refusal(await lee.get(`/v1/attachments/${late}`)), '404 not-found');

    await server.portal.delete('/v1/directory/people/ana');
    assert.equal(await refusal(await ana.get(`/v1/attachments/${id}`)), '401 unauthenticated');
    assert.equal(await refusal(await ana.append(late, 5_000, Buffer.alloc(0))), '401 unauthenticated');
    assert.equal((await lee.get(`/v1/attachments/${id}`)).status, 200);
  });

  it('breaks off rather than hand out what was changed', async (t) => {
    const { server, ana } = await aThread(startServer, t);
    const id = await ana.upload(aPdf(3_000_000));
    const blobs = server.files;
    const sealed = await blobs.get(`files/${id}`);
    const [segment] = [1_048_576 + 29];
    const swapped = Buffer.concat([
      sealed!.subarray(segment, 2 * segment),
      sealed!.subarray(0, segment),
      sealed!.subarray(2 * segment),
    ]);
    const flipped = Buffer.from(sealed!);
    flipped[flipped.length - 1]! ^= 1;
    for (const changed of [swapped, flipped, sealed!.subarray(0, 2 * segment), Buffer.alloc(0)]) {
      await blobs.put(`files/${id}`, changed);
      await assert.rejects(async () => fileOf(ana, id));
    }
    await blobs.put(`files/${id}`, sealed!);
    assert.equal((await fileOf(ana, id)).length, 3_000_000);
  });

  it('is in the audit log with all that led to it', async (t) => {
    const { server, ana, lee, threadId } = await aThread(startServer, t);
    const { entries: before } = await logOf(server.portal, 0);
    const after = before.at(-1)!.seq;
    const id = uploadIdIn(await ana.beginUpload({ name: 'planted.pdf', size: 100 }));
    await ana.offsetOf(id);
    await ana.append(id, 0, aPdf(100));
    await json(await ana.sendFiles(threadId, [id]));
    await (await lee.get(`/v1/attachments/${id}`)).arrayBuffer();
    await server.as('ben').get(`/v1/attachments/${id}`);
    await ana.beginUpload({ name: 'planted.exe', size: 100 });
    await ana.beginUpload({ size: 2 }, Buffer.from('MZ'));
    await ana.tus('DELETE', `/v1/uploads/${id}`);
    const { entries } = await logOf(server.portal, after);
    assert.deepEqual(
      entries.map(({ actor, action, thread }) => [actor, action, thread === threadId]),
      [
        ['ana', 'upload.create', false],
        ['ana', 'upload.look', false],
        ['ana', 'upload.append', false],
        ['ana', 'upload.finish', false],
        ['ana', 'message.send', true],
        ['dr-lee', 'attachment.read', true],
        ['ben', 'attachment.read refused: not-found', false],
        ['ana', 'upload.create refused: unsupported-file', false],
        ['ana', 'upload.create', false],
        ['ana', 'upload.finish refused: unsafe-file', false],
        ['ana', 'upload.remove refused: not-found', false],
      ],
    );
    const log = server.logged.join('');
    for (const word of ['planted', id, threadId]) assert.ok(!log.includes(word), word);
    assert.match(log, /"route":"\/v1\/uploads\/\{uploadId\}"/);
    assert.equal((await server.storage.checkAudit()).sound, true);
  });
});

type Log = { readonly entries: readonly { seq: number; actor: string; action: string; thread?: string }[] };

async function logOf(portal: Caller, after: number): Promise<Log> {
  return json(await portal.get(`/v1/audit?after=${after}`));
}

async function fileOf(reader: Caller, id: string): Promise<Buffer> {
  const response = await reader.get(`/v1/attachments/${id}`);
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  return Buffer.from(await response.arrayBuffer());
}

function announcing(name: string, size: number): Record<string, string> {
  return { 'Upload-Length': String(size), 'Upload-Metadata': metadataOf({ filename: name }) };
}

async function aThread(startServer: Start, t: Parameters<Start>[0]) {
  const server = await startServer(t);
  await fillClinic(server);
  const [ana, lee] = [server.as('ana'), server.as('dr-lee')];
  return { server, ana, lee, threadId: await ana.open('dr-lee') };
}
