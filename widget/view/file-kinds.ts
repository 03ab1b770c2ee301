import type { Language } from './language.ts';

/** What a file says it is, by the end of its name. */
const byEnding: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  csv: 'text/csv',
};

export function mediaTypeOf(name: string): string | undefined {
  return byEnding[/[^.]*$/.exec(name.toLowerCase())?.[0] ?? ''];
}

/** As one says which kinds are taken: PDF, JPG, PNG. */
export function endingsOf(mediaTypes: readonly string[]): string {
  const found = Object.keys(byEnding).filter((ending) => mediaTypes.includes(byEnding[ending] ?? ''));
  return found
    .filter((ending) => ending !== 'jpeg')
    .map((ending) => ending.toUpperCase())
    .join(', ');
}

/** As phones take photos, and few but phones show them. */
export function isHeic({ name, type }: { readonly name: string; readonly type: string }): boolean {
  return /\.hei[cf]$/i.test(name) || /^image\/hei[cf]/.test(type);
}

/** 2.4 MB. */
export function sizeIn({ locale }: Language, bytes: number): string {
  const [unit, per] = bytes < 2 ** 20 ? (['kilobyte', 2 ** 10] as const) : (['megabyte', 2 ** 20] as const);
  const value = Math.max(bytes / per, 0.1);
  const format = { style: 'unit', unit, maximumFractionDigits: value < 10 ? 1 : 0 } as const;
  return new Intl.NumberFormat(locale, format).format(value);
}

export function percentIn({ locale }: Language, part: number): string {
  // All of it is there when the server says so, not when the last byte has left.
  return new Intl.NumberFormat(locale, { style: 'percent' }).format(Math.min(part, 0.99));
}
