import { expect } from '@open-wc/testing';
import { Store } from '../../../widget/state/store.ts';

describe('Store', () => {
  it('calls back after each change, and not where nothing changed', () => {
    const store = new Store(1);
    const heard: number[] = [];
    store.subscribe(() => heard.push(store.value));
    for (const value of [1, 2, 2, 3]) store.set(value);
    expect(heard).to.deep.equal([2, 3]);
  });

  it('calls nobody who has left, also not one who leaves while others are told', () => {
    const store = new Store(1);
    const heard: string[] = [];
    const leave = store.subscribe(() => heard.push('one'));
    store.subscribe(() => {
      heard.push('two');
      leave();
    });
    store.set(2);
    store.set(3);
    expect(heard).to.deep.equal(['one', 'two', 'two']);
  });
});
