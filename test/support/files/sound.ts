import { deflateSync } from 'node:zlib';
import { aDoc } from './doc.ts';
import { aDocument, aDocx, aField, aParagraph, someRelationships } from './docx.ts';
import { anObjectStream, aPackedPdf, aPdf, aStream } from './pdf.ts';
import {
  aChunk,
  aJfif,
  aJpeg,
  anExif,
  aPng,
  aProfile,
  aScan,
  aSegment,
  exifTiff,
  jpegPixels,
  pngPixels,
  pngRows,
} from './picture.ts';
import { latin1, type SoundSample } from './sample.ts';

const pdf = (what: string, bytes: Buffer, name = 'homework.pdf'): SoundSample => ({
  what: `a PDF ${what}`,
  name,
  bytes,
  mediaType: 'application/pdf',
});
const jpeg = (what: string, bytes: Buffer, pixels = jpegPixels(), name = 'photo.jpg'): SoundSample => ({
  what: `a JPEG ${what}`,
  name,
  bytes,
  mediaType: 'image/jpeg',
  pixels,
});
const png = (what: string, bytes: Buffer, pixels?: Buffer): SoundSample => ({
  what: `a PNG ${what}`,
  name: 'scan.png',
  bytes,
  mediaType: 'image/png',
  ...(pixels && { pixels }),
});
const doc = (what: string, bytes: Buffer): SoundSample => ({
  what: `a DOC ${what}`,
  name: 'letter.doc',
  bytes,
  mediaType: 'application/msword',
});
const docx = (what: string, bytes: Buffer): SoundSample => ({
  what: `a DOCX ${what}`,
  name: 'letter.docx',
  bytes,
  mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
});
const csv = (what: string, bytes: Buffer | string): SoundSample => ({
  what: `a CSV ${what}`,
  name: 'diary.csv',
  bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes,
  mediaType: 'text/csv',
});

const drawn = pngPixels(6, 5, 8, 2);

/** Bytes of a picture of 6 by 5 in colour, interlaced: rows of each pass, each with its filter. */
const interlacedRows = [
  [1, 1],
  [1, 1],
  [2, 1],
  [1, 2],
  [3, 1],
  [3, 3],
  [6, 2],
] as const;
const interlacedSize = interlacedRows.reduce((sum, [columns, rows]) => sum + rows * (1 + columns * 3), 0);

