import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RecentEvents } from '../../../demo-server/storage/recent-events.ts';
import type { NumberedEvent } from '../../../demo-server/storage/storage.ts';

const events = (...numbers: readonly number[]): readonly NumberedEvent[] =>
  numbers.map((no) => ({ no, event: { type: 'thread', threadId: String(no) } }));

describe('recent events', () => {
  it('are those after a number, oldest first, up to a limit', () => {
    const recent = new RecentEvents();
    recent.add('ana', events(4, 5));
    recent.add('ana', events(6));
    assert.deepEqual(recent.after('ana', 3, 10), events(4, 5, 6));
    assert.deepEqual(recent.after('ana', 4, 1), events(5));
  });

  it('are not known where the one that comes next is not', () => {
    const recent = new RecentEvents();
    recent.add('ana', events(4, 5));
    for (const no of [0, 2, 5, 9]) assert.equal(recent.after('ana', no, 10), undefined, `${no}`);
    assert.equal(recent.after('ben', 4, 10), undefined);
  });

  it('begin anew after what another process told in between', () => {
    const recent = new RecentEvents();
    recent.add('ana', events(4));
    recent.add('ana', events(6));
    assert.equal(recent.after('ana', 3, 10), undefined);
    assert.deepEqual(recent.after('ana', 5, 10), events(6));
  });

  it('are few for each person, and for few people', () => {
    const recent = new RecentEvents();
    for (let no = 1; no <= 1_000; no++) recent.add('ana', events(no));
    assert.equal(recent.after('ana', 900, 1_000), undefined);
    assert.deepEqual(recent.after('ana', 999, 1_000), events(1_000));
    for (let person = 0; person < 10_000; person++) recent.add(`person ${person}`, events(1));
    assert.equal(recent.after('ana', 999, 1_000), undefined);
  });
});
