import { expect, nextFrame } from '@open-wc/testing';
import { emulateMedia, sendKeys, setViewport } from '@web/test-runner-commands';
import type { Message } from '../../../protocol/message.ts';
import type { RelationshipStatus } from '../../../protocol/relationship.ts';
import '../../../widget/define.ts';
import type { GrowMessages } from '../../../widget/grow-messages.ts';
import { FakeServer, gatewayPage, listen } from '../../support/fake-server.ts';
import { hostileTexts } from '../../support/hostile.ts';
import { isLive } from '../../support/live.ts';
import { aClient, aMe, aMessage, uuid } from '../../support/message-builders.ts';
import { button, find, findAll, has, wordsOf } from '../../support/shadow.ts';
import { until } from '../../support/until.ts';

/** Somebody the provider works with: what they wrote last, if anything, and how it stands. */
type Known = {
  readonly number: number;
  readonly name?: string;
  /** From whom the messages are, oldest first; the oldest was sent so many days ago, `number` minutes before. */
  readonly said?: readonly ('client' | 'provider')[];
  readonly daysAgo?: number;
  readonly unread?: number;
  readonly status?: RelationshipStatus;
};

describe('<grow-inbox-tools>', () => {
  let server: FakeServer;
  let page: HTMLElement;

  beforeEach(async () => {
    await setViewport({ width: 1_000, height: 800 });
    server = await listen(new FakeServer());
    server.me = aMe({ id: 'dr-lee', role: 'provider', displayName: 'Maya Lee' });
    page = document.createElement('div');
    document.body.append(page);
  });

  afterEach(async () => {
    server.letGo();
    page.remove();
    await until(() => server.openStreams === 0);
    await new Promise((resolve) => (indexedDB.deleteDatabase('grow-messages').onsuccess = resolve));
    await emulateMedia({ colorScheme: 'light' });
  });

  function add({
    number,
    name = `Client ${number}`,
    said = ['provider'],
    daysAgo = 1,
    unread = 0,
    status = 'current',
  }: Known): void {
    const messages = said.map((from, at): Message => {
      const sentAt = new Date(Date.now() - daysAgo * 86_400_000 - number * 60_000 + at * 1_000).toISOString();
      return aMessage({ seq: at + 1, senderId: from === 'client' ? 'client' : 'ana', sentAt });
    });
    const other = aClient({ id: `client-${number}`, displayName: name });
    server.addThread({ id: uuid(number, 'c'), other, messages, unread, status });
  }

  function addMany(count: number, more: (number: number) => Partial<Known> = () => ({})): void {
    for (let number = 1_000; number < 1_000 + count; number++) add({ number, ...more(number) });
  }

  async function ready(settings: Partial<GrowMessages> = {}): Promise<GrowMessages> {
    const element = document.createElement('grow-messages');
    Object.assign(element, {
      apiUrl: server.apiUrl,
      tokenUrl: server.tokenUrl,
      locale: 'en-US',
      ...settings,
    });
    page.append(element);
    await until(
      () =>
        has(element, '.filters') &&
        has(element, '.thread') &&
        isLive(server.apiUrl) &&
        server.unanswered === 0,
      'the list and its tools are there',
    );
    return element;
  }

  const field = (element: Element) => find<HTMLInputElement>(element, '#find');
  const said = (element: Element) => wordsOf(find(find(element, 'grow-inbox-tools'), '[role=status]'));
  /** The names in the list that can be seen, whichever that is. */
  const names = (element: Element) =>
    findAll(element, '.thread')
      .filter((row) => row.checkVisibility())
      .map((row) => wordsOf(find(row, '.name')));
  const row = (element: Element, name: string) => {
    const found = findAll<HTMLButtonElement>(element, '.thread').find(
      (candidate) => candidate.checkVisibility() && wordsOf(find(candidate, '.name')) === name,
    );
    if (!found) throw new Error(`There is no row of ${name}.`);
    return found;
  };
  const heading = (element: Element) =>
    findAll(element, 'grow-thread').map((thread) => has(thread, 'h2') && wordsOf(find(thread, 'h2')))[0];

  async function look(element: Element, words: string): Promise<void> {
    field(element).focus();
    field(element).value = words;
    field(element).dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    await nextFrame();
    await until(() => words.trim() === '' || (said(element) !== 'Looking…' && said(element) !== ''));
  }

  async function choose(element: Element, filter: string): Promise<void> {
    const label = findAll(element, '.filters label').find((found) => wordsOf(found).startsWith(filter));
    if (!label) throw new Error(`There is no filter "${filter}".`);
    label.click();
    await nextFrame();
    await until(() => filter === 'All' || (said(element) !== 'Looking…' && said(element) !== ''));
  }

  it('are there for a provider, not for a client', async () => {
    add({ number: 1 });
    const element = await ready();
    expect(field(element).labels?.[0]?.textContent).to.equal('Find a client');
    element.remove();
    await until(() => server.openStreams === 0);
    server.me = aMe();
    const other = document.createElement('grow-messages');
    Object.assign(other, { apiUrl: server.apiUrl, tokenUrl: server.tokenUrl });
    page.append(other);
    await until(() => has(other, '.thread'));
    expect(has(other, 'grow-inbox-tools')).to.equal(false);
  });

  describe('find a client', () => {
    beforeEach(() => {
      add({ number: 1, name: 'Ana Reyes' });
      add({ number: 2, name: 'Zoë Núñez' });
      add({ number: 3, name: 'Siobhán O’Neill' });
      add({ number: 4, name: 'Bea Reynolds' });
    });

    const cases: readonly (readonly [words: string, found: readonly string[]])[] = [
      ['rey', ['Ana Reyes', 'Bea Reynolds']],
      ['reyes ana', ['Ana Reyes']],
      ['NUNEZ z', ['Zoë Núñez']],
      ['siobhan oneill', ['Siobhán O’Neill']],
      ['neill', ['Siobhán O’Neill']],
      ['eyes', []],
      ['ana nunez', []],
    ];
    for (const [words, found] of cases) {
      it(`by “${words}”`, async () => {
        const element = await ready();
        await look(element, words);
        expect(names(element)).to.deep.equal(found);
      });
    }

    it('and say how many there are, or that there is nobody', async () => {
      const element = await ready();
      await look(element, 'rey');
      expect(said(element)).to.equal('2 clients');
      await look(element, 'reyes');
      expect(said(element)).to.equal('1 client');
      await look(element, 'xyz');
      expect(said(element)).to.equal('No client by that name');
      await look(element, '');
      await until(() => said(element) === '');
      expect(names(element)).to.have.length(4);
    });

    it('in the order of names, and not among those that are filtered out', async () => {
      add({ number: 5, name: 'Änne Reyes', said: ['client'], unread: 1 });
      const element = await ready();
      await choose(element, 'Unread');
      await look(element, 'rey');
      expect(names(element)).to.deep.equal(['Ana Reyes', 'Änne Reyes', 'Bea Reynolds']);
    });

    it('who is far down the list, and open their thread', async () => {
      addMany(400);
      add({ number: 9_000, name: 'Far Down' });
      const element = await ready();
      await look(element, 'far');
      expect(names(element)).to.deep.equal(['Far Down']);
      row(element, 'Far Down').click();
      await until(() => heading(element) === 'Far Down');
    });

    it('with whom it has ended, however far down', async () => {
      addMany(400);
      add({ number: 9_000, name: 'Long Ago', status: 'ended' });
      const element = await ready();
      await look(element, 'long ago');
      expect(names(element)).to.deep.equal(['Long Ago']);
    });

    it('to whom nobody has written yet, and begin a conversation', async () => {
      server.addContact(aClient({ id: 'new', displayName: 'Newly Come' }));
      const element = await ready();
      await look(element, 'newly');
      expect(wordsOf(row(element, 'Newly Come'))).to.contain('Write to Newly Come');
      row(element, 'Newly Come').click();
      await until(() => has(element, 'grow-compose textarea') || has(element, 'textarea'), 'one can write');
      expect(wordsOf(find(element, 'grow-compose'))).to.contain('Newly Come');
      expect(server.askedFor('openThread')).to.deep.equal([]);
    });

    it('and ask for those there are when one begins to look, not before and not with each letter', async () => {
      const element = await ready();
      expect(server.askedFor('listContacts')).to.deep.equal([]);
      await look(element, 'r');
      await look(element, 're');
      expect(server.askedFor('listContacts').length).to.equal(1);
      expect(names(element)).to.deep.equal(['Ana Reyes', 'Bea Reynolds']);
      await look(element, '');
      field(element).blur();
      server.addContact(aClient({ id: 'new', displayName: 'Rea New' }));
      await look(element, 're');
      await until(() => names(element).includes('Rea New'));
    });

    it('and keep the words to themselves', async () => {
      addMany(100);
      const element = await ready();
      await look(element, 'reyes');
      expect(field(element).autocomplete).to.equal('off');
      expect(field(element).getAttribute('spellcheck')).to.equal('false');
      const told = server.asked.map(({ url, body }) => `${url} ${JSON.stringify(body)}`).join('\n');
      expect(told.toLowerCase()).not.to.contain('reyes');
      expect(JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href])).not.to.contain(
        'reyes',
      );
      element.remove();
      await until(() => server.openStreams === 0);
      expect(field(await ready()).value).to.equal('');
    });

    it('and say so where not all could be looked through, and try again', async () => {
      const stop = server.always('listContacts', gatewayPage(500));
      const element = await ready();
      await look(element, 'rey');
      await until(() => said(element) === 'Not all conversations could be looked through.');
      expect(names(element), 'those that are known').to.deep.equal(['Ana Reyes', 'Bea Reynolds']);
      stop();
      button(element, 'Try again').click();
      await until(() => said(element) === '2 clients');
    });

    it('by keys alone', async () => {
      const element = await ready();
      await look(element, 'rey');
      await sendKeys({ press: 'ArrowDown' });
      await sendKeys({ press: 'ArrowDown' });
      await nextFrame();
      const focused = () => find(find(element, 'grow-inbox-tools'), 'grow-inbox').shadowRoot?.activeElement;
      expect(focused()).to.equal(row(element, 'Bea Reynolds'));
      await sendKeys({ press: 'ArrowUp' });
      await nextFrame();
      expect(focused()).to.equal(row(element, 'Ana Reyes'));
      await sendKeys({ press: 'ArrowUp' });
      expect(field(element).matches(':focus'), 'back to the words').to.equal(true);
      await sendKeys({ press: 'Escape' });
      await until(() => field(element).value === '' && names(element).length === 4);
      expect(field(element).matches(':focus')).to.equal(true);
    });

    it('also where the words come without a key', async () => {
      const element = await ready();
      field(element).value = 'nunez';
      field(element).dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
      await until(() => said(element) === '1 client');
      expect(names(element)).to.deep.equal(['Zoë Núñez']);
    });

    it('and open the only one by Return', async () => {
      const element = await ready();
      await look(element, 'nunez');
      await sendKeys({ press: 'Enter' });
      await until(() => heading(element) === 'Zoë Núñez');
    });

    it('and open the only one by Return also while those are looked for with whom it has ended', async () => {
      addMany(200);
      const element = await ready();
      const goOn = server.hold('listThreads');
      await look(element, 'nunez');
      expect(said(element)).to.equal('1 client');
      await sendKeys({ press: 'Enter' });
      await until(() => heading(element) === 'Zoë Núñez');
      goOn();
    });

    it('and open nobody by Return where there are several', async () => {
      const element = await ready();
      await look(element, 'rey');
      await sendKeys({ press: 'Enter' });
      await nextFrame();
      expect(has(element, 'grow-thread')).to.equal(false);
      expect(row(element, 'Ana Reyes').matches(':focus')).to.equal(true);
    });

    it('and come back to those that were found', async () => {
      await setViewport({ width: 400, height: 800 });
      const element = await ready();
      await look(element, 'rey');
      row(element, 'Bea Reynolds').click();
      await until(() => heading(element) === 'Bea Reynolds');
      button(element, 'Back to conversations').click();
      await until(() => names(element).length > 0 && row(element, 'Bea Reynolds').matches(':focus'));
      expect(names(element)).to.deep.equal(['Ana Reyes', 'Bea Reynolds']);
    });

    it('and say nothing of what was said where that is to stay out of sight', async () => {
      const element = await ready({ discreet: true });
      await look(element, 'reyes');
      expect(wordsOf(row(element, 'Ana Reyes'))).not.to.contain('Message');
    });
  });

  describe('show', () => {
    it('what is unread, and count it', async () => {
      add({ number: 1, name: 'Ana Reyes', said: ['client', 'client'], unread: 2 });
      add({ number: 2, name: 'Bea Reynolds' });
      const element = await ready();
      expect(wordsOf(find(element, '.filters'))).to.contain('Unread 2 2 unread messages');
      await choose(element, 'Unread');
      expect(names(element)).to.deep.equal(['Ana Reyes']);
      expect(said(element)).to.equal('1 conversation');
      await choose(element, 'All');
      await until(() => names(element).length === 2);
      expect(said(element)).to.equal('');
    });

    it('who waits for an answer, since when, and count them', async () => {
      add({ number: 1, name: 'Ana Reyes', said: ['provider', 'client', 'client'], daysAgo: 3 });
      add({ number: 2, name: 'Bea Reynolds', said: ['client', 'provider'] });
      add({ number: 3, name: 'Cal Reyes', said: ['client'], daysAgo: 0 });
      add({ number: 4, name: 'Long Ago', said: ['client'], daysAgo: 30, status: 'ended' });
      const element = await ready();
      expect(wordsOf(find(element, '.filters'))).to.contain('Waiting for reply 2');
      await choose(element, 'Waiting for reply');
      expect(names(element)).to.deep.equal(['Cal Reyes', 'Ana Reyes']);
      expect(said(element)).to.equal('2 conversations');
      const since = server.thread(uuid(1, 'c')).awaitingReplySince!;
      const weekday = new Date(since).toLocaleDateString('en-US', { weekday: 'short' });
      expect(wordsOf(find(row(element, 'Ana Reyes'), '.note'))).to.equal(`Waiting since ${weekday}`);
      expect(wordsOf(find(row(element, 'Cal Reyes'), '.note'))).to.match(/^Waiting( since \w+)?$/);
      await choose(element, 'All');
      await until(() => names(element).length === 4);
      expect(has(row(element, 'Long Ago'), '.note'), 'nothing can be answered there').to.equal(false);
      expect(has(row(element, 'Bea Reynolds'), '.note')).to.equal(false);
    });

    it('nothing, and say so, where nothing is unread and nobody waits', async () => {
      add({ number: 1 });
      const element = await ready();
      await choose(element, 'Unread');
      expect(said(element)).to.equal('Nothing is unread.');
      await choose(element, 'Waiting for reply');
      expect(said(element)).to.equal('Nobody is waiting for a reply.');
      expect(find(element, 'grow-inbox slot[name=empty]').checkVisibility()).to.equal(false);
    });

    it('what has just come', async () => {
      add({ number: 1, name: 'Ana Reyes' });
      const element = await ready();
      await choose(element, 'Unread');
      server.say('Hello', uuid(1, 'c'));
      await until(() => names(element).includes('Ana Reyes') && said(element) === '1 conversation');
    });

    it('a thread that is read for as long as it is open', async () => {
      add({ number: 1, name: 'Ana Reyes', said: ['client'], unread: 1 });
      add({ number: 2, name: 'Bea Reynolds', said: ['client'], unread: 1 });
      const element = await ready();
      await choose(element, 'Unread');
      row(element, 'Ana Reyes').click();
      await until(() => server.thread(uuid(1, 'c')).unread === 0);
      await until(() => !has(row(element, 'Ana Reyes'), '.mark'));
      expect(names(element)).to.deep.equal(['Ana Reyes', 'Bea Reynolds']);
      row(element, 'Bea Reynolds').click();
      await until(() => names(element).length === 1);
      expect(names(element)).to.deep.equal(['Bea Reynolds']);
    });

    it('as much as fills the screen, and ask for no more of thousands than that takes', async () => {
      addMany(2_000, (number) => (number % 10 === 0 ? { said: ['client'], unread: 1 } : {}));
      const element = await ready();
      const before = server.askedFor('listThreads').length;
      await choose(element, 'Unread');
      await until(() => names(element).length > 10);
      // 50, then 200: twenty-five of them are unread. Another 200 fill any screen.
      expect(server.askedFor('listThreads').length - before).to.be.within(1, 2);
      expect(said(element)).to.match(/^\d+ conversations so far$/);
      expect(wordsOf(find(element, '.filters')), 'nobody knows how many').to.match(/Waiting for reply$/);
    });

    it('the only one of thousands, once all were looked through', async () => {
      addMany(1_200, (number) => (number === 2_150 ? { said: ['client'], unread: 1, name: 'The One' } : {}));
      const element = await ready();
      const before = server.askedFor('listThreads').length;
      await choose(element, 'Unread');
      await until(() => said(element) === '1 conversation');
      expect(names(element)).to.deep.equal(['The One']);
      expect(server.askedFor('listThreads').length - before).to.equal(6);
    });

    it('and say so where not all could be looked through, and try again', async () => {
      addMany(300, (number) => (number === 1_290 ? { said: ['client'], unread: 1, name: 'The One' } : {}));
      const element = await ready();
      const stop = server.always('listThreads', gatewayPage(500));
      await choose(element, 'Unread');
      expect(said(element)).to.equal('Not all conversations could be looked through.');
      stop();
      button(element, 'Try again').click();
      await until(() => names(element).includes('The One'));
    });

    it('by keys alone', async () => {
      add({ number: 1, name: 'Ana Reyes', said: ['client'], unread: 1 });
      const element = await ready();
      field(element).focus();
      await sendKeys({ press: 'Tab' });
      await sendKeys({ press: 'ArrowRight' });
      await until(() => said(element) === '1 conversation');
      await sendKeys({ press: 'ArrowRight' });
      await nextFrame();
      await sendKeys({ press: 'Tab' });
      expect(row(element, 'Ana Reyes').matches(':focus')).to.equal(true);
    });
  });

  it('leave nothing of what was chosen to whoever comes next', async () => {
    add({ number: 1, name: 'Ana Reyes', said: ['client'], unread: 1 });
    add({ number: 2, name: 'Bea Reynolds' });
    const element = await ready();
    await choose(element, 'Unread');
    expect(names(element)).to.deep.equal(['Ana Reyes']);
    server.signOut();
    await until(() => wordsOf(element).includes('Please sign in again'));
    server.isSignedIn = true;
    server.me = aMe({ id: 'ben' });
    server.renewKeys();
    button(element, 'Try again').click();
    await until(() => names(element).length > 0);
    expect(has(element, 'grow-inbox-tools')).to.equal(false);
    expect(names(element)).to.deep.equal(['Ana Reyes', 'Bea Reynolds']);
  });

  it('keep the page light with 5,000 threads and one of them open, however far one scrolls', async () => {
    addMany(5_000, (number) => ({ said: number % 2 ? ['client'] : ['provider'] }));
    server.addThread({
      id: uuid(1, 'd'),
      other: aClient({ id: 'long', displayName: 'Long' }),
      messages: 400,
    });
    const element = await ready();
    const list = find(element, 'grow-inbox');
    while (server.askedFor('listThreads').length < 26) {
      const before = list.scrollHeight;
      list.scrollTop = 1e7;
      await until(() => list.scrollHeight > before, 'more has come');
    }
    element.openThread(uuid(1, 'd'));
    await until(() => findAll(element, 'grow-message').length >= 20);
    for (const part of [0.1, 0.5, 0.9]) {
      list.scrollTop = list.scrollHeight * part;
      await nextFrame();
      await nextFrame();
      expect(findAll(element, '*').length).to.be.at.most(1_500);
      expect(names(element).length).to.be.within(5, 60);
    }
  });

  it('make nothing of hostile names but words', async () => {
    const kinds = async (nameOf: (number: number) => string) => {
      server = await listen(new FakeServer());
      server.me = aMe({ id: 'dr-lee', role: 'provider' });
      for (let number = 0; number < hostileTexts.length; number++) {
        add({ number: number + 1, name: nameOf(number), said: ['client'] });
      }
      const element = await ready();
      await look(element, 'script');
      const found = new Set(findAll(element, '*').map(({ localName }) => localName));
      element.remove();
      await until(() => server.openStreams === 0);
      return [...found].sort();
    };
    const harmless = await kinds(() => 'Script');
    expect(await kinds((number) => hostileTexts[number]!)).to.deep.equal(harmless);
    expect(globalThis).not.to.have.property('wasRun');
  });

  describe('are accessible', () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      it(`in ${colorScheme}`, async () => {
        await emulateMedia({ colorScheme });
        add({ number: 1, name: 'Ana Reyes', said: ['client'], unread: 1, daysAgo: 2 });
        add({ number: 2, name: 'Bea Reynolds', said: ['client'] });
        const element = await ready();
        await expect(element).to.be.accessible();
        await choose(element, 'Waiting');
        await expect(element).to.be.accessible();
        await look(element, 'rey');
        await expect(element).to.be.accessible();
        await look(element, 'xyz');
        await expect(element).to.be.accessible();
      });
    }
  });
});
