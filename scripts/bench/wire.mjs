// HTTP by hand, over plain sockets: a load generator on Node's own client would be the slowest part.
import { connect } from 'node:net';

/** One connection that is kept open, with one request on it at a time. */
export class Connection {
  #address;
  #socket;
  #waiting;
  #received = '';

  constructor(origin) {
    this.#address = addressOf(origin);
  }

  async request(method, path, token, body) {
    if (this.#waiting) throw new Error('This connection is busy.');
    this.#socket ??= this.#open();
    const text = body === undefined ? '' : JSON.stringify(body);
    const answer = new Promise((resolve, reject) => (this.#waiting = { resolve, reject }));
    this.#socket.write(
      `${method} ${path} HTTP/1.1\r\nHost: ${this.#address.name}\r\nAuthorization: Bearer ${token}\r\n` +
        (text && `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n`) +
        `\r\n${text}`,
    );
    return await answer;
  }

  close() {
    this.#socket?.destroy();
  }

  #open() {
    const socket = connect(this.#address).setNoDelay().setEncoding('latin1');
    socket.on('data', (text) => this.#receive(text));
    socket.on('error', (error) => this.#settle('reject', error));
    socket.on('close', () => {
      this.#socket = undefined;
      this.#received = '';
      this.#settle('reject', new Error('The server closed the connection.'));
    });
    return socket;
  }

  #receive(text) {
    this.#received += text;
    const headEnd = this.#received.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const head = this.#received.slice(0, headEnd);
    const status = Number(head.slice(9, 12));
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? (status === 204 ? 0 : NaN));
    if (Number.isNaN(length)) {
      this.#settle('reject', new Error(`An answer without a length: ${head}`));
      return;
    }
    const bodyStart = headEnd + 4;
    if (this.#received.length < bodyStart + length) return;
    const body = this.#received.slice(bodyStart, bodyStart + length);
    this.#received = this.#received.slice(bodyStart + length);
    this.#settle('resolve', { status, body });
  }

  #settle(how, value) {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.[how](value);
  }
}

/** Opens a person's event stream and says of each message that it has come. Resolves when it is open. */
export function follow(origin, token, onMessage) {
  const address = addressOf(origin);
  return new Promise((resolve, reject) => {
    const socket = connect(address).setNoDelay().setEncoding('latin1');
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('The server closed the stream.')));
    socket.write(
      `GET /v1/events HTTP/1.1\r\nHost: ${address.name}\r\nAuthorization: Bearer ${token}\r\nAccept: text/event-stream\r\n\r\n`,
    );
    let rest = '';
    socket.on('data', (text) => {
      rest += text;
      const headEnd = rest.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      if (rest.slice(9, 12) !== '200') reject(new Error(`The stream was refused: ${rest}`));
      // The stream is there when it has said something.
      if (rest.length === headEnd + 4) return;
      resolve({ close: () => socket.destroy() });
      socket.removeAllListeners('data');
      rest = rest.slice(headEnd + 4);
      socket.on('data', (more) => (rest = readMessages(rest + more, onMessage)));
    });
  });
}

/** Calls back for each message named in the text, and gives back what may be the start of another name. */
function readMessages(text, onMessage) {
  const pattern = /"messageId":"([^"]+)"/g;
  let end = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    onMessage(match[1]);
    end = pattern.lastIndex;
  }
  return text.slice(Math.max(end, text.length - 100));
}

function addressOf(origin) {
  const { hostname, port, host } = new URL(origin);
  return { host: hostname, port: Number(port), name: host };
}
