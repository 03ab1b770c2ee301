import { expect } from '@open-wc/testing';
import { liveStream, type LiveNews } from '../../../widget/transport/live-stream.ts';
import { Requester } from '../../../widget/transport/request.ts';
import { TokenSource } from '../../../widget/transport/token-source.ts';
import { FakeServer } from '../../support/fake-server.ts';
import { threadId } from '../../support/message-builders.ts';

describe('liveStream', () => {
  function start() {
    const server = new FakeServer();
    const tokens = new TokenSource({ tokenUrl: server.tokenUrl }, server.fetch);
    return { server, requester: new Requester(server.apiUrl, tokens, server.fetch) };
  }

  it('follows from a cursor on, and is told what was missed', async () => {
    const { server, requester } = start();
    server.addThread();
    server.say('One');
    server.say('Two');
    const leaving = new AbortController();
    const heard: LiveNews[] = [];
    for await (const news of liveStream(requester, 101, leaving.signal)) {
      heard.push(news);
      if (heard.length === 2) break;
    }
    expect(server.askedFor('followEvents')[0]?.headers.get('Last-Event-ID')).to.equal('101');
    expect(heard[0]).to.deep.equal({ cursor: 101, event: undefined });
    expect(heard[1]?.cursor).to.equal(102);
    expect(heard[1]?.event).to.include({ type: 'message', threadId, seq: 5 });
    expect(server.openStreams).to.equal(0);
  });

  it('makes nothing of frames without a number', async () => {
    const { server, requester } = start();
    server.next(
      'followEvents',
      () => new Response('event: message\ndata: {}\n\nid: abc\n\nid: 5\n\n', { status: 200 }),
    );
    const heard: LiveNews[] = [];
    for await (const news of liveStream(requester, undefined, new AbortController().signal)) heard.push(news);
    expect(heard).to.deep.equal([{ cursor: 5, event: undefined }]);
  });

  it('leaves the stream when told to', async () => {
    const { server, requester } = start();
    const leaving = new AbortController();
    const stream = liveStream(requester, undefined, leaving.signal);
    await stream.next();
    const next = stream.next();
    leaving.abort();
    expect(await next.catch((error: unknown) => (error as Error).name)).to.equal('AbortError');
    expect(server.openStreams).to.equal(0);
  });
});
