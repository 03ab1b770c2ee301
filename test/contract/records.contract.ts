import { expect } from '@open-wc/testing';
import type { Change, Drawer, Records } from '../../widget/cache/records.ts';

const put = (name: string, value: unknown, drawer: Drawer = 'records'): Change => ({ drawer, name, value });

/** What all records must do, whatever they are made of. */
export function itBehavesLikeRecords(make: () => Promise<Records>): void {
  it('gives back what was written', async () => {
    const records = await make();
    await records.write([put('inbox', { threads: ['Grüße 👋🏽'], unread: 2 })]);
    expect(await records.read('records', 'inbox')).to.deep.equal({ threads: ['Grüße 👋🏽'], unread: 2 });
  });

  it('has nothing under a name that was never written', async () => {
    const records = await make();
    expect(await records.read('records', 'inbox')).to.equal(undefined);
    expect(await records.readAll('outbox')).to.deep.equal([]);
  });

  it('keeps what was written last', async () => {
    const records = await make();
    await records.write([put('draft', 'one')]);
    await records.write([put('draft', 'two'), put('draft', 'three')]);
    expect(await records.read('records', 'draft')).to.equal('three');
  });

  it('takes a record away, also one that is not there', async () => {
    const records = await make();
    await records.write([put('draft', 'one')]);
    await records.write([put('draft', undefined), put('other', undefined)]);
    expect(await records.read('records', 'draft')).to.equal(undefined);
  });

  it('keeps its drawers apart', async () => {
    const records = await make();
    await records.write([put('a', 1), put('a', 2, 'outbox'), put('b', 3, 'outbox')]);
    expect(await records.read('records', 'a')).to.equal(1);
    expect(await records.read('outbox', 'a')).to.equal(2);
    expect([...(await records.readAll('outbox'))].sort()).to.deep.equal([2, 3]);
    expect(await records.readAll('records')).to.deep.equal([1]);
  });

  it('keeps a value that is empty, false or zero', async () => {
    const records = await make();
    await records.write([put('a', ''), put('b', false), put('c', 0), put('d', null), put('e', [])]);
    for (const [name, value] of Object.entries({ a: '', b: false, c: 0, d: null })) {
      expect(await records.read('records', name)).to.equal(value);
    }
    expect(await records.read('records', 'e')).to.deep.equal([]);
  });

  it('lets many write and read at the same time', async () => {
    const records = await make();
    const numbers = Array.from({ length: 50 }, (_, at) => at);
    await Promise.all(numbers.map((number) => records.write([put(`row ${number}`, number, 'outbox')])));
    const all = (await records.readAll('outbox')) as number[];
    expect([...all].sort((a, b) => a - b)).to.deep.equal(numbers);
  });
}
