import { expect, fixture, html } from '@open-wc/testing';
import { LitElement } from 'lit';
import { Store } from '../../../widget/state/store.ts';
import { StoreController } from '../../../widget/state/store-controller.ts';

/** A store that knows how many listen. */
class CountingStore extends Store<string> {
  listeners = 0;

  override subscribe(listener: () => void): () => void {
    this.listeners += 1;
    const leave = super.subscribe(listener);
    return () => {
      this.listeners -= 1;
      leave();
    };
  }
}

class TestFollower extends LitElement {
  readonly store = new StoreController<string>(this);

  protected override render() {
    return this.store.value;
  }
}
customElements.define('test-follower', TestFollower);

describe('StoreController', () => {
  const render = () => fixture<TestFollower>(html`<test-follower></test-follower>`);
  const words = (follower: TestFollower) => follower.shadowRoot?.textContent;

  it('draws its host again whenever the store changes', async () => {
    const follower = await render();
    const store = new CountingStore('one');
    follower.store.follow(store);
    store.set('two');
    await follower.updateComplete;
    expect(words(follower)).to.equal('two');
  });

  it('shows what changed while the host was off the page', async () => {
    const follower = await render();
    const parent = follower.parentElement;
    const store = new CountingStore('one');
    follower.store.follow(store);
    follower.remove();
    store.set('two');
    parent?.append(follower);
    await follower.updateComplete;
    expect(words(follower)).to.equal('two');
  });

  it('listens once, and to the last store alone', async () => {
    const follower = await render();
    const [first, second] = [new CountingStore('first'), new CountingStore('second')];
    for (const store of [first, first, second, first, second]) follower.store.follow(store);
    expect([first.listeners, second.listeners]).to.deep.equal([0, 1]);
    follower.store.follow(undefined);
    expect(second.listeners).to.equal(0);
  });

  it('leaves no listener behind, however often its host comes and goes', async () => {
    const follower = await render();
    const parent = follower.parentElement;
    const [first, second] = [new CountingStore('first'), new CountingStore('second')];
    follower.store.follow(first);
    for (let times = 0; times < 20; times++) {
      follower.remove();
      expect(first.listeners).to.equal(0);
      parent?.append(follower);
      expect(first.listeners).to.equal(1);
    }
    follower.remove();
    follower.store.follow(second);
    expect([first.listeners, second.listeners]).to.deep.equal([0, 0]);
  });
});
