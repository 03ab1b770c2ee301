import { isUtf8 } from 'node:buffer';
import type { Request, RequestHandler } from 'express';
import { Refusal } from '../services/refusal.ts';

const maxBytes = 65_536;

/** Takes in a body that must be JSON, and nothing else. */
export const readJson: RequestHandler = (req, _res, next) => {
  refuseOtherKinds(req);
  const parts: Buffer[] = [];
  let size = 0;
  req.on('data', (part: Buffer) => {
    size += part.length;
    if (size <= maxBytes) parts.push(part);
    else if (size - part.length <= maxBytes) next(tooLarge());
  });
  req.once('end', () => {
    if (size > maxBytes) return;
    const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    try {
      req.body = parse(bytes);
    } catch {
      return next(new Refusal('invalid', 'body: must be well-formed JSON in UTF-8'));
    }
    next();
  });
};

function refuseOtherKinds({ headers }: Request): void {
  // A body of another kind may have been sent by a page's form, which asks nobody's leave.
  const isJson = /^application\/json *(; *charset *= *"?utf-8"? *)?$/i.test(headers['content-type'] ?? '');
  const isPlain = (headers['content-encoding'] ?? 'identity').toLowerCase() === 'identity';
  if (!isJson || !isPlain) throw new Refusal('unsupported-media-type');
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
}

function parse(bytes: Buffer): unknown {
  // Decoding would put U+FFFD where bytes are not UTF-8, and so change what was written.
  if (!isUtf8(bytes)) throw new SyntaxError('This is not UTF-8.');
  return JSON.parse(bytes.toString());
}

function tooLarge(): Refusal {
  return new Refusal('too-large', 'body: must be 64 KiB at most');
}
