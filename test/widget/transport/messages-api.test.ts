import { expect } from '@open-wc/testing';
import { ApiError } from '../../../widget/transport/api-error.ts';
import { MessagesApi } from '../../../widget/transport/messages-api.ts';
import { Requester } from '../../../widget/transport/request.ts';
import { TokenSource } from '../../../widget/transport/token-source.ts';
import { FakeServer, gatewayPage, type Answer } from '../../support/fake-server.ts';
import { aMessage, threadId } from '../../support/message-builders.ts';

function start() {
  const server = new FakeServer();
  const tokens = new TokenSource({ tokenUrl: server.tokenUrl }, server.fetch);
  return { server, api: new MessagesApi(new Requester(server.apiUrl, tokens, server.fetch)) };
}

describe('MessagesApi', () => {
  it('gives back the message that the server made of what was sent', async () => {
    const { server, api } = start();
    server.addThread({ messages: 2 });
    const id = crypto.randomUUID();
    const message = await api.send(threadId, id, 'Hello');
    expect(message).to.include({ id, seq: 3, text: 'Hello' });
  });

  const strange: readonly (readonly [string, Answer])[] = [
    ['an empty object', () => Response.json({})],
    ['null', () => Response.json(null)],
    ['"ok"', () => Response.json('ok')],
    ['another message', () => Response.json(aMessage())],
    ['a captive portal’s page', gatewayPage(200)],
    ['nothing, with 204', () => new Response(null, { status: 204 })],
    ['the id alone', ({ params }) => Response.json({ id: params['messageId'] })],
  ];
  for (const [what, answer] of strange) {
    it(`does not take ${what} for a message that was delivered`, async () => {
      const { server, api } = start();
      server.addThread();
      server.next('sendMessage', answer);
      const error = await api.send(threadId, crypto.randomUUID(), 'Hello').catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(ApiError);
      expect(error).to.include({ kind: 'unreachable' });
    });
  }

  it('asks for the messages above, below, or the newest', async () => {
    const { server, api } = start();
    server.addThread({ messages: 120 });
    const seqs = async (range?: object) => {
      const { messages } = await api.messages(threadId, range);
      return [messages[0]?.seq, messages.at(-1)?.seq];
    };
    expect(await seqs()).to.deep.equal([71, 120]);
    expect(await seqs({ before: 71 })).to.deep.equal([21, 70]);
    expect(await seqs({ after: 0, limit: 10 })).to.deep.equal([1, 10]);
  });

  it('writes ids into the path so that they can’t change it', async () => {
    const { api, server } = start();
    const paths: string[] = [];
    const fetch: typeof globalThis.fetch = async (url) => {
      paths.push(new Request(url).url);
      return Response.json({});
    };
    const tokens = new TokenSource({ token: 'abc' }, fetch);
    await new MessagesApi(new Requester(server.apiUrl, tokens, fetch)).thread('../people?x=1#y');
    expect(paths).to.deep.equal(['https://messages.test/v1/threads/..%2Fpeople%3Fx%3D1%23y']);
    expect(api).to.be.instanceOf(MessagesApi);
  });
});
