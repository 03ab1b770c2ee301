import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Store } from './store.ts';

/** Renders its host again whenever a store changes, for as long as the host is on the page. */
export class StoreController<Value> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #store: Store<Value> | undefined;
  #unsubscribe: (() => void) | undefined;
  #isOnPage = false;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** What the store holds now; undefined where none is followed. */
  get value(): Value | undefined {
    return this.#store?.value;
  }

  follow(store: Store<Value> | undefined): void {
    if (store === this.#store) return;
    this.#mute();
    this.#store = store;
    if (this.#isOnPage) this.hostConnected();
  }

  hostConnected(): void {
    this.#isOnPage = true;
    this.#unsubscribe ??= this.#store?.subscribe(() => this.#host.requestUpdate());
    this.#host.requestUpdate(); // the store may be another, or have changed while we were off the page
  }

  hostDisconnected(): void {
    this.#isOnPage = false;
    this.#mute();
  }

  #mute(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }
}
