import { expect } from '@open-wc/testing';
import { limits } from '../../protocol/limits.ts';
import type { Attachment } from '../../protocol/message.ts';
import type { GrowMessages } from '../../widget/grow-messages.ts';
import { stored } from '../support/device.ts';
import { networkError, refusal } from '../support/fake-server.ts';
import { aMe, aMessage, messagesFrom, threadId } from '../support/message-builders.ts';
import { button, find, findAll, has, pressReturn, wordsOf, write } from '../support/shadow.ts';
import { until, untilAsked } from '../support/until.ts';
import { box, newest, otherThread, rows, say, WidgetPage } from '../support/widget-page.ts';

/** A file of so many bytes, each of them its own. */
function aFile(name = 'form.pdf', size = 2_000, type = 'application/pdf'): File {
  const bytes = Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 8)) % 251);
  return new File([bytes], name, { type });
}

function carrying(...files: readonly File[]): DataTransfer {
  const data = new DataTransfer();
  for (const file of files) data.items.add(file);
  return data;
}

/** Chooses files in the window that the browser opens. */
function pick(element: Element, ...files: readonly File[]): void {
  const picker = find<HTMLInputElement>(element, 'input[type=file]');
  picker.files = carrying(...files).files;
  picker.dispatchEvent(new Event('change'));
}

const attachments = (element: Element) => find(element, 'grow-attachments');
const attached = (element: Element) =>
  has(element, 'grow-attachments') ? findAll(attachments(element), 'li').map((row) => wordsOf(row)) : [];
const isUploaded = (element: Element) => attached(element).every((words) => words.includes('Uploaded'));
const send = (element: Element) => button(element, 'Send');

