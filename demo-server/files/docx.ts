import { isHarmlessAddress } from './address.ts';
import type { Effort } from './effort.ts';
import { FieldWatch } from './field.ts';
import { beginsLikeAnother, beginsLikePicture, startsWith } from './kind.ts';
import { excessive, unsafe, unsupported } from './verdict.ts';
import { readXml, type XmlElement } from './xml.ts';
import { readZip, type ZipEntry } from './zip.ts';

const noun = 'Word document';
const savedAnew = 'Save it as PDF, then send that.';

/** Reads every part of a Word document: what it says it is, what it points to, what lies in it. */
export function inspectDocx(bytes: Buffer, effort: Effort): Buffer {
  if (!startsWith(bytes, 'PK')) {
    throw unsupported(
      'This Word document is locked, or is an old one (DOC) under a new name. Save it as DOCX without a password, then send that.',
    );
  }
  const parts = readZip(bytes, noun, effort);
  const written = [...parts.values()]
    .filter(({ name }) => isText.test(name))
    .reduce((sum, { size }) => sum + size, 0);
  if (written > textLimit) throw excessive(`There is too much text in this Word document. ${savedAnew}`);
  checkType(parts, effort);
  for (const [name, part] of parts) checkPart(name, part, effort);
  return bytes;
}

/** XML of all parts together: of a book of a thousand pages it is a tenth of this. It takes seconds to read. */
const textLimit = 32 * 1024 * 1024;
const isText = /\.(?:xml|rels|svg|vml)$/i;

const macros = unsafe.bind(undefined, `This Word document has macros inside it. ${savedAnew}`);
const embedded = unsafe.bind(
  undefined,
  `This Word document has other files or programs inside it. ${savedAnew}`,
);
const loads = unsafe.bind(
  undefined,
  `This Word document loads something from elsewhere when it is opened. ${savedAnew}`,
);
const notWord = unsupported.bind(
  undefined,
  'This file says it is a Word document (DOCX), but it is not one.',
);

const documentType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml';
const officeDocument = /\/relationships\/officeDocument$/;

