/** Every element below this one that matches, also those in shadow roots, in the order of the page. */
export function findAll<Found extends HTMLElement = HTMLElement>(root: Element, selector: string): Found[] {
  const found: Found[] = [];
  const look = (parent: Element | ShadowRoot) => {
    for (const child of parent.children) {
      if (child.matches(selector)) found.push(child as Found);
      if (child.shadowRoot) look(child.shadowRoot);
      look(child);
    }
  };
  if (root.shadowRoot) look(root.shadowRoot);
  look(root);
  return found;
}

/** The first of them. Fails where there is none. */
export function find<Found extends HTMLElement = HTMLElement>(root: Element, selector: string): Found {
  const [found] = findAll<Found>(root, selector);
  if (!found) throw new Error(`There is no ${selector}.`);
  return found;
}

export function has(root: Element, selector: string): boolean {
  return findAll(root, selector).length > 0;
}

/** The button of this name. */
export function button(root: Element, name: string): HTMLButtonElement {
  const found = findAll<HTMLButtonElement>(root, 'button').find((candidate) => nameOf(candidate) === name);
  if (!found) throw new Error(`There is no button "${name}".`);
  return found;
}

function nameOf(element: Element): string {
  return element.getAttribute('aria-label') ?? wordsOf(element);
}

/** What stands in an element and below it, shadow roots and slots included, as one line. */
export function wordsOf(root: Element): string {
  const words: string[] = [];
  const read = (node: Node) => {
    if (node instanceof Text) words.push(node.data);
    if (!(node instanceof Element) || node.localName === 'style') return;
    const isLine = !getComputedStyle(node).display.startsWith('inline');
    if (isLine) words.push(' ');
    const isSlot = node instanceof HTMLSlotElement;
    for (const child of isSlot
      ? node.assignedNodes({ flatten: true })
      : (node.shadowRoot ?? node).childNodes) {
      read(child);
    }
    if (isLine) words.push(' ');
  };
  read(root);
  return words.join('').replace(/\s+/g, ' ').trim();
}

/** Writes into a text box as a person does. */
export function write(box: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  box.value = text;
  box.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
}

/** Presses Return in a text box, or another way to press it. Says whether the page was left to do as it does. */
export function pressReturn(box: HTMLElement, init: KeyboardEventInit = {}): boolean {
  return box.dispatchEvent(
    new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, composed: true, cancelable: true, ...init }),
  );
}

/** Everything that could be read in an element by whoever looks closely: its words, attributes and what boxes hold. */
export function allIn(root: Element): string {
  const found: string[] = [];
  const read = (node: Node) => {
    if (node instanceof CharacterData) found.push(node.data);
    if (!(node instanceof Element) || node.localName === 'style') return;
    for (const { value } of node.attributes) found.push(value);
    if (node instanceof HTMLTextAreaElement || node instanceof HTMLInputElement) found.push(node.value);
    for (const child of [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes]) read(child);
  };
  read(root);
  return found.join('\n');
}

/** The innermost element that has the focus, shadow roots included. */
export function focused(): Element | null {
  let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found;
}
