import { FakeServer } from './fake-server.ts';

// Loaded before a test file, as `npm run soak:races` does, this makes late what usually comes at once: things happen in
// another order each time.

const { setTimeout } = globalThis; // also where a test holds the clock

/** Nine of ten are there within a frame or two, if not at once; the rest as on a device that is busy otherwise. */
async function comesLate(): Promise<void> {
  const chance = Math.random();
  if (chance < 0.2) return;
  const delay = chance > 0.9 ? 40 + Math.random() * 110 : Math.random() < 0.5 ? 0 : Math.random() * 25;
  await new Promise((resolve) => setTimeout(resolve, delay));
}

/** What is asked of the browser waits first, as where others are served before. */
function beginLate<Name extends string>(owner: Record<Name, unknown>, name: Name): void {
  const begin = owner[name] as (...given: unknown[]) => unknown;
  owner[name] = async function (this: unknown, ...given: unknown[]) {
    await comesLate();
    return begin.apply(this, given);
  };
}

/** What tabs say to each other arrives late, in the order it was said, and not where nobody listens any more. */
function hearLate(): void {
  const { prototype } = BroadcastChannel;
  const { set: listen } = Object.getOwnPropertyDescriptor(prototype, 'onmessage')!;
  const closed = new WeakSet<BroadcastChannel>();
  const { close } = prototype;
  prototype.close = function () {
    closed.add(this);
    close.call(this);
  };
  Object.defineProperty(prototype, 'onmessage', {
    set(this: BroadcastChannel, hear: (event: MessageEvent) => void) {
      let heard = Promise.resolve();
      listen?.call(this, (event: MessageEvent) => {
        heard = heard.then(comesLate).then(() => {
          if (!closed.has(this)) hear.call(this, event);
        });
      });
    },
  });
}

beginLate(LockManager.prototype, 'request');
for (const name of ['encrypt', 'decrypt', 'digest', 'importKey'] as const)
  beginLate(SubtleCrypto.prototype, name);
hearLate();
FakeServer.onTheWay = comesLate;