describe('a file that is attached', () => {
  const page = new WidgetPage();
  const sentFiles = () =>
    page.server
      .messages()
      .at(-1)
      ?.attachments.map(({ name }) => name);
  const count = () => page.server.messages().length;

  it('stands above the box with name and size, goes with an optional message, and stays in the thread', async () => {
    const element = await page.open();
    pick(element, aFile('Intake form.pdf', 3_000));
    await until(() => attached(element).length === 1 && isUploaded(element));
    expect(attached(element)[0]).to.contain('Intake form.pdf').and.to.contain('2.9 kB');

    await say(element, 'Here it is');
    await until(() => count() === 6 && rows(element).length === 6);
    expect(sentFiles()).to.deep.equal(['Intake form.pdf']);
    await until(() => wordsOf(newest(element)).includes('Delivered'));
    await until(() => wordsOf(newest(element)).includes('Intake form.pdf'));
    expect(wordsOf(newest(element))).to.contain('Here it is');
    expect(attached(element)).to.deep.equal([]);
    const hash = await crypto.subtle.digest('SHA-256', await aFile('', 3_000).arrayBuffer());
    const digits = Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0'));
    expect(page.server.files.all[0]?.sha256).to.equal(digits.join(''));
    expect(page.server.files.all[0]?.bytes).to.deep.equal(
      new Uint8Array(await aFile('', 3_000).arrayBuffer()),
    );
  });

  it('may go without a word, and before it is uploaded', async () => {
    const element = await page.open();
    const goOn = page.server.hold('sendPart', 'request');
    pick(element, aFile());
    await until(() => page.server.askedFor('sendPart').length === 1);
    await until(() => !send(element).disabled);
    send(element).click();
    await say(element, 'And this comes after it');
    await until(() => rows(element).length === 7);
    expect(count()).to.equal(5);
    expect(page.server.askedFor('sendMessage').length).to.equal(0);

    goOn();
    await until(() => count() === 7);
    expect(
      page.server
        .messages()
        .slice(-2)
        .map(({ text, attachments }) => [text, attachments.length]),
    ).to.deep.equal([
      ['', 1],
      ['And this comes after it', 0],
    ]);
    await until(() => wordsOf(newest(element)).includes('Delivered'));
  });

  it('goes on from where it was when the connection is back', async () => {
    const element = await page.open();
    let parts = 0;
    const stop = page.server.always('sendPart', (_, proceed) => (++parts === 2 ? networkError() : proceed()));
    pick(element, aFile('scan.pdf', 700_000));
    await until(() => attached(element)[0]?.includes('Goes on when the connection is back') ?? false);
    stop();
    button(element, 'Try again: scan.pdf').click();
    await until(() => attached(element).length === 1 && isUploaded(element));
    expect(page.server.askedFor('createUpload').length).to.equal(1);
    expect(page.server.askedFor('findUpload').length).to.equal(1);
    const [file] = page.server.files.all;
    expect(file?.bytes).to.deep.equal(new Uint8Array(await aFile('', 700_000).arrayBuffer()));
  });

  it('goes on by itself after growing waits, and when the server asks for patience, not before', async () => {
    const element = await page.open();
    page.server.next('createUpload', refusal('rate-limited', { 'Retry-After': '1' }));
    const begun = performance.now();
    pick(element, aFile());
    await until(() => attached(element).length === 1 && isUploaded(element));
    expect(performance.now() - begun).to.be.greaterThan(990);
  });

  it('is still there when the page was closed in the middle, and goes on', async () => {
    let element = await page.open();
    let parts = 0;
    const stop = page.server.always('sendPart', (_, proceed) => (++parts === 1 ? proceed() : networkError()));
    pick(element, aFile('scan.pdf', 700_000));
    write(box(element), 'The scan');
    await until(() => attached(element)[0]?.includes('Goes on') ?? false);
    element.remove();
    await until(() => !page.isLive);
    stop();

    element = await page.open();
    await until(() => attached(element).length === 1 && isUploaded(element));
    expect(box(element).value).to.equal('The scan');
    expect(page.server.askedFor('createUpload').length).to.equal(1);
    pressReturn(box(element));
    await until(() => count() === 6);
    expect(sentFiles()).to.deep.equal(['scan.pdf']);
    const [file] = page.server.files.all;
    expect(file?.bytes).to.deep.equal(new Uint8Array(await aFile('', 700_000).arrayBuffer()));
  });

  it('goes with its message although the page was closed before it was uploaded', async () => {
    let element = await page.open();
    const stop = page.server.always('sendPart', networkError);
    pick(element, aFile());
    await until(() => attached(element)[0]?.includes('Goes on') ?? false);
    await say(element, 'The form');
    await until(() => rows(element).length === 6);
    element.remove();
    await until(() => !page.isLive);
    stop();

    element = await page.ready();
    await until(() => count() === 6);
    expect(sentFiles()).to.deep.equal(['form.pdf']);
  });

  it('is sent anew where the server has forgotten it meanwhile', async () => {
    const element = await page.open();
    pick(element, aFile());
    await until(() => attached(element).length === 1 && isUploaded(element));
    page.server.files.forget(page.server.files.all[0]!.id);
    send(element).click();
    await until(() => count() === 6);
    expect(sentFiles()).to.deep.equal(['form.pdf']);
  });

  it('lies beside its own draft, and moves to no other thread', async () => {
    const element = await page.open();
    pick(element, aFile());
    await until(() => attached(element).length === 1);
    element.openThread(otherThread);
    await until(() => wordsOf(element).includes('Ada Okafor') && attached(element).length === 0);
    await until(() => rows(element).length === 2);
    expect(send(element).disabled).to.equal(true);
    element.openThread(threadId);
    await until(() => attached(element).length === 1);
  });

  it('is among those chosen in the same breath, and stays where it was chosen', async () => {
    const element = await page.open();
    pick(element, aFile('one.pdf'));
    pick(element, aFile('two.pdf'), aFile('three.pdf'));
    element.openThread(otherThread);
    await until(() => wordsOf(element).includes('Ada Okafor') && rows(element).length === 2);
    expect(attached(element).length).to.equal(0);
    element.openThread(threadId);
    await until(() => attached(element).length === 3);
    const names = attached(element).map((words) => /\w+\.pdf/.exec(words)?.[0]);
    expect(names).to.deep.equal(['one.pdf', 'two.pdf', 'three.pdf']);
  });

  it('goes although Return is pressed before it is ready, with the words that were there', async () => {
    const element = await page.open();
    write(box(element), 'Here it is');
    pick(element, aFile());
    await Promise.resolve();
    pressReturn(box(element));
    await until(() => count() === 6);
    expect(sentFiles()).to.deep.equal(['form.pdf']);
    expect(page.server.messages().at(-1)?.text).to.equal('Here it is');
  });

  it('is refused in the words of the server, holds nothing else up, and leaves when it is removed', async () => {
    const element = await page.open();
    page.server.files.objection = ({ name }) =>
      name === 'evil.pdf' ? ['unsafe-file', 'It is a program that is dressed as a PDF.'] : undefined;
    pick(element, aFile('evil.pdf'), aFile('good.pdf'));
    await until(() => attached(element)[0]?.includes('It is a program that is dressed as a PDF.') ?? false);
    await until(() => attached(element)[1]?.includes('Uploaded') ?? false);
    expect(send(element).disabled).to.equal(true);
    expect(wordsOf(attachments(element)), 'it would be refused again').not.to.contain('Try again');

    button(element, 'Remove evil.pdf').click();
    await until(() => attached(element).length === 1 && !send(element).disabled);
    await until(() => find(attachments(element), '.cross').matches(':focus'));
    button(element, 'Remove good.pdf').click();
    await until(() => attached(element).length === 0);
    await until(() => box(element).matches(':focus'));
    expect(send(element).disabled).to.equal(true);
    await until(() => page.server.files.all.length === 0);
  });

  it('comes back with its message where that is taken back, when it was refused on the way', async () => {
    const element = await page.open();
    const goOn = page.server.hold('sendPart', 'request');
    page.server.files.objection = () => ['unsupported-file', 'It is no PDF.'];
    pick(element, aFile());
    await until(() => page.server.askedFor('sendPart').length === 1 && !send(element).disabled);
    await say(element, 'The form');
    goOn();
    await until(
      () =>
        wordsOf(newest(element)).includes('Not sent.') && wordsOf(newest(element)).includes('It is no PDF.'),
    );
    button(element, 'Edit').click();
    await until(() => box(element).value === 'The form' && attached(element).length === 1);
    expect(attached(element)[0]).to.contain('It is no PDF.');
  });

  it('is refused at once, with the reason, where it is too large, empty, of another kind or one too many', async () => {
    page.server.me = { ...aMe(), limits: { ...limits, maxAttachments: 2, maxAttachmentBytes: 5_120 } };
    const element = await page.open();
    pick(
      element,
      aFile('big.pdf', 6_000),
      aFile('empty.csv', 0),
      aFile('run.exe'),
      aFile('x.HEIC', 10, 'image/heic'),
    );
    await until(
      () => has(element, 'grow-attachments') && findAll(attachments(element), '.refused').length === 4,
    );
    const words = wordsOf(attachments(element));
    expect(words).to.contain('It is larger than 5 kB.').and.to.contain('It is empty.');
    expect(words)
      .to.contain('What can be sent: PDF, JPG, PNG, DOC, DOCX, CSV.')
      .and.to.contain('export the photo as JPG');
    pick(element, aFile('1.pdf'), aFile('2.pdf'), aFile('3.pdf'));
    await until(() => attached(element).length === 2 && isUploaded(element));
    expect(wordsOf(attachments(element))).to.contain('Only 2 files can go with a message.');
    expect(page.server.askedFor('createUpload').length).to.equal(2);
  });

  it('may be dropped or pasted, and words that are pasted stay words', async () => {
    const element = await page.open();
    const drop = (type: 'drop' | 'dragover', dataTransfer: DataTransfer) =>
      !box(element).dispatchEvent(
        new DragEvent(type, { dataTransfer, bubbles: true, composed: true, cancelable: true }),
      );
    const paste = (clipboardData: DataTransfer) =>
      !box(element).dispatchEvent(
        new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
      );
    expect(drop('dragover', carrying(aFile()))).to.equal(true);
    expect(drop('drop', carrying(aFile('dropped.pdf')))).to.equal(true);
    await until(() => attached(element).length === 1);
    expect(paste(carrying(aFile('pasted.png', 50, 'image/png')))).to.equal(true);
    await until(() => attached(element).length === 2);
    const picture = carrying(aFile('copied.png', 50, 'image/png'));
    picture.setData('text/html', '<img>');
    expect(paste(picture)).to.equal(true);
    await until(() => attached(element).length === 3);
    const besideTheBox = { dataTransfer: carrying(aFile('beside.pdf')), bubbles: true, composed: true };
    newest(element).dispatchEvent(new DragEvent('drop', besideTheBox));
    await until(() => attached(element).length === 4);
    const cells = carrying(aFile('cells.png', 50, 'image/png'));
    cells.setData('text/plain', 'a\tb');
    cells.setData('text/html', '<table></table>');
    expect(paste(cells)).to.equal(false);
    const words = new DataTransfer();
    words.setData('text/plain', 'words');
    expect(drop('drop', words)).to.equal(false);
    expect(attached(element).length).to.equal(4);
  });

  it('becomes a JPG where it is a photo of a phone that this browser can read', async () => {
    const element = await page.open();
    const { createImageBitmap } = globalThis;
    globalThis.createImageBitmap = () => createImageBitmap(new ImageData(40, 30));
    try {
      pick(element, aFile('IMG_0042.HEIC', 4_000, 'image/heic'));
      await until(() => attached(element).length === 1 && isUploaded(element));
    } finally {
      globalThis.createImageBitmap = createImageBitmap;
    }
    const [file] = page.server.files.all;
    expect(file).to.include({ name: 'IMG_0042.jpg', mediaType: 'image/jpeg' });
    expect([...file!.bytes.slice(0, 3)]).to.deep.equal([0xff, 0xd8, 0xff]);
  });

  it('comes back to the same person from memory, and to nobody else', async () => {
    const element = await page.open(threadId, { cache: 'memory' });
    const stop = page.server.always('createUpload', networkError);
    pick(element, aFile());
    await until(() => attached(element)[0]?.includes('Goes on') ?? false);
    page.server.signOut();
    await until(() => wordsOf(element).includes('Please sign in again'));
    expect(has(element, 'grow-attachments')).to.equal(false);
    page.server.isSignedIn = true;
    stop();
    button(element, 'Try again').click();
    await until(() => attached(element).length === 1 && isUploaded(element));

    page.server.signOut();
    await until(() => wordsOf(element).includes('Please sign in again'));
    page.server.isSignedIn = true;
    page.server.me = aMe({ id: 'ben' });
    button(element, 'Try again').click();
    await until(() => has(element, '.thread'));
    element.openThread(threadId);
    await until(() => has(element, 'textarea') && rows(element).length === 5);
    expect(attached(element)).to.deep.equal([]);
  });

  it('goes to no other server than ours, whatever address an upload is given', async () => {
    const element = await page.open();
    page.server.next('createUpload', (_, proceed) => {
      const id = proceed().headers.get('Location')?.split('/').at(-1);
      return new Response(null, {
        status: 201,
        headers: { Location: `https://elsewhere.test/v1/uploads/${id}` },
      });
    });
    pick(element, aFile());
    await until(() => attached(element).length === 1 && isUploaded(element));
    expect(page.server.askedFor('sendPart')[0]?.url.origin).to.equal(page.server.apiUrl);
  });

  it('takes a new token where the old one ends in the middle, and shows it in no address', async () => {
    const element = await page.open();
    page.server.next('createUpload', (_, proceed) => {
      page.server.expireToken();
      return proceed();
    });
    pick(element, aFile());
    await until(() => attached(element).length === 1 && isUploaded(element));
    for (const { url } of page.server.asked) expect(url.href).not.to.contain('token-');
  });

  it('goes with the first message to somebody as well', async () => {
    page.server.addContact({ ...page.server.thread().with, id: 'dr-haddad', displayName: 'Lea Haddad' });
    const element = await page.ready();
    element.compose('dr-haddad');
    await until(() => has(element, 'textarea'));
    pick(element, aFile());
    await until(() => attached(element).length === 1 && !send(element).disabled);
    send(element).click();
    await until(() => page.server.threads.length === 3);
    const found = () => page.server.threads.find((thread) => thread.with.id === 'dr-haddad');
    await until(() => found()?.lastMessage?.attachments.length === 1);
  });

  it('goes from memory where the device has no room, and says so', async () => {
    const element = await page.open();
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (...args) {
      if (this.name === 'files') throw new DOMException('full', 'QuotaExceededError');
      return put.apply(this, args);
    };
    try {
      const goOn = page.server.hold('sendPart', 'request');
      pick(element, aFile());
      await until(() => attached(element)[0]?.includes('This device has no room to keep it') ?? false);
      goOn();
      await until(() => isUploaded(element) && !send(element).disabled);
      send(element).click();
      await until(() => count() === 6);
      expect(sentFiles()).to.deep.equal(['form.pdf']);
    } finally {
      IDBObjectStore.prototype.put = put;
    }
  });

  it('lies sealed on the device, in pieces of a mebibyte at most, until it is sent and no longer', async () => {
    const element = await page.open();
    const goOn = page.server.hold('createUpload', 'request');
    pick(element, new File(['planted words '.repeat(160_000)], 'planted name.csv'));
    await until(() => attached(element).length === 1);
    const { device: _, files: pieces, ...rest } = await stored();
    expect(pieces.length).to.equal(3);
    expect(Math.max(...pieces.map((piece) => piece.length))).to.be.at.most(2 ** 20);
    for (const bytes of [pieces, ...Object.values(rest)].flat())
      expect(new TextDecoder().decode(bytes)).not.to.contain('planted');
    goOn();
    await until(() => isUploaded(element) && !send(element).disabled);
    send(element).click();
    await until(() => count() === 6);
    await untilEmpty();
  });

  it('is nobody else’s: another person on the device finds nothing of it', async () => {
    let element = await page.open();
    const stop = page.server.always('createUpload', networkError);
    pick(element, aFile());
    await until(() => attached(element)[0]?.includes('Goes on') ?? false);
    element.remove();
    await until(() => !page.isLive);
    stop();
    page.server.me = aMe({ id: 'ben' });
    page.server.renewKeys();
    element = await page.open();
    await untilEmpty();
    expect(attached(element)).to.deep.equal([]);
    expect(page.server.askedFor('sendPart')).to.deep.equal([]);
  });

  it('is accessible, also while it is on the way and where it was refused', async () => {
    const element = await page.open();
    page.server.files.objection = ({ name }) => (name === 'b.pdf' ? ['unsafe-file', 'No.'] : undefined);
    pick(element, aFile('b.pdf'));
    await until(() => attached(element)[0]?.includes('No.') ?? false);
    page.server.hold('createUpload', 'request');
    pick(element, aFile('a.pdf'));
    await until(() => attached(element).length === 2);
    await expect(find(element, 'grow-composer')).to.be.accessible();
  });
});

