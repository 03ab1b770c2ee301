import { extensionOf } from './name.ts';
import { type MediaType, type Unfit, unsafe, unsupported } from './verdict.ts';

/** What a file's name can claim. */
export type Kind = { readonly mediaType: MediaType; readonly noun: string };

const kinds: ReadonlyMap<string, Kind> = new Map(
  Object.entries<Kind>({
    pdf: { mediaType: 'application/pdf', noun: 'PDF' },
    jpg: { mediaType: 'image/jpeg', noun: 'JPG picture' },
    jpeg: { mediaType: 'image/jpeg', noun: 'JPG picture' },
    png: { mediaType: 'image/png', noun: 'PNG picture' },
    doc: { mediaType: 'application/msword', noun: 'Word document (DOC)' },
    docx: {
      mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      noun: 'Word document (DOCX)',
    },
    csv: { mediaType: 'text/csv', noun: 'CSV table' },
  }),
);

/** What this name claims to be, or why nothing of that name is taken. */
export function kindOf(name: string): Kind | Unfit {
  const extension = extensionOf(name).toLowerCase();
  const kind = kinds.get(extension);
  if (kind) return kind;
  if (programs.has(extension)) return unsafe('Programs and scripts can’t be sent.');
  if (macros.has(extension)) {
    return unsafe('Office files with macros can’t be sent. Save it as DOCX or PDF, then send that.');
  }
  return unsupported(advice.get(extension) ?? `This kind of file can’t be sent. ${list}`);
}

/** The refusal of a file that is not what its name says. */
export function notWhatItSays({ noun, mediaType }: Kind, bytes: Buffer): Unfit {
  const article = /^[AEIOU]/.test(noun) ? 'an' : 'a';
  const truth = truths.find(({ is }) => is(bytes));
  if (truth?.runs) {
    return unsafe(`This file says it is ${article} ${noun}, but it is ${truth.what}. It can’t be sent.`);
  }
  if (truth && truth.mediaType !== mediaType) {
    return unsupported(
      `This file says it is ${article} ${noun}, but it is ${truth.what}. ${truth.advice ?? list}`,
    );
  }
  return unsupported(`This file says it is ${article} ${noun}, but it is not one.`);
}

/** Whether these bytes begin like a program, an archive or another document: what no picture or drawing begins like. */
export function beginsLikeAnother(bytes: Buffer): boolean {
  return truths.some(({ is, isPicture }) => isPicture !== true && is(bytes));
}

/** Whether these bytes begin like a picture of a common kind. */
export function beginsLikePicture(bytes: Buffer): boolean {
  return truths.some(({ is, isPicture }) => isPicture === true && is(bytes));
}

/**
 * Whether an unpacker that looks from the end, as all do, would find a zip archive here: a program for Java, say, that is
 * also a picture.
 */
export function endsLikeArchive(bytes: Buffer): boolean {
  const farthest = Math.max(0, bytes.length - 65_557);
  let end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  // Each is looked at once; there are no more of them than a quarter of the last 64 KiB.
  for (
    ;
    end >= farthest && end >= 0;
    end = end === 0 ? -1 : bytes.lastIndexOf('PK\x05\x06', end - 1, 'latin1')
  ) {
    if (end + 22 > bytes.length) continue;
    const directory = end - bytes.readUInt32LE(end + 12);
    if (directory >= 0 && directory < end && startsWith(bytes.subarray(directory), 'PK\x01\x02')) return true;
  }
  return false;
}

const list = 'PDF, JPG, PNG, DOC, DOCX and CSV files can.';

const advice: ReadonlyMap<string, string> = new Map(
  Object.entries({
    heic: 'Photos in HEIC format can’t be sent. Save it as JPG, then send that.',
    heif: 'Photos in HEIF format can’t be sent. Save it as JPG, then send that.',
    webp: 'Pictures in WebP format can’t be sent. Save it as JPG or PNG, then send that.',
    gif: 'Pictures in GIF format can’t be sent. Save it as JPG or PNG, then send that.',
    tif: 'Pictures in TIFF format can’t be sent. Save it as PDF, JPG or PNG, then send that.',
    tiff: 'Pictures in TIFF format can’t be sent. Save it as PDF, JPG or PNG, then send that.',
    zip: `Archives can’t be sent. Send the files in it one by one: ${list}`,
    rar: `Archives can’t be sent. Send the files in it one by one: ${list}`,
    '7z': `Archives can’t be sent. Send the files in it one by one: ${list}`,
    dotx: 'Word templates can’t be sent. Save it as DOCX, then send that.',
    dot: 'Word templates can’t be sent. Save it as DOCX, then send that.',
    rtf: 'RTF files can’t be sent. Save it as DOCX or PDF, then send that.',
    odt: 'OpenDocument files can’t be sent. Save it as DOCX or PDF, then send that.',
    pages: 'Pages documents can’t be sent. Export it as PDF or DOCX, then send that.',
    txt: 'Plain text files can’t be sent. Paste the text into a message, or save it as PDF.',
    xls: 'Excel files can’t be sent. Save it as CSV or PDF, then send that.',
    xlsx: 'Excel files can’t be sent. Save it as CSV or PDF, then send that.',
  }),
);

