import DOMPurify, { type Config } from 'dompurify';
import { html } from 'lit';

/** Where it is to stand: as a text, as a line in which nothing can be pressed, or as its links alone. */
export type Place = 'text' | 'line' | 'links';

/**
 * The one door for HTML: DOMPurify in, Lit out. Nothing that was parsed comes to stand on the page: what is read
 * there is built anew of the templates below. Undefined where the page does not let us parse.
 */
export function sanitize(dirty: string, place: Place): unknown {
  if (!policy) return undefined;
  const clean = purifier.sanitize(dirty, { ...settings, TRUSTED_TYPES_POLICY: policy });
  if (place === 'links') return [...clean.querySelectorAll('a')].map((link) => rebuilt(link, 'text'));
  return rebuilt(clean, place);
}

/** The elements that a clinic may use, besides links. */
const blocks: Templates = {
  BR: () => html`<br />`,
  P: (inner) => html`<p>${inner}</p>`,
  UL: (inner) =>
    html`<ul>
      ${inner}
    </ul>`,
  OL: (inner) =>
    html`<ol>
      ${inner}
    </ol>`,
  LI: (inner) => html`<li>${inner}</li>`,
};
const emphases: Templates = {
  B: (inner) => html`<b>${inner}</b>`,
  STRONG: (inner) => html`<strong>${inner}</strong>`,
  I: (inner) => html`<i>${inner}</i>`,
  EM: (inner) => html`<em>${inner}</em>`,
};

type Templates = Readonly<Record<string, (inner: readonly unknown[]) => unknown>>;

function rebuilt(node: Node, place: Place): unknown {
  if (node instanceof Text) return node.data;
  const inner = [...node.childNodes].map((child) => rebuilt(child, place));
  const { nodeName } = node;
  if (emphases[nodeName]) return emphases[nodeName](inner);
  if (place === 'line') return blocks[nodeName] ? [' ', inner, ' '] : inner;
  const href = node instanceof HTMLAnchorElement && node.getAttribute('href') && node.href;
  if (href) return html`<a href=${href} target="_blank" rel="noopener noreferrer">${inner}</a>`;
  return blocks[nodeName]?.(inner) ?? inner;
}

const settings: Config & { readonly RETURN_DOM_FRAGMENT: true } = {
  ALLOWED_TAGS: ['a', ...Object.keys(blocks), ...Object.keys(emphases)],
  ALLOWED_ATTR: ['href'],
  ALLOWED_URI_REGEXP: /^(?:https?|mailto|tel):/i,
  ALLOW_ARIA_ATTR: false,
  ALLOW_DATA_ATTR: false,
  ADD_FORBID_CONTENTS: ['no-style'],
  RETURN_DOM_FRAGMENT: true,
};

const rules = {
  /** A style is parsed to be thrown away, but browsers report it first where the page has a policy about styles. */
  createHTML: (dirty: string) =>
    dirty.replace(/<[^>]+>/g, (tag) => tag.replace(/([\s"']|^<\/?)style(?=[\s=/>])/gi, '$1no-style')),
  createScriptURL: () => '',
};

/** What hands HTML to the parser, under a name of our own that a page's policy may list. Made once. */
const policy = makePolicy() as Config['TRUSTED_TYPES_POLICY'];

function makePolicy(): unknown {
  type Factory = { readonly createPolicy: (name: string, own: typeof rules) => unknown };
  const { trustedTypes } = globalThis as { readonly trustedTypes?: Factory };
  try {
    return trustedTypes ? trustedTypes.createPolicy('grow-messages', rules) : rules;
  } catch {
    return undefined;
  }
}

/** An instance of our own: what the page does with its DOMPurify does nothing to ours. */
const purifier = DOMPurify(window);
