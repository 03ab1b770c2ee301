// Measures what people wait for, beside the least that a page or a server can do on this machine. It is
// the ratio between the two, taken in the same run, that says something. `npm run bench -- screen` and
// `npm run bench -- delivery` measure a half each.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureDelivery } from './bench/delivery.mjs';
import { measureInbox } from './bench/inbox.mjs';
import { measureScreen } from './bench/screen.mjs';

const asked = process.argv.slice(2);
const isAsked = (half) => asked.length === 0 || asked.includes(half);

// Beside the code, because a system's own folder for passing files is often in memory, where writing is free.
const data = fileURLToPath(new URL('../data', import.meta.url));
await mkdir(data, { recursive: true });
const folder = await mkdtemp(join(data, 'bench-'));
const report = (text) => {
  if (process.stderr.isTTY) console.error(text);
};

const rows = [];
try {
  if (isAsked('screen')) {
    rows.push(...screenRows(await measureScreen(join(folder, 'screen'), report)));
    rows.push(...inboxRows(await measureInbox(join(folder, 'inbox'), report)));
  }
  if (isAsked('delivery')) rows.push(...deliveryRows(await measureDelivery(folder, report)));
} finally {
  await rm(folder, { recursive: true, force: true });
}
print(['', 'bare Express', 'floor', 'ours', 'ours : floor', 'target'], rows);

function screenRows({ 100: few, 1000: more, 10000: many, 100000: most }) {
  const against = { floor: few.ours, ours: most.ours };
  return [
    row('download before first text, gzip', few.floor.downloaded, few.ours.downloaded, kibibytes, '≤ 28 KiB'),
    row('first text on screen, 100 messages', few.floor.firstText, few.ours.firstText, ms, '≤ 2 × floor'),
    row('first text on screen, 1,000', more.floor.firstText, more.ours.firstText, ms, '≤ 2 × floor'),
    row('first text on screen, 10,000', many.floor.firstText, many.ours.firstText, ms, '≤ 2 × floor'),
    row('first text, 100,000 against 100', against.floor.firstText, against.ours.firstText, ms, '≤ 1.1 ×'),
    row('longest task while opening 10,000', many.floor.longestTask, many.ours.longestTask, task, 'none'),
    row('DOM nodes at 10,000', many.floor.nodes, many.ours.nodes, String, '≤ 1,500'),
    row('JS heap at 10,000', many.floor.heap, many.ours.heap, megabytes, '≤ 4 MB'),
  ];
}

/** Here the floor is ours as well: an inbox of 50. */
function inboxRows({ 50: few, 5000: many }) {
  return [
    row('inbox of 5,000 threads against 50', few.cold.firstText, many.cold.firstText, ms, '≤ 2 × floor'),
    row('… again, once all were seen', few.again.firstText, many.again.firstText, ms, '≤ 2 × floor'),
    row('… a message arrives, to paint', few.arrived, many.arrived, ms, '≤ 2 × floor'),
    row('… DOM nodes once all were seen', few.nodes, many.nodes, String, '≤ 1,500'),
  ];
}

function deliveryRows({ express, shared, ours }) {
  const all = (name, read, format, target) => {
    const [label, , ...rest] = row(name, read(shared), read(ours), format, target);
    return [label, format(read(express)), ...rest];
  };
  return [
    all('delivered messages/s', ({ perSecond }) => perSecond, whole, '≥ 0.4 × floor, > Express'),
    all('send to delivered at 50/s, p50', ({ p50 }) => p50, ms, ''),
    all('send to delivered at 50/s, p99', ({ p99 }) => p99, ms, '≤ 3 × floor'),
    all('CPU per 10,000 messages', ({ cpuPer10000 }) => cpuPer10000, seconds, '≤ 2.5 s'),
  ];
}

function row(name, floor, ours, format, target) {
  const ratio = floor > 0 ? `${(ours / floor).toFixed(2)} ×` : '';
  return [name, '', format(floor), format(ours), ratio, target];
}

function ms(value) {
  return `${value.toFixed(1)} ms`;
}

/** Chromium speaks only of tasks above 50 ms. */
function task(value) {
  return value === 0 ? 'none > 50 ms' : ms(value);
}

function seconds(value) {
  return Number.isNaN(value) ? 'unknown' : `${value.toFixed(2)} s`;
}

function whole(value) {
  return Math.round(value).toLocaleString('en');
}

function kibibytes(value) {
  return `${(value / 1024).toFixed(1)} KiB`;
}

function megabytes(value) {
  return `${(value / 1e6).toFixed(1)} MB`;
}

function print(head, body) {
  const widths = head.map((_, column) => Math.max(...[head, ...body].map((cells) => cells[column].length)));
  for (const cells of [head, ...body]) {
    const padded = cells.map((cell, column) =>
      column === 0 || column === cells.length - 1
        ? cell.padEnd(widths[column])
        : cell.padStart(widths[column]),
    );
    console.log(padded.join('   ').trimEnd());
  }
}
