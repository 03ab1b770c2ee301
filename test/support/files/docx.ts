import { aZip, type ZipOptions, type ZipPart } from './archive.ts';

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const word =
  'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
const relationships = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

export type DocxParts = {
  /** What stands in the body of the document. */
  readonly body?: string;
  /** The whole document part, instead. */
  readonly document?: string | Buffer;
  readonly mainType?: string;
  /** More of [Content_Types].xml. */
  readonly types?: string;
  /** Relationships of the document: `Type` by its last word, `Target`, and whether it is external. */
  readonly ties?: readonly (readonly [type: string, target: string, mode?: 'External'])[];
  readonly parts?: readonly ZipPart[];
  readonly path?: string;
  readonly zip?: ZipOptions;
  readonly without?: readonly string[];
  readonly each?: (part: ZipPart) => ZipPart;
};

export const mainType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml';

export const aDocument = (body: string): string =>
  `${declaration}<w:document ${word}><w:body>${body}<w:sectPr/></w:body></w:document>`;

export const aParagraph = (text: string): string => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;

/** A field in the long form: an instruction in as many runs as there are words given. */
export const aField = (...instruction: readonly string[]): string =>
  `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>${instruction
    .map((word) =>
      word.startsWith('<') ? word : `<w:r><w:instrText xml:space="preserve">${word}</w:instrText></w:r>`,
    )
    .join(
      '',
    )}<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`;

export function someRelationships(ties: NonNullable<DocxParts['ties']>): string {
  const rows = ties.map(
    ([type, target, mode], index) =>
      `<Relationship Id="rId${index + 1}" Type="${type.includes('/') ? type : `${relationships}/${type}`}" Target="${target}"${mode ? ` TargetMode="${mode}"` : ''}/>`,
  );
  return `${declaration}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${rows.join('')}</Relationships>`;
}

/** A Word document of one line, right in every way but those that are named. */
export function aDocx(options: DocxParts = {}): Buffer {
  const { body = aParagraph('Homework for Thursday'), path = 'word/document.xml' } = options;
  const parts: ZipPart[] = [
    {
      name: '[Content_Types].xml',
      content: `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/${path}" ContentType="${options.mainType ?? mainType}"/>${options.types ?? ''}</Types>`,
    },
    { name: '_rels/.rels', content: someRelationships([['officeDocument', path]]) },
    { name: path, content: options.document ?? aDocument(body) },
    { name: 'word/_rels/document.xml.rels', content: someRelationships(options.ties ?? []) },
    ...(options.parts ?? []),
  ];
  const kept = parts.filter(({ name }) => !options.without?.includes(name));
  return aZip(options.each ? kept.map(options.each) : kept, options.zip);
}
