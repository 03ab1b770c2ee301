import { nothing, type ReactiveControllerHost } from 'lit';
import type { Place, sanitize } from './sanitize.ts';

/**
 * What a clinic has set, as its host may render it. Where there is markup in it, what makes that safe is fetched
 * when it is first needed; until then, and where it can't be had, its words stand alone.
 */
export function clinicText(html: string, host: ReactiveControllerHost, place: Place = 'text'): unknown {
  const plain = place === 'links' ? nothing : wordsOf(html);
  if (!/[<&]/.test(html)) return plain;
  if (!door) void open().then((isOpen) => isOpen && host.requestUpdate());
  return door?.(html, place) ?? plain;
}

/** The words of it alone, as one line. To be shown as text and as nothing else. */
export function wordsOf(html: string): string {
  return html
    .replace(/<(script|style)\b[^]*?(?:<\/\1|$)/gi, '</')
    .replace(/<\/?(?:p|ul|ol|li|br|div)\b[^>]*(?:>|$)/gi, ' ')
    .replace(/<[a-z/!?][^>]*(?:>|$)/gi, '')
    .replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, decode)
    .replace(/\s+/g, ' ')
    .trim();
}

let door: typeof sanitize | undefined;
let opening: Promise<boolean> | undefined;

function open(): Promise<boolean> {
  opening ??= import('./sanitize.ts')
    .then(
      (found) => ((door = found.sanitize), true),
      () => false,
    )
    .finally(() => (opening = undefined));
  return opening;
}

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

function decode(entity: string, decimal?: string, hexadecimal?: string, name = ''): string {
  const code = decimal ? Number(decimal) : hexadecimal ? parseInt(hexadecimal, 16) : undefined;
  if (code === undefined) return named[name.toLowerCase()] ?? entity;
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
}
