import { expect } from '@open-wc/testing';
import type { OutboxEntry } from '../../../widget/cache/outbox-entry.ts';
import { timeline, type Reader, type TimelineItem } from '../../../widget/state/timeline.ts';
import { aMessage, anEntry, messagesFrom, uuid } from '../../support/message-builders.ts';

const reader: Reader = {
  selfId: 'ana',
  readWhenOpened: 100,
  theirReadSeq: 0,
  dayOf: (moment) => moment.slice(0, 10),
};

/** A timeline as one reads it. */
const told = (items: readonly TimelineItem[]) =>
  items.map((item) => {
    if (item.kind === 'message') return String(item.message.seq);
    return item.kind === 'echo' ? `unsent ${item.entry.order}` : item.kind;
  });

describe('timeline', () => {
  it('puts each day above its messages', () => {
    const messages = [
      aMessage({ seq: 1, sentAt: '2026-03-02T10:00:00.000Z' }),
      aMessage({ seq: 2, sentAt: '2026-03-02T11:00:00.000Z' }),
      aMessage({ seq: 3, sentAt: '2026-03-04T09:00:00.000Z' }),
    ];
    expect(told(timeline(messages, [], reader))).to.deep.equal(['day', '1', '2', 'day', '3']);
  });

  it('marks where the unread begin, once, by theirs and not by one’s own', () => {
    const items = timeline(messagesFrom(1, 6), [], { ...reader, readWhenOpened: 3 });
    expect(told(items)).to.deep.equal(['day', '1', '2', '3', '4', 'unread', '5', '6']);
  });

  it('marks nothing where all was read', () => {
    expect(told(timeline(messagesFrom(1, 2), [], reader))).to.deep.equal(['day', '1', '2']);
  });

  it('puts what is unsent last, in its order', () => {
    const items = timeline(messagesFrom(1, 1), [anEntry({ order: 1 }), anEntry({ order: 2 })], reader);
    expect(told(items)).to.deep.equal(['day', '1', 'unsent 1', 'unsent 2']);
  });

  it('knows which of the unsent are held up by one before them', () => {
    const heldUp = (...states: OutboxEntry['state'][]) =>
      timeline(
        [],
        states.map((state, at) => anEntry({ id: uuid(at + 1), order: at, state })),
        reader,
      ).map((item) => item.kind === 'echo' && item.isHeldUp);
    expect(heldUp('waiting', 'waiting')).to.deep.equal([false, false]);
    expect(heldUp('waiting', 'unreachable', 'waiting', 'waiting')).to.deep.equal([false, false, true, true]);
    expect(heldUp('refused', 'waiting')).to.deep.equal([false, true]);
  });

  it('shows a message once where its echo is still there', () => {
    const echo = anEntry({ id: uuid(2) });
    expect(told(timeline(messagesFrom(1, 2), [echo], reader))).to.deep.equal(['day', '1', '2']);
  });

  it('gives an echo and the message that it becomes the same key', () => {
    const [echo] = timeline([], [anEntry({ id: uuid(7) })], reader);
    const message = timeline([aMessage({ seq: 7 })], [], reader).at(-1);
    expect(echo?.key).to.equal(message?.key);
  });

  it('gives each row a key of its own', () => {
    const keys = timeline(messagesFrom(1, 90), [anEntry()], { ...reader, readWhenOpened: 4 }).map(
      ({ key }) => key,
    );
    expect(new Set(keys).size).to.equal(keys.length);
  });

  it('says what became of an email with the newest of one’s own, and with no other', () => {
    const notification = { state: 'emailed', at: '2026-03-02T10:00:00.000Z' } as const;
    const messages = messagesFrom(1, 5).map((message) => ({ ...message, notification }));
    const told = timeline(messages, [], reader).flatMap((item) =>
      item.kind === 'message' && item.notification ? [[item.message.seq, item.notification]] : [],
    );
    expect(told).to.deep.equal([[4, notification]]);
  });

  it('knows which messages are one’s own, and which of them were seen', () => {
    const items = timeline(messagesFrom(1, 4), [], { ...reader, theirReadSeq: 2 });
    const marks = items.flatMap((item) => (item.kind === 'message' ? [[item.isOwn, item.isSeen]] : []));
    expect(marks).to.deep.equal([
      [false, false],
      [true, true],
      [false, false],
      [true, false],
    ]);
  });
});
