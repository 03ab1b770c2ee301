import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** Stands between a caller and a server that may come back elsewhere, and cuts connections where it is told to. */
export class CuttingProxy {
  readonly #server = createServer((near) => this.#relay(near));
  readonly #sockets = new Set<Socket>();
  #target: string | undefined;
  #left = Infinity;
  #cuts = 0;

  static async start(t: Pick<TestContext, 'after'>): Promise<CuttingProxy> {
    const proxy = new CuttingProxy();
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    t.after(() => {
      proxy.#drop();
      proxy.#server.close();
    });
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** How often it did as it was told. */
  get cuts(): number {
    return this.#cuts;
  }

  leadTo(target: string): void {
    this.#target = target;
    this.#drop();
  }

  /** Lets so many more bytes of the caller's through, and then cuts the connection they came on. */
  cutAfter(bytes: number): void {
    this.#left = bytes;
  }

  /** Lets everything through. */
  cutNoMore(): void {
    this.#left = Infinity;
  }

  #relay(near: Socket): void {
    if (this.#target === undefined) return void near.destroy();
    const { hostname, port } = new URL(this.#target);
    const far = connect(Number(port), hostname);
    const cut = () => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      this.#sockets.add(socket);
      socket.on('error', cut).on('close', () => {
        this.#sockets.delete(socket);
        cut();
      });
    }
    let isCut = false;
    near.on('data', (chunk) => {
      if (isCut) return;
      isCut = chunk.length >= this.#left;
      if (isCut) {
        far.write(chunk.subarray(0, this.#left), cut);
        this.#cuts += 1;
        this.#left = Infinity;
      } else {
        far.write(chunk);
        this.#left -= chunk.length;
      }
    });
    far.on('data', (chunk) => near.write(chunk));
  }

  #drop(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
