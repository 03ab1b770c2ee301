import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { inspect } from '../../demo-server/files/inspect.ts';
import { launchBrowser } from '../support/browser.ts';
import { aChunk, anExif, exifTiff } from '../support/files/picture.ts';

/** The same pictures, shown: what our own samples promise, seen by a browser. */
describe('files that a browser made', () => {
  let browser: Browser;
  let page: Page;

  before(async () => {
    browser = await launchBrowser();
    page = await browser.newPage();
    await page.setContent('<h1>Homework</h1><p>For <a href="https://example.org">Thursday</a></p>');
  });
  after(() => browser.close());

  it('are taken: a page that was printed to PDF', async () => {
    const bytes = await page.pdf();
    const verdict = inspect('homework.pdf', bytes);
    assert.equal(verdict.kind === 'refused' ? verdict.reason : verdict.kind, 'sound');
    assert.ok(verdict.kind === 'sound' && bytes.equals(verdict.bytes));
  });

  const pictures: readonly [type: string, name: string, mark: (bytes: Buffer) => Buffer][] = [
    [
      'image/jpeg',
      'photo.jpg',
      (bytes) => Buffer.concat([bytes.subarray(0, 2), anExif(6), bytes.subarray(2)]),
    ],
    // Behind the header, which is 8 + 25 bytes.
    [
      'image/png',
      'scan.png',
      (bytes) => Buffer.concat([bytes.subarray(0, 33), aChunk('eXIf', exifTiff(6)), bytes.subarray(33)]),
    ],
  ];
  for (const [type, name, mark] of pictures) {
    it(`look the same without what they told: ${type}, turned`, async () => {
      const marked = mark(await draw(page, type));
      const verdict = inspect(name, marked);
      assert.ok(verdict.kind === 'sound');
      const cleaned = Buffer.from(verdict.bytes);
      assert.ok(marked.includes('PlantedPosition') && !cleaned.includes('Planted'));

      const [was, is] = [await look(page, type, marked), await look(page, type, cleaned)];

      assert.deepEqual(is, was);
      assert.deepEqual([is.width, is.height], [20, 40], 'it is not turned');
    });
  }
});

/** A picture of 40 by 20 with something in each corner, as the browser packs it. */
async function draw(page: Page, type: string): Promise<Buffer> {
  const base64 = await page.evaluate((mediaType) => {
    const canvas = document.createElement('canvas');
    canvas.width = 40;
    canvas.height = 20;
    const context = canvas.getContext('2d')!;
    for (const [index, colour] of ['teal', 'plum', 'gold', 'navy'].entries()) {
      context.fillStyle = colour;
      context.fillRect((index % 2) * 20, index > 1 ? 10 : 0, 20, 10);
    }
    return canvas.toDataURL(mediaType).split(',')[1]!;
  }, type);
  return Buffer.from(base64, 'base64');
}

/** What the browser shows of it, turned as the picture says. */
function look(page: Page, type: string, bytes: Buffer) {
  return page.evaluate(
    async (source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = image.naturalWidth;
      canvas.height = image.naturalHeight;
      const context = canvas.getContext('2d')!;
      context.drawImage(image, 0, 0);
      const { width, height, data } = context.getImageData(0, 0, canvas.width, canvas.height);
      return { width, height, data: [...data] };
    },
    `data:${type};base64,${bytes.toString('base64')}`,
  );
}