const programs: ReadonlySet<string> = new Set(
  (
    'exe dll com scr pif cpl msi msp mst msix appx appinstaller bat cmd ps1 psm1 psd1 vbs vbe js jse mjs cjs wsf wsh wsc ' +
    'hta htm html xhtml shtml mht mhtml svg svgz xml xsl xslt swf jar jnlp class apk ipa app dmg pkg deb rpm run sh bash ' +
    'zsh csh fish py pyc pyw pl php phar rb lua lnk url webloc desktop scf inf reg chm hlp iso img vhd vhdx sys drv ocx ' +
    'application gadget msc library settingcontent searchconnector iqy slk sylk dqy rqy oqy xll wll one onepkg theme ' +
    'themepack diagcab'
  ).split(' '),
);

const macros: ReadonlySet<string> = new Set(
  'docm dotm xlsm xltm xlsb xlam xla xlm pptm potm ppam ppsm sldm mdb accdb accde'.split(' '),
);

type Truth = {
  readonly what: string;
  readonly is: (bytes: Buffer) => boolean;
  readonly mediaType?: MediaType;
  readonly advice?: string;
  readonly isPicture?: boolean;
  readonly runs?: boolean;
};

/** What files really are, by how they begin. */
const truths: readonly Truth[] = [
  {
    what: 'a PDF',
    is: begins('%PDF-'),
    mediaType: 'application/pdf',
    advice: 'Give it a name that ends in .pdf.',
  },
  {
    what: 'a JPG picture',
    is: begins('\xFF\xD8\xFF'),
    mediaType: 'image/jpeg',
    advice: 'Give it a name that ends in .jpg.',
    isPicture: true,
  },
  {
    what: 'a PNG picture',
    is: begins('\x89PNG\r\n\x1A\n'),
    mediaType: 'image/png',
    advice: 'Give it a name that ends in .png.',
    isPicture: true,
  },
  { what: 'a GIF picture', is: begins('GIF8'), isPicture: true },
  { what: 'a TIFF picture', is: begins('II*\0', 'MM\0*'), isPicture: true },
  {
    what: 'a WebP picture',
    is: (bytes) => startsWith(bytes, 'RIFF') && startsWith(bytes.subarray(8), 'WEBP'),
  },
  {
    what: 'a photo in HEIC format',
    is: (bytes) => /^ftyp(?:hei|hev|mif1|msf1)/.test(bytes.toString('latin1', 4, 12)),
    advice: 'Save it as JPG, then send that.',
  },
  { what: 'an old Office file', is: begins('\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1') },
  {
    what: 'an archive',
    is: begins(
      'PK\x03\x04',
      'PK\x05\x06',
      'Rar!\x1A\x07',
      '7z\xBC\xAF\x27\x1C',
      '\x1F\x8B\x08',
      'BZh',
      '\xFD7zXZ\0',
      'MSCF',
      '\x28\xB5\x2F\xFD',
    ),
  },
  { what: 'an RTF document', is: begins('{\\rt'), advice: 'Save it as DOCX or PDF, then send that.' },
  // A drawing in WMF may begin with any two bytes but these; a program has its header's place at 60.
  { what: 'a program', is: (bytes) => startsWith(bytes, 'MZ') && bytes.length >= 64, runs: true },
  {
    what: 'a program',
    is: begins(
      '\x7FELF',
      '\xCA\xFE\xBA\xBE',
      '\xFE\xED\xFA',
      '\xCF\xFA\xED\xFE',
      '\xCE\xFA\xED\xFE',
      '\0asm',
      'dex\n',
    ),
    runs: true,
  },
  { what: 'a script', is: begins('#!'), runs: true },
  { what: 'a shortcut', is: begins('L\0\0\0\x01\x14\x02\0'), runs: true },
  {
    what: 'a web page or script',
    is: (bytes) =>
      /^(?:\xEF\xBB\xBF)?\s*<(?:!doctype|\?|html|head|body|script|svg|iframe|meta|%)/i.test(
        bytes.toString('latin1', 0, 256),
      ),
    runs: true,
  },
];

function begins(...magics: readonly string[]): (bytes: Buffer) => boolean {
  return (bytes) => magics.some((magic) => startsWith(bytes, magic));
}

export function startsWith(bytes: Buffer, magic: string): boolean {
  return bytes.toString('latin1', 0, magic.length) === magic;
}