/** Whether its main part is there, and is a document rather than a template, a sheet or something with macros. */
function checkType(parts: ReadonlyMap<string, ZipEntry>, effort: Effort): void {
  const types = parts.get('[Content_Types].xml');
  const roots = parts.get('_rels/.rels');
  if (types === undefined || roots === undefined) throw notWord();
  const typeOf = new Map<string, string>();
  readXml(types.unpack(), noun, effort, {
    onOpen({ name, attributes }) {
      const type = attributeOf(attributes, 'ContentType') ?? '';
      if (/macroEnabled|vbaProject|vbaData/i.test(type)) throw macros();
      if (
        /oleObject|activeX|officedocument\.package|x-msdownload|x-ms-dos|msi\b|java-archive|html|javascript/i.test(
          type,
        )
      ) {
        throw embedded();
      }
      if (name === 'Override') typeOf.set((attributeOf(attributes, 'PartName') ?? '').toLowerCase(), type);
    },
  });
  const mains: string[] = [];
  readXml(roots.unpack(), noun, effort, {
    onOpen({ attributes }) {
      if (officeDocument.test(attributeOf(attributes, 'Type') ?? ''))
        mains.push(attributeOf(attributes, 'Target') ?? '');
    },
  });
  const [main = ''] = mains;
  const path = main.replace(/^\//, '');
  if (mains.length !== 1 || !/^word\/document\d{0,3}\.xml$/.test(path) || !parts.has(path)) throw notWord();
  if (typeOf.get(`/${path}`.toLowerCase()) !== documentType) throw notWord();
}

/** Parts that are neither text nor picture: fonts made unreadable, and what a printer was set to. */
const opaque = /\.odttf$|^word\/printerSettings\/[^/]+\.bin$/i;
const pictures = /\.(?:png|jpe?g|jpe|gif|bmp|dib|tiff?|emf|wmf|wdp)$/i;
/** Drawings for printers, whose first bytes say little. */
const drawings = /\.(?:emf|wmf|wdp|bmp|dib)$/i;

function checkPart(name: string, part: ZipEntry, effort: Effort): void {
  if (/vbaProject|vbaData/i.test(name)) throw macros();
  if (/(?:^|\/)(?:embeddings|activeX|afchunk|attachedToolbars)/i.test(name)) throw embedded();
  const content = part.unpack();
  if (isText.test(name)) {
    if (/\.rels$/i.test(name)) readXml(content, noun, effort, { onOpen: checkRelationship });
    else checkText(content, effort);
  } else if (pictures.test(name)) {
    if (beginsLikeAnother(content)) throw embedded();
    if (content.length > 0 && !drawings.test(name) && !beginsLikePicture(content)) throw embedded();
  } else if (!opaque.test(name) || beginsLikeAnother(content)) throw embedded();
}

/** What a document may not be tied to, wherever it lies. By the last word of the type: its beginning differs by edition. */
const tiesThatRun: ReadonlySet<string> = new Set(
  (
    'oleobject package control activexcontrol activexcontrolbinary vbaproject wordvbadata afchunk frame subdocument ' +
    'attachedtemplate attachedtoolbars keymapcustomizations mailmergesource mailmergeheadersource recipientdata ' +
    'externallink externallinkpath video audio media transitionmovie slideupdateurl dialogsheet xlmacrosheet ' +
    'xlintlmacrosheet uirelationship extensibility webextension webextensiontaskpanes taskpanes ctrlprop'
  ).split(' '),
);

function checkRelationship({ name, attributes }: XmlElement): void {
  if (name !== 'Relationship') return;
  const type = (attributeOf(attributes, 'Type') ?? '').split('/').at(-1)?.toLowerCase() ?? '';
  const target = attributeOf(attributes, 'Target') ?? '';
  if (type.includes('vba')) throw macros();
  if (type === 'attachedtemplate') {
    throw unsafe(
      'This Word document loads a template from elsewhere when it is opened. Save it as PDF, then send that.',
    );
  }
  if (type === 'oleobject' || type === 'package' || type.includes('activex') || type === 'control')
    throw embedded();
  if (tiesThatRun.has(type)) throw loads();
  if (attributeOf(attributes, 'TargetMode')?.toLowerCase() === 'external') {
    if (type !== 'hyperlink' || !isHarmlessAddress(target)) throw loads();
  } else if (!isInside(target)) throw loads();
}

/** A path to another part of the package. */
const isInside = (target: string): boolean => !/^[a-z][a-z0-9+.-]*:|\\|^\/\//i.test(target);

/** Elements that bring something else with them, in any part. */
const elementsThatRun: ReadonlySet<string> = new Set([
  'OLEObject',
  'objectEmbed',
  'objectLink',
  'control',
  'altChunk',
  'subDoc',
  'script',
  'foreignObject',
  'ocx',
  'webextension',
]);
/** Pictures and fills that may name their source without a relationship. */
const elementsThatShow: ReadonlySet<string> = new Set([
  'imagedata',
  'fill',
  'stroke',
  'image',
  'use',
  'feImage',
  'movie',
]);

/** Looks through the text of a part: fields that start or fetch, objects, pictures from elsewhere, scripts in drawings. */
function checkText(content: Buffer, effort: Effort): void {
  const fields = new FieldWatch();
  let isInstruction = false;
  readXml(content, noun, effort, {
    onOpen({ name, attributes }) {
      if (elementsThatRun.has(name)) throw embedded();
      if (name === 'connectString' || name === 'dataSource') throw loads();
      if (name === 'instrText' || name === 'delInstrText') isInstruction = true;
      if (name === 'fldSimple') fields.whole(attributeOf(attributes, 'instr') ?? '');
      if (name === 'fldChar') stepField(fields, attributeOf(attributes, 'fldCharType'));
      for (const attribute of attributes) checkAttribute(name, attribute.name, attribute.value);
    },
    onText(text) {
      if (isInstruction) fields.say(text);
    },
    onClose(name) {
      if (name === 'instrText' || name === 'delInstrText') isInstruction = false;
    },
  });
  fields.finish();
  if (fields.loads) throw loads();
}

function stepField(fields: FieldWatch, step: string | undefined): void {
  if (step === 'begin') fields.begin();
  else if (step === 'separate') fields.separate();
  else if (step === 'end') fields.end();
}

function checkAttribute(element: string, name: string, value: string): void {
  // Only drawings for the web (SVG) have these.
  if (
    /^on(?:load|unload|begin|end|repeat|error|abort|click|activate|mouse|focus|key|resize|scroll|zoom)/.test(
      name,
    )
  )
    throw embedded();
  if (/^\s*(?:javascript|vbscript|data:text\/html)/i.test(value)) throw embedded();
  if (!elementsThatShow.has(element)) return;
  const isSource = name === 'src' || name === 'href' || name === 'althref';
  if (
    isSource &&
    /^\s*(?:[a-z][a-z0-9+.-]+:(?!image\/)|\\\\|\/\/)/i.test(value) &&
    !/^\s*data:image\//i.test(value)
  )
    throw loads();
}

function attributeOf(attributes: XmlElement['attributes'], name: string): string | undefined {
  return attributes.find((attribute) => attribute.name === name)?.value;
}