describe('a file in a thread', () => {
  const page = new WidgetPage();

  /** A thread whose newest message carries these. */
  function carry(...attachments: readonly Attachment[]): void {
    page.server.addThread({
      messages: [...messagesFrom(1, 4), aMessage({ seq: 5, text: '', attachments: [...attachments] })],
    });
  }

  async function carryPicture(): Promise<void> {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1_200, height: 800 });
    canvas.getContext('2d')!.fillRect(0, 0, 600, 800);
    const drawn = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    const bytes = new Uint8Array(await drawn!.arrayBuffer());
    carry(page.server.files.add({ name: 'card.png', mediaType: 'image/png', bytes }));
  }

  const file = (element: Element) => find(element, 'grow-attachment');

  /** Whether there are bytes at an address of this page. */
  const isThere = (address: string) =>
    fetch(address).then(
      () => true,
      () => false,
    );

  /** What is given to the browser to save, and what addresses of bytes are left. */
  async function saved(act: () => Promise<unknown>) {
    const links: { readonly name: string; readonly href: string }[] = [];
    const listen = (event: Event) => {
      event.preventDefault();
      const { download: name, href } = event.target as HTMLAnchorElement;
      links.push({ name, href });
    };
    const { click } = HTMLAnchorElement.prototype;
    HTMLAnchorElement.prototype.click = function () {
      this.addEventListener('click', listen);
      click.call(this);
    };
    try {
      await act();
      await until(() => links.length > 0);
    } finally {
      HTMLAnchorElement.prototype.click = click;
    }
    return links[0]!;
  }

  it('has name, kind and size, its name is text, and it is saved from bytes, never by an address of the server', async () => {
    const name = '<img src=x onerror=alert(1)>\u202Efdp.pdf';
    carry(page.server.files.add({ name, bytes: new TextEncoder().encode('%PDF-1.7 words') }));
    const element = await page.open();
    await until(() => wordsOf(file(element)).includes('PDF · 0.1 kB'));
    expect(find(file(element), 'bdi').textContent).to.equal(name);
    expect(has(file(element), 'img')).to.equal(false);
    expect(page.server.askedFor('readAttachment')).to.deep.equal([]);

    const link = await saved(async () => button(element, `Save ${name}`).click());
    expect(link.name).to.equal(name);
    expect(link.href).to.match(/^blob:/);
    const bytes = await (await fetch(link.href)).blob();
    expect(await bytes.text()).to.equal('%PDF-1.7 words');
    expect(bytes.type).to.equal('application/octet-stream');
    const [asked] = page.server.askedFor('readAttachment');
    expect(asked?.url.search).to.equal('');
    const { records, files } = await stored();
    for (const kept of [...records, ...files]) expect(new TextDecoder().decode(kept)).not.to.contain('%PDF');
  });

  it('shows a picture small, made here from its bytes, and large until it is closed', async () => {
    await carryPicture();
    const element = await page.open();
    await until(() => has(element, 'canvas') && !find(element, 'canvas').hidden);
    expect(find<HTMLCanvasElement>(element, 'canvas').width).to.be.at.most(960);

    button(element, 'Open card.png').click();
    await until(() => has(element, 'img'));
    const address = find<HTMLImageElement>(element, 'img').src;
    expect(address).to.match(/^blob:/);
    await until(() => button(element, 'Close card.png').matches(':focus'));
    const escape = new KeyboardEvent('keydown', {
      key: 'Escape',
      bubbles: true,
      composed: true,
      cancelable: true,
    });
    find(element, 'img').dispatchEvent(escape);
    await until(() => !has(element, 'img'));
    expect(await isThere(address)).to.equal(false);
    await until(() => button(element, 'Open card.png').matches(':focus'));
    await expect(file(element)).to.be.accessible();
  });

  const endings: readonly (readonly [string, (element: GrowMessages) => unknown])[] = [
    ['signs out', (element) => element.signOut()],
    ['hides everything', (element) => button(element, 'Hide now').click()],
    ['has no session any more', () => page.server.signOut()],
    ['is gone with the element', (element) => element.remove()],
  ];
  for (const [how, end] of endings) {
    it(`has no address left for what was opened and saved once the person ${how}`, async () => {
      await carryPicture();
      const element = await page.open(threadId, { discreet: true });
      await until(() => has(element, 'canvas') && !find(element, 'canvas').hidden);
      const { href } = await saved(async () => button(element, 'Save card.png').click());
      button(element, 'Open card.png').click();
      await until(() => has(element, 'img'));
      const { src } = find<HTMLImageElement>(element, 'img');
      expect([await isThere(href), await isThere(src)]).to.deep.equal([true, true]);
      await end(element);
      await untilAsked(async () => !(await isThere(href)) && !(await isThere(src)));
    });
  }

  const troubles = [
    ['is being checked', refusal('unavailable', { 'Retry-After': '30' }), 'Being checked.', true],
    ['is unsafe', refusal('unsafe-file'), 'Unsafe: it can’t be opened.', false],
    ['is gone', refusal('not-found'), 'This file is no longer there.', false],
    ['can’t be reached', networkError, 'The file could not be loaded.', true],
  ] as const;
  for (const [what, answer, words, mayTryAgain] of troubles) {
    it(`says that it ${what}, and offers ${mayTryAgain ? 'another try' : 'nothing'}`, async () => {
      carry(page.server.files.add());
      const element = await page.open();
      await until(() => wordsOf(file(element)).includes('Save'));
      page.server.next('readAttachment', answer);
      button(element, 'Save form.pdf').click();
      await until(() => wordsOf(file(element)).includes(words));
      expect(wordsOf(find(file(element), '[role=status]'))).to.contain(words);
      expect(has(file(element), 'button')).to.equal(mayTryAgain);
      if (!mayTryAgain) return;
      await saved(async () => button(element, 'Try again: form.pdf').click());
    });
  }
});

async function untilEmpty(): Promise<void> {
  while ((await stored()).files.length > 0) await Promise.resolve();
}
