// The least a server can do: keep a message durably, answer, and tell the other side. As `express` it
// inserts each message by itself; as `shared` the messages of one tick share a commit.
import { createServer } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import express from 'express';

const [kind, folder] = process.argv.slice(2);

const db = new DatabaseSync(join(folder, `${kind}.sqlite`));
db.exec(`
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE messages (id TEXT PRIMARY KEY, thread TEXT, seq INTEGER, sender TEXT, text TEXT, sent_at TEXT);
  CREATE UNIQUE INDEX by_place ON messages (thread, seq);
`);
const insert = db.prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?)');

const lastSeqs = new Map();
const streams = new Map();

const server = kind === 'express' ? createServer(expressApp()) : createServer(sharedCommits());
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.once('disconnect', () => process.exit());

function expressApp() {
  const app = express();
  app.use(express.json());
  app.put('/v1/threads/:threadId/messages/:id', (req, res) => {
    const message = messageOf(req.params.threadId, req.params.id, senderOf(req), req.body);
    keep(message);
    res.status(201).json(message);
    tell(message);
  });
  app.get('/v1/events', openStream);
  return app;
}

function sharedCommits() {
  let batch = [];
  const commit = () => {
    const committed = batch;
    batch = [];
    db.exec('BEGIN IMMEDIATE');
    for (const { message } of committed) keep(message);
    db.exec('COMMIT');
    for (const { message, res } of committed) {
      const body = JSON.stringify(message);
      res.writeHead(201, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
      res.end(body);
      tell(message);
    }
  };
  return (req, res) => {
    if (req.method === 'GET') {
      openStream(req, res);
      return;
    }
    const [, , , threadId, , id] = req.url.split('/');
    let text = '';
    req.setEncoding('utf8');
    req.on('data', (part) => (text += part));
    req.on('end', () => {
      if (batch.push({ message: messageOf(threadId, id, senderOf(req), JSON.parse(text)), res }) === 1) {
        setImmediate(commit);
      }
    });
  };
}

function messageOf(threadId, id, senderId, { text }) {
  const seq = (lastSeqs.get(threadId) ?? 0) + 1;
  lastSeqs.set(threadId, seq);
  return { id, threadId, seq, senderId, text, sentAt: new Date().toISOString() };
}

function keep({ id, threadId, seq, senderId, text, sentAt }) {
  insert.run(id, threadId, seq, senderId, text, sentAt);
}

/** The two people of thread `t` are `t.0` and `t.1`. */
function tell({ threadId, seq, id, senderId }) {
  const other = `${threadId}.${senderId.endsWith('0') ? 1 : 0}`;
  const event = { type: 'message', threadId, seq, messageId: id };
  streams.get(other)?.write(`id: ${seq}\ndata: ${JSON.stringify(event)}\n\n`);
}

function openStream(req, res) {
  res.writeHead(200, { 'Content-Type': 'text/event-stream' });
  res.write(':\n\n');
  streams.set(senderOf(req), res);
}

function senderOf(req) {
  return req.headers.authorization.slice('Bearer '.length);
}
