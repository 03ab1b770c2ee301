import type { Request, Response } from 'express';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import type { OutgoingFile } from '../services/attachments.ts';
import { sendProblem } from './problems.ts';

/** Sends a file to be saved, never to be shown: it is inert wherever it ends up. */
export async function sendFile(req: Request, res: Response, file: OutgoingFile): Promise<void> {
  res.set({
    'Content-Security-Policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
    'X-Content-Type-Options': 'nosniff',
    // The widget fetches with CORS, which this does not touch; whoever embeds gets nothing.
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Accept-Ranges': 'bytes',
  });
  const range = rangeOf(req, file.size);
  if (range === 'unsatisfiable') {
    res.set('Content-Range', `bytes */${file.size}`);
    return sendProblem(res, 'invalid', 'Range: must be within the file', 416);
  }
  const { start, end } = range ?? { start: 0, end: file.size };
  const bytes = file.read({ start, end })[Symbol.asyncIterator]();
  // As long as nothing is promised, trouble can still be told.
  const first = req.method === 'HEAD' ? undefined : await bytes.next();
  res.status(range === undefined ? 200 : 206);
  if (range !== undefined) res.set('Content-Range', `bytes ${start}-${end - 1}/${file.size}`);
  res.set('Content-Disposition', dispositionOf(file.name));
  // Express would add a charset, and what a file of text is written in is the file's business.
  res.setHeader('Content-Type', file.mediaType);
  res.setHeader('Content-Length', end - start);
  if (first === undefined) return void res.end();
  try {
    await pipeline(Readable.from(beginningWith(first, bytes)), res);
  } catch (error) {
    // Whoever hung up is told nothing, and it is nobody's fault.
    if (!isHangUp(error)) throw error;
  }
}

async function* beginningWith(
  first: IteratorResult<Buffer>,
  rest: AsyncIterator<Buffer>,
): AsyncGenerator<Buffer> {
  for (let next = first; next.done !== true; next = await rest.next()) yield next.value;
}

/** RFC 6266: a name that every program reads, and by RFC 8187 the one it has. */
export function dispositionOf(name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%]/gu, '_');
  const encoded = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

type Range = { readonly start: number; readonly end: number };

/** One stretch, where one is asked for in a way we know; else all of it, as RFC 9110 allows. */
function rangeOf(req: Request, size: number): Range | 'unsatisfiable' | undefined {
  // We name no version of a file: whoever has part of one can't tell that it is of this one.
  if (req.headers['if-range'] !== undefined) return undefined;
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(req.headers.range ?? '') ?? [];
  if (first === undefined || last === undefined || first + last === '') return undefined;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size };
  }
  if (last !== '' && Number(last) < Number(first)) return undefined;
  const end = last === '' ? size : Math.min(Number(last) + 1, size);
  return Number(first) >= size ? 'unsatisfiable' : { start: Number(first), end };
}

function isHangUp(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE'].includes(String(error.code))
  );
}
