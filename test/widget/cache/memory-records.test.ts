import { expect } from '@open-wc/testing';
import { MemoryRecords } from '../../../widget/cache/memory-records.ts';
import { itBehavesLikeRecords } from '../../contract/records.contract.ts';

describe('MemoryRecords', () => {
  itBehavesLikeRecords(async () => new MemoryRecords());

  it('holds nothing any more once it is closed', async () => {
    const records = new MemoryRecords();
    await records.write([{ drawer: 'outbox', name: 'a', value: 'words' }]);
    records.close();
    expect(await records.readAll('outbox')).to.deep.equal([]);
  });
});
