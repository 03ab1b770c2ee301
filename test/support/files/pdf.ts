import { deflateSync } from 'node:zlib';
import { latin1 } from './sample.ts';

export type PdfParts = {
  readonly header?: string;
  /** More in the catalog. */
  readonly catalog?: string;
  /** More on its one page. */
  readonly page?: string;
  /** Objects from number 5 on, without `obj` and `endobj`. */
  readonly objects?: readonly (string | Buffer)[];
  /** What is drawn on the page. */
  readonly content?: string | Buffer;
  /** More in the trailer. */
  readonly trailer?: string;
  /** Between the last object and the table. */
  readonly beforeTable?: string | Buffer;
  readonly after?: string | Buffer;
};

const drawing = 'BT /F1 24 Tf 72 700 Td (Homework for Thursday) Tj ET';

/** A PDF of one page, with a table that is right. */
export function aPdf(parts: PdfParts = {}): Buffer {
  const { header = '%PDF-1.7\n%\xE2\xE3\xCF\xD3\n', catalog = '', page = '', content = drawing } = parts;
  const bodies = [
    `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> ${page} >>`,
    aStream('', content),
    ...(parts.objects ?? []),
  ];
  const chunks: Buffer[] = [latin1(header)];
  const places: number[] = [];
  for (const [index, body] of bodies.entries()) {
    places.push(lengthOf(chunks));
    chunks.push(latin1(`${index + 1} 0 obj\n`), toBuffer(body), latin1('\nendobj\n'));
  }
  chunks.push(toBuffer(parts.beforeTable ?? ''));
  const table = lengthOf(chunks);
  const rows = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  chunks.push(
    latin1(`xref\n0 ${places.length + 1}\n0000000000 65535 f \n${rows}`),
    latin1(`trailer\n<< /Size ${places.length + 1} /Root 1 0 R ${parts.trailer ?? ''} >>\n`),
    latin1(`startxref\n${table}\n%%EOF\n`),
    toBuffer(parts.after ?? ''),
  );
  return Buffer.concat(chunks);
}

/** A PDF of the newer kind: its objects packed in a stream, its table a stream too. */
export function aPackedPdf(
  objects: readonly string[] = [],
  more: { readonly objectStream?: string } = {},
): Buffer {
  const bodies = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>',
    ...objects,
  ];
  const chunks: Buffer[] = [latin1('%PDF-1.5\n%\xE2\xE3\xCF\xD3\n')];
  const packedAt = lengthOf(chunks);
  const number = bodies.length + 1;
  chunks.push(latin1(`${number} 0 obj\n`), anObjectStream(bodies, more.objectStream), latin1('\nendobj\n'));
  const table = lengthOf(chunks);
  const rows = Buffer.concat([
    Buffer.of(0, 0, 0, 255),
    ...bodies.map((_, index) => Buffer.of(2, 0, number, index)),
    Buffer.of(1, 0, packedAt, 0),
    Buffer.of(1, table >> 8, table & 255, 0),
  ]);
  const dictionary = `/Type /XRef /Size ${number + 2} /W [1 2 1] /Root 1 0 R /Filter /FlateDecode /DecodeParms << /Columns 4 /Predictor 1 >>`;
  chunks.push(latin1(`${number + 1} 0 obj\n`), aStream(dictionary, deflateSync(rows)));
  chunks.push(latin1(`\nendobj\nstartxref\n${table}\n%%EOF\n`));
  return Buffer.concat(chunks);
}

/** `dictionary` stands for what an object stream says of itself, but for its length. */
export function anObjectStream(bodies: readonly string[], dictionary?: string): Buffer {
  let place = 0;
  const heads = bodies.map((body, index) => {
    const head = `${index + 1} ${place}`;
    place += body.length + 1;
    return head;
  });
  const first = `${heads.join(' ')}\n`;
  const unpacked = latin1(first + bodies.join('\n'));
  const says = dictionary ?? '/Type /ObjStm /N COUNT /First FIRST /Filter /FlateDecode';
  const filled = says.replace('COUNT', String(bodies.length)).replace('FIRST', String(first.length));
  return aStream(filled, /Flate/.test(filled) ? deflateSync(unpacked) : unpacked);
}

export function aStream(dictionary: string, content: string | Buffer): Buffer {
  const bytes = toBuffer(content);
  return Buffer.concat([
    latin1(`<< ${dictionary} /Length ${bytes.length} >>\nstream\n`),
    bytes,
    latin1('\nendstream'),
  ]);
}

const toBuffer = (part: string | Buffer): Buffer => (typeof part === 'string' ? latin1(part) : part);
const lengthOf = (chunks: readonly Buffer[]): number => chunks.reduce((sum, { length }) => sum + length, 0);