/** Files as people send them. */
export const soundSamples: readonly SoundSample[] = [
  pdf('of one page', aPdf()),
  pdf('with a name in capitals', aPdf(), 'HOMEWORK.PDF'),
  pdf('with a name in Hebrew', aPdf(), 'שיעורי בית 📝.pdf'),
  pdf('of the newest edition', aPdf({ header: '%PDF-2.0\n%\xE2\xE3\xCF\xD3\n' })),
  pdf('with lines that end as on an old Mac', latin1(aPdf().toString('latin1').replaceAll('\n', '\r'))),
  pdf('with its objects packed in a stream', aPackedPdf()),
  pdf('with spaces behind the word stream', aPdf({ objects: [spaced(anObjectStream(['<< /A 1 >>']))] })),
  pdf(
    'with a packed page',
    aPdf({ objects: [aStream('/Filter /FlateDecode', deflateSync(Buffer.alloc(5_000, 'x')))] }),
  ),
  pdf(
    'with a photo',
    aPdf({ objects: [aStream('/Type /XObject /Subtype /Image /Filter /DCTDecode', aJpeg())] }),
  ),
  pdf(
    'with links to the web, to mail and to a telephone',
    aPdf({
      page: '/Annots [<< /Type /Annot /Subtype /Link /A << /S /URI /URI (https://example.org/a\\(b\\)) >> >> << /Subtype /Link /A << /S /URI /URI (mailto:a@example.org) >> >> << /Subtype /Link /A << /S /URI /URI <74656c3a2b31> >> >>]',
    }),
  ),
  pdf('that opens on its second page', aPdf({ catalog: '/OpenAction [3 0 R /Fit] /PageMode /UseOutlines' })),
  pdf(
    'with a form to fill in',
    aPdf({
      catalog: '/AcroForm << /Fields [5 0 R] /NeedAppearances true >>',
      objects: [
        '<< /FT /Tx /T (How did you sleep?) /V (Well \\(enough\\), thank you) /Type /Annot /Subtype /Widget /Rect [0 0 9 9] >>',
      ],
    }),
  ),
  pdf(
    'with strings in every dress',
    aPdf({ objects: ['[(a\\\nb) (\\050\\051) (((nested))) <48 65 6C6C 6F> () <> (\\)) (%)]'] }),
  ),
  pdf('that was changed and saved behind itself', aPdf({ after: savedBehind() })),
  pdf('with empty lines behind its end', aPdf({ after: '\r\n\r\n\0\0' })),
  pdf(
    'that speaks of objects on its page',
    aPdf({ content: 'BT (An object of mine, 7 0 objects in all, is /JS) Tj ET' }),
  ),
  pdf('with escaped names', aPdf({ objects: ['<< /Lime#20Green /A#42 /C 1 >>'] })),

  jpeg('as a camera writes it', aJpeg()),
  jpeg('with .jpeg in its name', aJpeg(), jpegPixels(), 'IMG_0001.JPEG'),
  jpeg('in colour', aJpeg({ components: 3 }), jpegPixels({ components: 3 })),
  jpeg(
    'for print',
    aJpeg({ components: 4, segments: [aSegment(0xee, 'Adobe\0\x64\0\0\0\0\x02')] }),
    jpegPixels({ components: 4 }),
  ),
  jpeg(
    'drawn in several goes',
    aJpeg({ frame: 0xc2, scans: [aScan(), aScan()] }),
    jpegPixels({ frame: 0xc2, scans: [aScan(), aScan()] }),
  ),
  jpeg(
    'with restarts',
    aJpeg({
      late: [aSegment(0xdd, Buffer.of(0, 4))],
      scans: [Buffer.concat([aScan(1, 4), Buffer.of(0xff, 0xd0, 0x0f)])],
    }),
    jpegPixels({ scans: [Buffer.concat([aScan(1, 4), Buffer.of(0xff, 0xd0, 0x0f)])] }),
  ),
  jpeg(
    'with a colour profile',
    aJpeg({
      segments: [aJfif(), aSegment(0xe2, Buffer.concat([latin1('ICC_PROFILE\0\x01\x01'), aProfile()]))],
    }),
  ),
  jpeg('that is to be turned', aJpeg({ segments: [anExif(6)] })),
  jpeg('that is to be turned, said the other way round', aJpeg({ segments: [anExif(8, 'MM')] })),
  jpeg('with filling before its markers', aJpeg({ late: [Buffer.of(0xff, 0xff)] })),
  jpeg(
    'from a phone that puts a film behind it',
    aJpeg({ after: latin1('\0\0\0\x18ftypmp42\0\0\0\0and so on') }),
  ),
  jpeg(
    'of fifty million pixels',
    aJpeg({ width: 8_160, height: 6_144 }),
    jpegPixels({ width: 8_160, height: 6_144 }),
  ),

  png('in colour', aPng(), drawn),
  ...(
    [
      [0, 1],
      [0, 2],
      [0, 4],
      [0, 8],
      [0, 16],
      [2, 16],
      [4, 8],
      [4, 16],
      [6, 8],
      [6, 16],
    ] as const
  ).map(([colour, depth]) =>
    png(`of colour type ${colour} in ${depth} bits`, aPng({ colour, depth }), pngPixels(6, 5, depth, colour)),
  ),
  png(
    'with a palette',
    aPng({ colour: 3, depth: 4, before: [aChunk('PLTE', Buffer.alloc(48)), aChunk('tRNS', '\0\x80')] }),
    pngPixels(6, 5, 4, 3),
  ),
  png(
    'that shows itself bit by bit',
    aPng({ interlace: 1, pixels: [aChunk('IDAT', deflateSync(Buffer.alloc(interlacedSize)))] }),
    aChunk('IDAT', deflateSync(Buffer.alloc(interlacedSize))),
  ),
  png(
    'in many chunks',
    aPng({ pixels: inPieces(deflateSync(pngRows(6, 5, 8, 2)), 7) }),
    Buffer.concat(inPieces(deflateSync(pngRows(6, 5, 8, 2)), 7)),
  ),
  png(
    'with colours and density',
    aPng({
      before: [
        aChunk('sRGB', '\0'),
        aChunk('gAMA', '\0\0\xB1\x8F'),
        aChunk('pHYs', '\0\0\x0B\x13\0\0\x0B\x13\x01'),
      ],
    }),
    Buffer.concat([
      aChunk('sRGB', '\0'),
      aChunk('gAMA', '\0\0\xB1\x8F'),
      aChunk('pHYs', '\0\0\x0B\x13\0\0\x0B\x13\x01'),
      drawn,
    ]),
  ),
  png(
    'with a colour profile',
    aPng({ before: [aChunk('iCCP', Buffer.concat([latin1('mine\0\0'), deflateSync(aProfile())]))] }),
    Buffer.concat([aChunk('iCCP', Buffer.concat([latin1('icc\0\0'), deflateSync(aProfile())])), drawn]),
  ),
  png('that is to be turned', aPng({ before: [aChunk('eXIf', exifTiff(6))] }), drawn),
  png(
    'that is to be turned, said behind its pixels',
    aPng({ behind: [aChunk('eXIf', exifTiff(3, 'MM'))] }),
    drawn,
  ),
  png(
    'of thirty million pixels',
    aPng({ width: 6_000, height: 5_000, colour: 0 }),
    pngPixels(6_000, 5_000, 8, 0),
  ),

  doc('of one line', aDoc()),
  doc('in eight bits', aDoc({ narrow: true })),
  doc('in pieces', aDoc({ pieces: 3, text: 'Sleep, and other homework\r' })),
  doc('with the other table', aDoc({ flags: 0 })),
  doc(
    'with fields',
    aDoc({
      text: '\x13 PAGE \x141\x15 \x13 HYPERLINK "https://example.org" \x14here\x15 \x13 IF \x13 PAGE \x141\x15 = 1 "a" "b" \x14a\x15\r',
    }),
  ),
  doc('with an empty pool of objects', aDoc({ more: [{ name: 'ObjectPool', children: [] }] })),
  doc(
    'with data of its publisher',
    aDoc({ more: [{ name: 'MsoDataStore', children: [{ name: 'Item', content: Buffer.alloc(90, 'x') }] }] }),
  ),
  doc('of many pages', aDoc({ text: 'Homework for Thursday\r'.repeat(20_000) })),

  docx('of one line', aDocx()),
  docx('without packing', aDocx({ each: (part) => ({ ...part, stored: true }) })),
  docx('with sizes behind its data', aDocx({ each: (part) => ({ ...part, descriptor: true }) })),
  docx('from the web', aDocx({ path: 'word/document2.xml' })),
  docx(
    'with a photo',
    aDocx({
      ties: [['image', 'media/image1.png']],
      parts: [
        { name: 'word/media/image1.png', content: aPng() },
        { name: 'word/media/image2.jpeg', content: aJpeg() },
      ],
    }),
  ),
  docx(
    'with a drawing',
    aDocx({
      parts: [
        { name: 'word/media/image1.emf', content: latin1('\x01\0\0\0l\0\0\0drawn') },
        {
          name: 'word/media/image2.svg',
          content: '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9"/></svg>',
        },
      ],
    }),
  ),
  docx(
    'with links',
    aDocx({
      ties: [
        ['hyperlink', 'https://example.org/?a=1&amp;b=2', 'External'],
        ['hyperlink', 'mailto:a@example.org', 'External'],
      ],
    }),
  ),
  docx(
    'with fields',
    aDocx({
      body:
        aField(' PAGE ') +
        aField(' TO', 'C \\o ') +
        aField(' IF ', aField(' PAGE '), ' = 1 ') +
        '<w:fldSimple w:instr=" DATE "/>',
    }),
  ),
  docx(
    'with styles, notes and a theme',
    aDocx({
      ties: [
        ['styles', 'styles.xml'],
        ['footnotes', 'footnotes.xml'],
        ['theme', 'theme/theme1.xml'],
        ['settings', 'settings.xml'],
      ],
      parts: ['styles', 'footnotes', 'theme/theme1', 'settings'].map((name) => ({
        name: `word/${name}.xml`,
        content: '<x xmlns="urn:x"><y a="1"/></x>',
      })),
    }),
  ),
  docx(
    'that speaks of macros and links',
    aDocx({
      body: aParagraph('DDEAUTO, LINK and vbaProject.bin are words; so is javascript: and &lt;script&gt;'),
    }),
  ),
  docx(
    'in UTF-16',
    aDocx({
      document: Buffer.from(`\uFEFF${aDocument(aParagraph('Ünï')).replace('UTF-8', 'UTF-16')}`, 'utf16le'),
    }),
  ),
  docx(
    'with folders and a font',
    aDocx({
      parts: [
        { name: 'word/fonts/', content: '', stored: true },
        { name: 'word/fonts/font1.odttf', content: Buffer.alloc(99, 3) },
        {
          name: 'customXml/_rels/item1.xml.rels',
          content: someRelationships([['customXmlProps', 'itemProps1.xml']]),
        },
      ],
    }),
  ),
  docx(
    'of many pages',
    aDocx({ body: Array.from({ length: 20_000 }, (_, page) => aParagraph(`Line ${page}`)).join('') }),
  ),

  { ...csv('whose name is hard to quote', 'a,b\n'), name: "Ana’s (1) ‘👩‍👩‍👧’ يوم; 50%, #1 + it's déjà=.csv" },
  csv('of one row', 'day,mood\nMonday,4\n'),
  csv('with a mark and umlauts', '\uFEFFTag;Stimmung\r\nMontag;"schön; sehr"\r\n'),
  csv('in UTF-16, as Excel calls Unicode', Buffer.from('\uFEFFday\tmood\r\nMonday\t😀\r\n', 'utf16le')),
  csv('in UTF-16, the other way round', Buffer.from('\uFEFFday,mood\n', 'utf16le').swap16()),
  csv('in Windows-1252', latin1('Tag;Stimmung\r\nMontag;sch\xF6n \x80\r\n')),
  csv(
    'with cells that begin like formulas',
    '=1+1,-5,+1 555 0100,@home,"=HYPERLINK(""https://example.org"")"\n',
  ),
  csv('whose header is in pointed brackets', '<DATE>,<MOOD>\n1,2\n'),
  csv('in Japanese, with emoji', '日,気分\n月曜日,😀👩‍👩‍👧\n'),
  csv('that compares', 'a < b,b > a\n"if x < 3 and y > 2",1\n'),
];

function inPieces(data: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(data.length / size) }, (_, index) =>
    aChunk('IDAT', data.subarray(index * size, (index + 1) * size)),
  );
}

/** What an editor appends: a new page in place of the old one, and a table that leads to the older table. */
function savedBehind(): Buffer {
  const before = aPdf().toString('latin1');
  const start = before.length;
  const older = /startxref\n(\d+)/.exec(before)?.[1] ?? '';
  const object = '4 0 obj\n<< /Length 0 >>\nstream\n\nendstream\nendobj\n';
  const table = `xref\n4 1\n${String(start).padStart(10, '0')} 00000 n \ntrailer\n<< /Size 5 /Root 1 0 R /Prev ${older} >>\n`;
  return latin1(`${object}${table}startxref\n${start + object.length}\n%%EOF\n`);
}

function spaced(stream: Buffer): Buffer {
  return latin1(stream.toString('latin1').replace('>>\nstream\n', '>>\nstream \r\n'));
}
