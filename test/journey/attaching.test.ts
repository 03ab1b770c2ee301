import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { startDemo } from '../support/demo.ts';
import { aPdf, aStream } from '../support/files/pdf.ts';
import { aJpeg, anExif } from '../support/files/picture.ts';
import { isFocused } from '../support/keys.ts';
import { PortalPage } from '../support/portal-page.ts';

type Upload = { readonly name: string; readonly mimeType: string; readonly buffer: Buffer };

const pdf = (name: string, buffer = aPdf()): Upload => ({ name, mimeType: 'application/pdf', buffer });

/** A PDF of so many bytes and a few more, as a scanner makes one. */
const scan = (name: string, bytes: number): Upload =>
  pdf(name, aPdf({ objects: [aStream('', Buffer.alloc(bytes, 'A form, page by page. '))] }));

describe('files, from one to the other', () => {
  let browser: Browser;
  let url: string;
  const ending: (() => unknown)[] = [];

  before(async () => {
    browser = await launchBrowser();
    url = await startDemo({ after: (end) => ending.push(end as () => unknown) });
  });
  after(async () => {
    await browser.close();
    for (const end of ending) await end();
  });

  async function open(t: TestContext, personId: 'ana' | 'dr-lee') {
    const portal = await PortalPage.open(browser, url, personId);
    t.after(() => portal.page.context().close());
    // Whoever listens for it only as a key is pressed may be too late.
    portal.page.on('filechooser', () => undefined);
    await portal.thread(personId === 'ana' ? 'Dr. Maya Lee' : 'Ana Reyes').click();
    await portal.box.waitFor();
    return portal;
  }

  async function choose({ page }: PortalPage, ...files: readonly Upload[]): Promise<void> {
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Attach files' }).click(),
    ]);
    await chooser.setFiles(files);
  }

  const attached = ({ page }: PortalPage, name: string) =>
    page.getByRole('list', { name: 'Attached files' }).getByRole('listitem').filter({ hasText: name });

  const isUploaded = (portal: PortalPage, name: string) =>
    attached(portal, name).getByText('Uploaded', { exact: true }).waitFor();

  /** Gives files to the box as a hand that drops them or a clipboard would. */
  function hand({ box }: PortalPage, by: 'drop' | 'paste', { name, mimeType, buffer }: Upload) {
    return box.evaluate(
      (element, [type, fileName, mediaType, base64]) => {
        const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
        const given = new DataTransfer();
        given.items.add(new File([bytes], fileName, { type: mediaType }));
        const init = { bubbles: true, cancelable: true, composed: true };
        element.dispatchEvent(
          type === 'drop'
            ? new DragEvent('drop', { ...init, dataTransfer: given })
            : new ClipboardEvent('paste', { ...init, clipboardData: given }),
        );
      },
      [by, name, mimeType, buffer.toString('base64')] as const,
    );
  }

  /** Drops so many bytes, all of them 0. */
  function drop({ box }: PortalPage, name: string, length: number): Promise<void> {
    return box.evaluate(
      (element, [fileName, size]) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([new Uint8Array(size)], fileName));
        element.dispatchEvent(
          new DragEvent('drop', { bubbles: true, cancelable: true, composed: true, dataTransfer }),
        );
      },
      [name, length] as const,
    );
  }

  /** What the other side saves of a file. */
  async function save({ page, log }: PortalPage, name: string): Promise<Buffer> {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      log.getByRole('button', { name: `Save ${name}` }).click(),
    ]);
    assert.equal(download.suggestedFilename(), name);
    return readFile(await download.path());
  }

  it('go with a message, chosen, dropped and pasted, and come as they were', async (t) => {
    const [ana, lee] = await Promise.all([open(t, 'ana'), open(t, 'dr-lee')]);
    const form = pdf('Intake form.pdf');
    const photo = aJpeg({ segments: [anExif(6)] });
    await choose(ana, form);
    await hand(ana, 'drop', { name: 'card.jpg', mimeType: 'image/jpeg', buffer: photo });
    await hand(ana, 'paste', pdf('worksheet.pdf'));
    await ana.box.fill('The form, my card and the worksheet.');
    await ana.page.keyboard.press('Enter');

    await lee.log.getByText('The form, my card and the worksheet.').waitFor();
    await lee.log.getByText('worksheet.pdf').waitFor();
    assert.ok((await save(lee, form.name)).equals(form.buffer));
    assert.ok(!(await save(lee, 'card.jpg')).includes('PlantedPosition'));
    await ana.page.getByRole('list', { name: 'Attached files' }).waitFor({ state: 'detached' });
    assert.deepEqual([...ana.faults, ...lee.faults], []);
  });

  it('are named by what is wrong with them, and what is written is kept', async (t) => {
    const ana = await open(t, 'ana');
    await ana.box.fill('Here it is.');
    const program = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(400)]);
    await choose(
      ana,
      pdf('invoice.pdf', program),
      { name: 'run.exe', mimeType: 'application/x-msdownload', buffer: program },
      pdf('empty.pdf', Buffer.alloc(0)),
    );
    await drop(ana, 'too-large.pdf', 26_214_401);

    for (const reason of ['Files of this kind can’t be sent.', 'It is empty.', 'It is larger than 25 MB.']) {
      await ana.page.getByText(reason).first().waitFor();
    }
    await attached(ana, 'invoice.pdf').getByText('program').waitFor();
    assert.ok(await ana.page.getByRole('button', { name: 'Send' }).isDisabled());
    await ana.page.getByRole('button', { name: 'Remove invoice.pdf' }).click();
    assert.equal(await ana.box.inputValue(), 'Here it is.');
    assert.ok(await ana.page.getByRole('button', { name: 'Send' }).isEnabled());
  });

  it('leave nothing when they are taken off in the middle', async (t) => {
    const ana = await open(t, 'ana');
    await ana.page.route(/\/v1\/uploads\//, (route, request) =>
      request.method() === 'PATCH' ? undefined : route.fallback(),
    );
    const begun = ana.page.waitForRequest((request) => request.method() === 'PATCH');
    await choose(ana, scan('second-thoughts.pdf', 1_000_000));
    const address = (await begun).url();
    const removed = ana.page.waitForResponse((response) => response.request().method() === 'DELETE');
    await ana.page.getByRole('button', { name: 'Remove second-thoughts.pdf' }).click();

    assert.equal((await removed).status(), 204);
    assert.equal((await removed).url(), address);
    await attached(ana, 'second-thoughts.pdf').waitFor({ state: 'detached' });
  });

  it('of twenty megabytes survive three lost connections', async (t) => {
    const [ana, lee] = await Promise.all([open(t, 'ana'), open(t, 'dr-lee')]);
    let parts = 0;
    await ana.page.route(/\/v1\/uploads\//, (route, request) => {
      const isCut = request.method() === 'PATCH' && [2, 4, 6].includes(++parts);
      return isCut ? route.abort('connectionreset') : route.fallback();
    });
    const long = scan('long.pdf', 20_000_000);
    await choose(ana, long);
    await isUploaded(ana, 'long.pdf');
    await ana.page.getByRole('button', { name: 'Send' }).click();
    await lee.log.getByText('long.pdf').waitFor();

    assert.ok(parts > 6);
    assert.ok((await save(lee, 'long.pdf')).equals(long.buffer));
  });

  it('go on after the page was reloaded in the middle, without a connection too', async (t) => {
    const [ana, lee] = await Promise.all([open(t, 'ana'), open(t, 'dr-lee')]);
    await ana.page.route(/\/v1\/uploads/, (route) => route.abort('connectionreset'));
    const form = scan('reloaded.pdf', 2_000_000);
    await choose(ana, form);
    await ana.box.fill('Sent in a tunnel.');
    await ana.page.keyboard.press('Enter');
    await ana.log.getByText('Not uploaded yet').waitFor();
    await ana.page.unrouteAll();
    await ana.page.reload();

    await lee.log.getByText('Sent in a tunnel.').waitFor();
    assert.ok((await save(lee, 'reloaded.pdf')).equals(form.buffer));
  });

  it('go ten at a time, and the eleventh is said to be one too many', async (t) => {
    const [ana, lee] = await Promise.all([open(t, 'ana'), open(t, 'dr-lee')]);
    const names = Array.from({ length: 11 }, (_, at) => `page-${at + 1}.pdf`);
    await choose(ana, ...names.map((name) => pdf(name)));
    await ana.page.getByText('Only 10 files can go with a message.').first().waitFor();
    await ana.page.getByRole('button', { name: 'Send' }).click();

    await lee.log.getByText('page-10.pdf').waitFor();
    const shown = await lee.log.getByText(/^page-\d+\.pdf$/).allTextContents();
    assert.deepEqual(shown, names.slice(0, 10));
  });

  it('are attached and taken off by keyboard, and a screen reader hears what became of them', async (t) => {
    const ana = await open(t, 'ana');
    const button = ana.page.getByRole('button', { name: 'Attach files' });
    await ana.box.focus();
    await ana.page.keyboard.press('Tab');
    assert.ok(await isFocused(button));
    const [chooser] = await Promise.all([
      ana.page.waitForEvent('filechooser'),
      ana.page.keyboard.press('Enter'),
    ]);
    await chooser.setFiles([pdf('by-keyboard.pdf')]);
    const heard = (words: string) =>
      ana.page.getByRole('status').filter({ hasText: words }).first().waitFor({ state: 'attached' });
    await heard('by-keyboard.pdf uploaded.');

    const cross = ana.page.getByRole('button', { name: 'Remove by-keyboard.pdf' });
    await cross.focus();
    await ana.page.keyboard.press('Enter');
    await heard('by-keyboard.pdf removed.');
    await cross.waitFor({ state: 'detached' });
    assert.ok(await isFocused(ana.box));
  });
});
