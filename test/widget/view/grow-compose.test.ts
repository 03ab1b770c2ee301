import { expect, oneEvent } from '@open-wc/testing';
import { emulateMedia, sendKeys, setViewport } from '@web/test-runner-commands';
import type { Thread } from '../../../protocol/thread.ts';
import '../../../widget/define.ts';
import type { GrowMessages } from '../../../widget/grow-messages.ts';
import { FakeServer, gatewayPage, listen, networkError, refusal } from '../../support/fake-server.ts';
import { aMe, aProvider, threadId } from '../../support/message-builders.ts';
import { button, find, findAll, has, wordsOf, write } from '../../support/shadow.ts';
import { until } from '../../support/until.ts';

const newcomer = aProvider({ id: 'dr-new', displayName: 'Noor Haddad', credentials: 'LCSW' });
const article =
  'You can also call the New Client Bookings team at (646) 687-9932 for help finding a provider who’s currently accepting new clients.';

describe('<grow-compose>', () => {
  let server: FakeServer;
  let page: HTMLElement;

  beforeEach(async () => {
    await setViewport({ width: 1_000, height: 800 });
    server = await listen(new FakeServer());
    page = document.createElement('div');
    document.body.append(page);
  });

  afterEach(async () => {
    server.letGo();
    page.remove();
    await until(() => server.openStreams === 0);
    await emulateMedia({ colorScheme: 'light' });
  });

  async function mount(settings: Partial<GrowMessages> = {}): Promise<GrowMessages> {
    const element = document.createElement('grow-messages');
    const { apiUrl, tokenUrl } = server;
    Object.assign(element, { apiUrl, tokenUrl, cache: 'memory', ...settings });
    page.append(element);
    await until(() => server.openStreams > 0 && has(element, 'grow-inbox'), 'it is there');
    return element;
  }

  async function composing(personId?: string, settings: Partial<GrowMessages> = {}): Promise<GrowMessages> {
    const element = await mount(settings);
    element.compose(personId);
    await until(() => isThere(element) && !wordsOf(compose(element)).includes('Loading…'), 'it composes');
    return element;
  }

  const isThere = (element: Element) => has(element, 'grow-compose') && has(compose(element), 'h2');
  const compose = (element: Element) => find(element, 'grow-compose');
  const title = (element: Element) => wordsOf(find(compose(element), 'h2'));
  const box = (element: Element) => find<HTMLTextAreaElement>(element, 'textarea');
  const select = (element: Element) => find<HTMLSelectElement>(element, 'select');
  const choose = async (element: Element, personId: string) => {
    select(element).value = personId;
    select(element).dispatchEvent(new Event('change'));
    await until(() => has(element, 'textarea'));
  };
  const hasFocus = (element: Element): boolean => {
    const root = element.getRootNode();
    return (
      (root instanceof Document || root instanceof ShadowRoot) &&
      root.activeElement === element &&
      (root instanceof Document || hasFocus(root.host))
    );
  };
  const asProvider = () => {
    server.me = aMe({ id: 'dr-lee', role: 'provider', displayName: 'Maya Lee' });
  };
  const addMany = () => {
    for (let number = 0; number < 30; number++) {
      server.addContact(aProvider({ id: `p${number}`, displayName: `Person ${number}` }));
    }
  };

  describe('has a drop-down', () => {
    it('of those one works with and those one worked with, told apart in words', async () => {
      server.addThread({ status: 'former' });
      server.addContact(newcomer);
      const element = await composing();
      const groups = [...select(element).querySelectorAll('optgroup')].map((group) => [
        group.label,
        ...[...group.querySelectorAll('option')].map((option) => option.label),
      ]);
      expect(groups).to.deep.equal([
        ['Current', 'Noor Haddad, LCSW'],
        ['Former', 'Maya Lee, PhD'],
      ]);
      expect(select(element).value).to.equal('');
      expect(wordsOf(compose(element))).to.contain(
        'Only providers you currently work with or have previously worked with appear here.',
      );
      await until(() => hasFocus(select(element)));
    });

    it('without groups where there are no former ones', async () => {
      server.addContact(newcomer);
      const element = await composing();
      expect(select(element).querySelector('optgroup')).to.equal(null);
      expect([...select(element).options].map(({ label }) => label)).to.deep.equal([
        'Choose your provider',
        'Noor Haddad, LCSW',
      ]);
    });

    it('called after whom one looks for', async () => {
      asProvider();
      server.addContact(aProvider({ role: 'client', displayName: 'Ana Reyes', credentials: undefined }));
      const element = await composing();
      expect(select(element).labels[0]?.textContent).to.equal('Client');
    });

    it('in which one looks by name where there are many', async () => {
      addMany();
      const element = await composing();
      const input = find<HTMLInputElement>(element, '[role="combobox"]');
      expect(input.labels?.[0]?.textContent).to.equal('Provider');
      await until(() => hasFocus(input));
      await sendKeys({ type: 'person 17' });
      await sendKeys({ press: 'Enter' });
      await until(() => has(element, 'textarea'));
      write(box(element), 'For seventeen');
      await Promise.resolve();
      button(element, 'Send').click();
      await until(() => element.threadId !== '');
      expect(server.thread(element.threadId).with.id).to.equal('p17');
      await until(() => server.messages(element.threadId).at(-1)?.text === 'For seventeen');
    });

    it('and is not left by the Escape that ends a composition', async () => {
      server.addContact(newcomer);
      const element = await composing('dr-new');
      await until(() => has(element, 'textarea'));
      for (const ofIme of [{ isComposing: true }, { keyCode: 229 }]) {
        const escape = new KeyboardEvent('keydown', {
          key: 'Escape',
          bubbles: true,
          composed: true,
          ...ofIme,
        });
        box(element).dispatchEvent(escape);
      }
      await element.updateComplete;
      expect(isThere(element)).to.equal(true);
    });

    it('whose list Escape closes before it closes the screen', async () => {
      addMany();
      const element = await composing();
      const input = find<HTMLInputElement>(element, '[role="combobox"]');
      await until(() => hasFocus(input));
      await sendKeys({ press: 'ArrowDown' });
      await until(() => input.ariaExpanded === 'true');
      await sendKeys({ press: 'Escape' });
      await until(() => input.ariaExpanded === 'false');
      expect(has(element, 'grow-compose')).to.equal(true);
      await sendKeys({ press: 'Escape' });
      await until(() => !has(element, 'grow-compose'));
    });

    it('whose list nothing cuts off, and which covers none of the crisis lines', async () => {
      await setViewport({ width: 320, height: 256 });
      addMany();
      const element = await composing();
      const input = find<HTMLInputElement>(element, '[role="combobox"]');
      await until(() => hasFocus(input));
      const crisis = find(element, 'grow-crisis').getBoundingClientRect();
      input.click();
      await until(() => has(element, '[role="option"]'));
      expect(input.getBoundingClientRect().top).to.be.at.least(0);
      expect(find(element, '[role="option"]').getBoundingClientRect().bottom).to.be.at.most(crisis.top + 1);
      for (let times = 0; times < 4; times++) await sendKeys({ press: 'ArrowDown' });
      await until(() => has(element, '[aria-selected="true"]'));
      const option = find(element, '[aria-selected="true"]').getBoundingClientRect();
      expect(option.bottom).to.be.at.most(crisis.top + 1);
      expect(option.left).to.be.at.least(0);
      expect(option.right).to.be.at.most(320);
      for (const link of findAll(find(element, 'grow-crisis'), 'a').filter((found) =>
        found.checkVisibility(),
      )) {
        const { x, y, width, height } = link.getBoundingClientRect();
        expect(deepestAt(x + width / 2, y + height / 2)?.closest('a')).to.equal(link);
      }
    });
  });

  /** What a finger would touch there. */
  function deepestAt(x: number, y: number): Element | null {
    let found = document.elementFromPoint(x, y);
    while (found?.shadowRoot) {
      const deeper = found.shadowRoot.elementFromPoint(x, y);
      if (!deeper || deeper === found) break;
      found = deeper;
    }
    return found;
  }

  describe('opened to somebody', () => {
    it('one has a thread with, goes there', async () => {
      server.addThread({ messages: 5 });
      const element = await mount();
      const told = oneEvent(page, 'grow-thread-open');
      element.compose('dr-lee');
      expect(((await told) as CustomEvent<{ threadId: string }>).detail.threadId).to.equal(threadId);
      await until(() => findAll(element, 'grow-message').length === 5 && !has(element, 'grow-compose'));
      expect(server.askedFor('openThread')).to.deep.equal([]);
    });

    it('one has a thread with that this device has not heard of, goes there', async () => {
      const element = await mount();
      server.addThread({ messages: 5 });
      element.compose('dr-lee');
      await until(() => element.threadId === threadId);
      await until(() => findAll(element, 'grow-message').length === 5);
    });

    it('with whom it is over, goes to the thread, which says so', async () => {
      server.addThread({ status: 'ended' });
      const element = await mount();
      await until(() => has(element, '.thread'));
      element.compose('dr-lee');
      await until(() => element.threadId === threadId);
      await until(() => wordsOf(find(element, 'grow-thread')).includes('This conversation has ended.'));
    });

    it('with whom it is over, goes there also before the list has come', async () => {
      server.addThread({ status: 'ended' });
      const goOn = server.hold('listThreads');
      const element = await mount();
      server.next('openThread', async (_, proceed) => {
        goOn();
        await until(() => has(element, '.thread'));
        return proceed();
      });
      element.compose('dr-lee');
      await until(() => element.threadId === threadId);
    });

    it('with whom it is over, says so where there is no thread at hand', async () => {
      server.always('openThread', refusal('relationship-ended'));
      const element = await composing('dr-past');
      expect(title(element)).to.equal('This conversation has ended.');
      const told = oneEvent(page, 'grow-support-request');
      button(compose(element), 'Contact the Support Team').click();
      expect(((await told) as CustomEvent<{ reason: string }>).detail.reason).to.equal('relationship-ended');
    });

    it('new, has them chosen', async () => {
      server.addContact(newcomer);
      const element = await composing('dr-new');
      await until(() => has(element, 'textarea'));
      expect(select(element).value).to.equal('dr-new');
    });

    it('new, goes back to their words from the guide', async () => {
      server.addContact(newcomer);
      const element = await composing('dr-new');
      await until(() => has(element, 'textarea'));
      write(box(element), 'Is this the right place');
      button(compose(element), 'Provider or Support?').click();
      const guide = () => find(element, 'grow-guide');
      await until(() => has(element, 'grow-guide') && has(guide(), 'h2') && hasFocus(find(guide(), 'h2')));
      await sendKeys({ press: 'Escape' });
      await until(() => hasFocus(box(element)));
      expect(box(element).value).to.equal('Is this the right place');
    });

    it('one has never booked with, says why, and whom to call', async () => {
      const element = await composing('dr-novak');
      expect(title(element)).to.equal('You can’t send a message here yet');
      expect(wordsOf(compose(element)))
        .to.contain('Messaging is only available once you’ve booked an appointment with a provider.')
        .and.to.contain('continue checking the Grow Therapy directory for openings')
        .and.to.contain(article);
      expect(find<HTMLAnchorElement>(compose(element), 'a').href).to.equal('tel:+16466879932');
      await until(() => hasFocus(find(compose(element), 'h2')));
      expect(has(element, 'textarea')).to.equal(false);
    });

    it('calls the clinic’s own number where it has one', async () => {
      const me = aMe();
      server.me = { ...me, guidance: { ...me.guidance, bookingsPhone: '+44 20 7946 0958' } };
      const element = await composing('dr-novak');
      expect(find<HTMLAnchorElement>(compose(element), 'a').href).to.equal('tel:+442079460958');
      expect(wordsOf(compose(element))).to.contain('team at +44 20 7946 0958 for help');
    });

    it('says the same of those who don’t exist, of oneself, and of ids that can’t be', async () => {
      const element = await composing('dr-novak');
      const stranger = wordsOf(compose(element));
      for (const personId of ['nobody', 'ana', '‮<b>x</b>', 'x'.repeat(500)]) {
        if (personId.length > 128) server.next('openThread', refusal('invalid'));
        element.compose(personId);
        const before = server.askedFor('openThread').length;
        await until(() => server.askedFor('openThread').length > before);
        await until(() => wordsOf(compose(element)) === stranger, personId);
      }
    });

    it('who is a client that has not booked, says so to the provider', async () => {
      asProvider();
      const element = await composing('ana');
      expect(wordsOf(compose(element)))
        .to.contain('Messaging is only available once a client has booked an appointment with you.')
        .and.not.to.contain('Bookings');
    });

    it('lets one choose somebody else after a no', async () => {
      server.addContact(newcomer);
      const element = await composing('dr-novak');
      button(compose(element), 'Choose somebody else').click();
      await until(() => has(element, 'select'));
      await until(() => hasFocus(select(element)));
      await choose(element, 'dr-new');
    });

    it('after another, has nothing of what was written to the first', async () => {
      server.addContact(newcomer);
      server.addContact(aProvider({ id: 'dr-other' }));
      const element = await composing('dr-new');
      await until(() => has(element, 'textarea'));
      write(box(element), 'For Noor alone');
      element.compose('dr-other');
      await until(() => has(element, 'select') && select(element).value === 'dr-other');
      await until(() => has(element, 'textarea'));
      expect(box(element).value).to.equal('');
      element.compose('dr-new');
      await until(() => has(element, 'textarea') && box(element).value === 'For Noor alone');
    });

    it('opened to them again after another was chosen by hand, has them chosen', async () => {
      server.addContact(newcomer);
      server.addContact(aProvider({ id: 'dr-other' }));
      const element = await composing('dr-new');
      await choose(element, 'dr-other');
      element.compose('dr-new');
      await until(() => has(element, 'select') && select(element).value === 'dr-new');
    });

    it('stays away once one has gone elsewhere', async () => {
      const element = await mount();
      server.addThread();
      const goOn = server.hold('listContacts');
      element.compose('dr-lee');
      await until(() => server.askedFor('listContacts').length > 0 && isThere(element));
      button(compose(element), 'Cancel').click();
      await until(() => !has(element, 'grow-compose'));
      goOn();
      element.compose('dr-novak');
      await until(() => has(element, 'grow-why-not'));
      expect(element.threadId).to.equal('');
    });
  });

  it('sends first words also where one goes elsewhere meanwhile, and leaves one there', async () => {
    server.addContact(newcomer);
    const element = await composing('dr-new');
    await until(() => has(element, 'textarea'));
    write(box(element), 'My first words');
    await Promise.resolve();
    const goOn = server.hold('openThread');
    const sent = oneEvent(page, 'grow-message-sent');
    button(element, 'Send').click();
    button(compose(element), 'Cancel').click();
    await until(() => !has(element, 'grow-compose'));
    goOn();
    await sent;
    expect(element.threadId).to.equal('');
    expect(has(element, 'grow-thread')).to.equal(false);
  });

  it('sends first words of one person’s as nobody else, whoever is there once they could go', async () => {
    server.addThread();
    server.addContact(newcomer);
    const element = await composing('dr-new', { discreet: true });
    await until(() => has(element, 'textarea') && wordsOf(element).includes('Hide now'));
    write(box(element), 'For Noor alone');
    await Promise.resolve();
    const goOn = server.hold('openThread');
    button(element, 'Send').click();
    await until(() => server.askedFor('openThread').length === 1);
    button(element, 'Hide now').click();
    server.me = { ...server.me, person: { ...server.me.person, id: 'ben', displayName: 'Ben Ito' } };
    await until(() => wordsOf(element).includes('Show messages'));
    button(element, 'Show messages').click();
    await until(() => has(element, 'grow-inbox'));
    goOn();
    // What he writes goes out behind whatever would have gone.
    element.openThread(threadId);
    await until(() => findAll(element, 'grow-message').length > 0 && has(element, 'textarea'));
    write(box(element), 'Of Ben’s');
    await Promise.resolve();
    button(element, 'Send').click();
    await until(() => server.messages().at(-1)?.text === 'Of Ben’s');
    expect(server.askedFor('sendMessage').length).to.equal(1);
  });

  it('keeps first words to be sent where all was put out of sight before they could go', async () => {
    server.addContact(newcomer);
    const element = await composing('dr-new', { discreet: true });
    await until(() => has(element, 'textarea') && wordsOf(element).includes('Hide now'));
    write(box(element), 'My first words');
    await Promise.resolve();
    const goOn = server.hold('openThread');
    button(element, 'Send').click();
    await until(() => server.askedFor('openThread').length === 1);
    button(element, 'Hide now').click();
    await until(() => wordsOf(element).includes('Show messages'));
    button(element, 'Show messages').click();
    await until(() => has(element, 'grow-inbox'));
    goOn();
    await until(() => element.threadId !== '' && has(element, 'textarea'), 'the thread is there by now');
    await until(() => box(element).value === 'My first words');
    expect(server.askedFor('sendMessage')).to.deep.equal([]);
    button(element, 'Send').click();
    await until(() => server.messages(element.threadId).length > 0 && box(element).value === '');
    expect(server.messages(element.threadId).map(({ text }) => text)).to.deep.equal(['My first words']);
  });

  describe('where there is nobody to write to', () => {
    it('tells a client how to come to somebody', async () => {
      const element = await composing();
      expect(title(element)).to.equal('There is nobody to write to yet');
      expect(wordsOf(compose(element)))
        .to.contain('Messaging is only available once you’ve booked an appointment with a provider.')
        .and.to.contain(article);
      expect(has(element, '[role="combobox"], select, textarea')).to.equal(false);
      await until(() => hasFocus(find(compose(element), 'h2')));
    });

    it('tells a provider when there will be', async () => {
      asProvider();
      const element = await composing();
      expect(title(element)).to.equal('There is nobody to write to yet');
      expect(wordsOf(compose(element)))
        .to.contain('Messaging is only available once a client has booked an appointment with you.')
        .and.to.contain('Why can’t I send a message to my client?');
      expect(has(compose(element), 'a')).to.equal(false);
    });

    it('gives the article’s two reasons, and does what it advises', async () => {
      const element = await composing();
      expect(wordsOf(find(element, 'details')))
        .to.contain('Why can’t I send a message to my provider?')
        .and.to.contain('The therapeutic relationship has ended. Once a provider relationship is inactive')
        .and.to.contain('There’s a technical issue.')
        .and.not.to.match(/cookie|cache/i);
      const told = oneEvent(page, 'grow-support-request');
      button(compose(element), 'Contact the Support Team').click();
      expect(((await told) as CustomEvent<{ reason: string }>).detail.reason).to.equal('cannot-send');

      server.addContact(newcomer);
      button(compose(element), 'Refresh this device’s copy').click();
      await until(() => has(element, 'select'));
      await until(() => server.askedFor('listThreads').length > 1);
      await until(() => hasFocus(select(element)));
    });

    it('answers who misses somebody in the drop-down, when asked', async () => {
      server.addContact(newcomer);
      const element = await composing();
      const details = find<HTMLDetailsElement>(element, 'details');
      expect([details.open, wordsOf(find(details, 'summary'))]).to.deep.equal([
        false,
        'Why can’t I send a message to my provider?',
      ]);
    });
  });

  it('comes back to whom one wrote to, and to the words, when this device’s copy is refreshed', async () => {
    server.addContact(newcomer);
    server.addContact(aProvider({ id: 'dr-other' }));
    const element = await composing();
    await choose(element, 'dr-new');
    write(box(element), 'Half a sen');
    await element.refresh();
    await until(() => has(element, 'select') && select(element).value === 'dr-new');
    await until(() => has(element, 'textarea') && box(element).value === 'Half a sen');
  });

  it('stays as it is while the element is moved on the page', async () => {
    server.addContact(newcomer);
    const element = await composing('dr-new');
    await until(() => has(element, 'textarea'));
    write(box(element), 'Half a sen');
    const before = box(element);
    const elsewhere = document.createElement('section');
    page.append(elsewhere);
    elsewhere.append(element);
    server.addThread();
    server.say('News');
    await until(() => wordsOf(element).includes('News'));
    expect(box(element)).to.equal(before);
    expect(before.value).to.equal('Half a sen');
    expect(server.askedFor('listContacts').length).to.equal(1);
  });

  describe('brings words along that waited, where the other has written first,', () => {
    /** Words wait for somebody who says something then: the thread's id. */
    async function waiting(): Promise<readonly [GrowMessages, string]> {
      server.addContact(newcomer);
      const element = await composing('dr-new');
      await until(() => has(element, 'textarea'));
      write(box(element), 'Half a sen');
      button(compose(element), 'Cancel').click();
      await until(() => !has(element, 'grow-compose'));
      const opened = await fetch(`${server.apiUrl}/v1/threads`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${server.token}` },
        body: JSON.stringify({ personId: 'dr-new' }),
      });
      const { id } = (await opened.json()) as Thread;
      server.say('Welcome', id);
      await until(() => wordsOf(find(element, 'grow-inbox')).includes('Welcome'));
      return [element, id];
    }

    it('to the thread', async () => {
      const [element, id] = await waiting();
      element.compose('dr-new');
      await until(() => element.threadId === id);
      await until(() => has(element, 'textarea') && box(element).value === 'Half a sen');
    });

    it('to where it is shown below', async () => {
      const [element] = await waiting();
      element.compose();
      await until(() => has(element, 'select'));
      await choose(element, 'dr-new');
      await until(() => has(element, 'grow-message') && box(element).value === 'Half a sen');
    });
  });

  it('goes to the thread that is shown below with whatever one does in it', async () => {
    server.addThread({ messages: 5 });
    const element = await composing();
    await choose(element, 'dr-lee');
    await until(() => findAll(element, 'grow-message').length === 5);
    expect([element.threadId, has(element, 'grow-compose')]).to.deep.equal(['', true]);
    button(compose(element), 'Who can read this').click();
    await until(() => has(element, 'grow-readers') && !has(element, 'grow-compose'));
    expect(element.threadId).to.equal(threadId);
  });

  it('says nothing aloud of what comes while a discreet reader composes', async () => {
    server.addThread({ messages: 5 });
    const element = await composing(undefined, { discreet: true });
    await choose(element, 'dr-lee');
    await until(() => findAll(element, 'grow-message').length === 5);
    const heard = find(find(compose(element), 'grow-thread'), '.only-heard[role="status"]');
    server.say('A secret');
    await until(() => findAll(element, 'grow-message').length === 6);
    await until(() => wordsOf(heard) !== '');
    expect(wordsOf(heard)).not.to.contain('secret');
  });

  it('asks again where it could not be told whom one may write to', async () => {
    server.next('listContacts', gatewayPage());
    const element = await composing();
    expect(wordsOf(find(element, '[role="alert"]'))).to.contain('This could not be loaded.');
    server.addContact(newcomer);
    button(compose(element), 'Try again').click();
    await until(() => has(element, 'select'));
  });

  it('asks again where it could not be told how it stands with somebody', async () => {
    server.next('openThread', networkError);
    const element = await composing('dr-novak');
    button(compose(element), 'Try again').click();
    await until(() => title(element) === 'You can’t send a message here yet');
  });

  describe('is accessible', () => {
    const scenes: Readonly<Record<string, () => Promise<GrowMessages>>> = {
      'with few to choose from': () => {
        server.addThread({ status: 'former' });
        server.addContact(newcomer);
        return composing();
      },
      'with many, and the list open': async () => {
        addMany();
        const element = await composing();
        find(element, '[role="combobox"]').click();
        await until(() => has(element, '[role="option"]'));
        await sendKeys({ press: 'ArrowDown' });
        return element;
      },
      'with somebody chosen': async () => {
        server.addContact(newcomer);
        const element = await composing('dr-new');
        await until(() => has(element, 'textarea'));
        return element;
      },
      'with a thread below': async () => {
        server.addThread({ messages: 5 });
        const element = await composing();
        await choose(element, 'dr-lee');
        await until(() => findAll(element, 'grow-message').length === 5);
        return element;
      },
      'where one never booked': () => {
        server.addContact(newcomer);
        return composing('dr-novak');
      },
      'where it is over': () => {
        server.always('openThread', refusal('relationship-ended'));
        return composing('dr-past');
      },
      'with nobody to write to': () => composing(),
      'where nobody could tell': () => {
        server.next('listContacts', gatewayPage());
        return composing();
      },
    };
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1_000, 320]) {
        for (const [what, arrive] of Object.entries(scenes)) {
          it(`${what}, in ${colorScheme}, ${width} px wide`, async () => {
            await setViewport({ width, height: 700 });
            await emulateMedia({ colorScheme });
            const element = await arrive();
            await expect(element).to.be.accessible();
          });
        }
      }
    }
  });
});
