// The load generator, in a process of its own. It is handed pairs of people and a way to go about it,
// says when it begins to count and when it is done, and ends.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from './numbers.mjs';
import { Connection, follow } from './wire.mjs';

const text = 'How did the week with the new dose go? '.repeat(5);

process.once('message', async ({ origin, pairs, way, warmUpSeconds, seconds }) => {
  const { slotsPerSide, perSecond } = way;
  const sides = await Promise.all(
    pairs.flatMap(({ threadId, tokens }) => {
      const [one, other] = tokens.map((token) => new Side(origin, threadId, token));
      one.other = other;
      other.other = one;
      return [one.open(slotsPerSide ?? 2), other.open(slotsPerSide ?? 2)];
    }),
  );

  const counting = { from: Infinity, to: Infinity, latencies: [] };
  const end = performance.now() + (warmUpSeconds + seconds) * 1000;
  const work = slotsPerSide
    ? sides.flatMap((side) => side.connections.map((connection) => sendOn(side, connection, end, counting)))
    : [sendEvenly(sides, perSecond, end, counting)];
  const all = Promise.all(work);
  await Promise.race([sleep(warmUpSeconds * 1000), all]);
  process.send({ state: 'counting' });
  counting.from = performance.now();
  counting.to = end;
  await all;
  const { latencies } = counting;
  process.send({
    state: 'done',
    delivered: latencies.length,
    perSecond: latencies.length / ((counting.to - counting.from) / 1000),
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  });
  for (const side of sides) side.close();
  process.disconnect();
});

/** Sends the next message as soon as the one before has been acknowledged and delivered. */
async function sendOn(side, connection, end, counting) {
  while (performance.now() < end) await side.send(connection, counting);
}

/** Sends at a steady pace, whether or not the messages before have arrived. */
async function sendEvenly(sides, perSecond, end, counting) {
  const sent = [];
  const start = performance.now();
  for (let n = 0; performance.now() < end; n += 1) {
    const side = sides[n % sides.length];
    const { connections } = side;
    sent.push(side.send(connections[Math.floor(n / sides.length) % connections.length], counting));
    await sleep(Math.max(0, start + ((n + 1) * 1000) / perSecond - performance.now()));
  }
  await Promise.all(sent);
}

/** One person in one thread: what they send, and what reaches them. */
class Side {
  connections = [];
  other;
  #origin;
  #path;
  #token;
  #stream;
  #expected = new Map();

  constructor(origin, threadId, token) {
    this.#origin = origin;
    this.#path = `/v1/threads/${threadId}/messages/`;
    this.#token = token;
  }

  async open(slots) {
    this.connections = Array.from({ length: slots }, () => new Connection(this.#origin));
    this.#stream = await follow(this.#origin, this.#token, (id) => this.#expected.get(id)?.());
    return this;
  }

  close() {
    for (const connection of this.connections) connection.close();
    this.#stream.close();
  }

  async send(connection, counting) {
    const id = randomUUID();
    const start = performance.now();
    const arrival = this.other.arrivalOf(id);
    const { status, body } = await connection.request('PUT', this.#path + id, this.#token, { text });
    if (status !== 201) throw new Error(`A message was answered with ${status}: ${body}`);
    const arrivedAt = await arrival;
    if (arrivedAt >= counting.from && arrivedAt < counting.to) counting.latencies.push(arrivedAt - start);
  }

  arrivalOf(id) {
    return new Promise((resolve) => {
      this.#expected.set(id, () => {
        this.#expected.delete(id);
        resolve(performance.now());
      });
    });
  }
}
