import assert from 'node:assert/strict';
import type { Browser, BrowserContext, Page, Request } from 'playwright-core';
import type { Message } from '../../protocol/message.ts';
import { isAt, type Model, nameOf, people, type Person, type Place, type Tab } from './model.ts';
import type { MortalPractice } from './mortal-practice.ts';
import { bringHand, type Sight, withHand } from './page-hand.ts';

/** A request that nobody answers is given up after thirty seconds. Milliseconds. */
const longest = 60_000;

/** What was done in all runs. */
export type Tally = {
  runs: number;
  steps: number;
  settled: number;
  /** How often a tab said that it could not keep what was written: a browser that is very busy opens no database in time. */
  unkept: number;
};

/** One browser with two people, over a practice that others use as well. */
export class Household {
  readonly #practice: MortalPractice;
  readonly #context: BrowserContext;
  readonly #name: string;
  readonly #threads: Readonly<Record<Person, readonly [string, string]>>;
  readonly #pages = new Map<number, Page>();
  readonly #tally: Tally;
  readonly faults: string[] = [];
  readonly done: string[] = [];
  /** What was done last, and what was asked and answered meanwhile: for whoever is to find out why. */
  readonly #trace: string[] = [];
  #words = 0;

  private constructor(
    practice: MortalPractice,
    context: BrowserContext,
    name: string,
    threads: Readonly<Record<Person, readonly [string, string]>>,
    tally: Tally,
  ) {
    this.#practice = practice;
    this.#context = context;
    this.#name = name;
    this.#threads = threads;
    this.#tally = tally;
  }

  static async moveIn(
    practice: MortalPractice,
    browser: Browser,
    name: string,
    tally: Tally,
  ): Promise<Household> {
    const takeIn = (person: Person) => practice.takeIn(`${person}-${name}`, `Name-of-${person}-${name}`);
    const [context, ana, ben] = await Promise.all([browser.newContext(), takeIn('ana'), takeIn('ben')]);
    await context.addCookies([{ name: 'visit', value: name, url: practice.portalUrl }]);
    await context.addInitScript(bringHand);
    const home = new Household(practice, context, name, { ana, ben }, tally);
    practice.signIn(name, home.#id('ana'));
    return home;
  }

  async moveOut(): Promise<void> {
    await this.#context.close();
  }

  note(what: string): void {
    this.#trace.push(`${new Date().toISOString().slice(14, -1)} ${what}`);
  }

  get lastNotes(): string {
    return this.#trace.slice(-100).join('\n');
  }

  /** Words that nobody else has. */
  words(person: Person): string {
    return `${this.#id(person)}-${++this.#words}`;
  }

  // What is done in it

  async openTab(model: Model): Promise<void> {
    const page = await this.#context.newPage();
    // A DOMException has a name and a message, and no stack.
    page.on('pageerror', ({ name, message, stack }) => this.faults.push(stack || `${name}: ${message}`));
    const number = ++model.tabsSoFar;
    this.#pages.set(number, page);
    const note = (what: string, of: Request) =>
      this.note(`tab ${number}: ${what} ${of.method()} ${of.url()}`);
    page.on('request', (request) => note('asks', request));
    page.on('response', (response) => note(String(response.status()), response.request()));
    page.on('requestfailed', (request) => note(request.failure()?.errorText ?? 'failed', request));
    const tab: Tab = {
      number,
      person: undefined,
      thread: undefined,
      isDurable: true,
      knows: new Set(),
    };
    model.tabs.push(tab);
    await this.load(model, tab);
  }

  async load(model: Model, tab: Tab): Promise<void> {
    this.#enter(model, tab);
    tab.thread = undefined;
    await this.#page(tab).goto(this.#practice.addressIn(tab.number));
  }

  async closeTab(model: Model, tab: Tab): Promise<void> {
    model.tabs = model.tabs.filter((other) => other !== tab);
    await this.#page(tab).close();
    this.#pages.delete(tab.number);
  }

  async open(tab: Tab, thread: 0 | 1): Promise<void> {
    tab.thread = thread;
    const threadId = this.#threads[tab.person ?? 'ana'][thread];
    await withHand(this.#page(tab), (id) => window.hand.open(id), threadId);
  }

  async back(tab: Tab): Promise<void> {
    tab.thread = undefined;
    await withHand(this.#page(tab), () => window.hand.back());
  }

  async type(model: Model, tab: Tab): Promise<void> {
    const place = placeOf(tab);
    const text = this.words(place.person);
    const before = model.draft(place);
    const isKept = await withHand(this.#page(tab), (words) => window.hand.type(words), text);
    const now = (await this.#lookAtKept(tab)).draft;
    if (now === text) model.drafts.set(nameOf(place), { text, isSure: isKept && tab.isDurable });
    else if (before !== undefined) model.drafts.set(nameOf(place), { text: before, isSure: false });
    for (const other of model.tabs) if (other !== tab) other.knows.delete(nameOf(place));
  }

  async send(model: Model, tab: Tab): Promise<void> {
    const place = placeOf(tab);
    const text = model.draft(place);
    if (text === undefined) return;
    const outcome = await withHand(this.#page(tab), (words) => window.hand.send(words), text);
    if (outcome === 'not-there') return;
    await this.#lookAtKept(tab);
    const fate = !tab.isDurable ? 'doubtful' : outcome === 'shown' ? 'certain' : 'unclear';
    model.written.push({ ...place, text, fate });
    model.drafts.delete(nameOf(place));
    for (const other of model.tabs) if (other !== tab) other.knows.delete(nameOf(place));
  }

  async hear(model: Model, place: Place): Promise<void> {
    const text = this.words(place.person);
    const { person, thread } = place;
    model.heard.set(nameOf(place), [...(model.heard.get(nameOf(place)) ?? []), text]);
    await this.#practice.say(['dr-lee', 'dr-okafor'][thread]!, this.#threads[person][thread], text);
  }

  async setOnline(model: Model, isOnline: boolean): Promise<void> {
    model.isOnline = isOnline;
    await this.#context.setOffline(!isOnline);
  }

  async killServer(): Promise<void> {
    await this.#practice.kill();
  }

  async expire(model: Model): Promise<void> {
    const { signedIn } = model;
    if (signedIn === undefined) return;
    model.signedIn = undefined;
    this.#practice.signIn(this.#name, undefined);
    await this.#practice.endSessions(this.#name, this.#id(signedIn));
    if (!model.isOnline) return;
    for (const tab of model.tabs) if (tab.person === signedIn) await this.#waitUntilBlank(tab);
  }

  /** The person leaves, and the device forgets them: in every tab, and whatever had not gone. */
  async signOut(model: Model, tab: Tab): Promise<void> {
    const { person } = tab;
    if (person === undefined || (await this.look(tab)).gate !== undefined) return;
    const outcome = await withHand(this.#page(tab), () => window.hand.signOut());
    // What forgets comes after the first screen. Who lost the connection just then is told, and nothing has changed.
    if (outcome === 'TypeError' && !model.isOnline) return;
    assert.equal(outcome, 'forgotten');
    this.#practice.signIn(this.#name, undefined);
    model.signedIn = undefined;
    await this.#giveUp(model, person);
    for (const other of model.tabs.filter((one) => one.person === person)) {
      await this.#until(async () => {
        const { all } = await this.look(other);
        return all.includes(this.#id(person)) ? `there are words of ${person}, who has signed out` : '';
      });
      other.person = undefined;
      this.#practice.forgetTokenIn(this.#name, other.number);
    }
  }

  /** Whoever has no session any more sees nothing any more, as soon as there is anybody to say so. */
  async #waitUntilBlank(tab: Tab): Promise<void> {
    await this.#until(async () => {
      const { gate, all } = await this.look(tab);
      const visible = people.filter((person) => all.includes(this.#id(person)));
      return gate !== undefined && visible.length === 0
        ? ''
        : `the session has ended, and of ${visible.join()} there are words`;
    });
  }

  /** Waits until nothing is wrong. Nobody helps it along. */
  async #until(whatIsWrong: () => Promise<string>): Promise<void> {
    for (const end = Date.now() + longest; ;) {
      const wrong = await whatIsWrong();
      if (wrong === '') return;
      assert.ok(Date.now() < end, `It never came to rest: ${wrong}`);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  }

  /** Signs somebody in, in a tab as it is: it asks for a token where it has none any more. */
  async signIn(model: Model, person: Person): Promise<void> {
    if (model.last !== person) await this.#giveUp(model, model.last);
    model.signedIn = model.last = person;
    this.#practice.signIn(this.#name, this.#id(person));
  }

  async tryAgain(model: Model, tab: Tab): Promise<void> {
    const { gate } = await this.look(tab);
    if (gate === undefined) return;
    // Who could not reach the server has their token still.
    const token = asksWhoIsThere(gate) ? undefined : this.#practice.tokenIn(this.#name, tab.number);
    if (token === undefined) this.#enter(model, tab);
    else this.#adopt(model, tab, this.#personOf(token));
    await withHand(this.#page(tab), () => window.hand.tryAgain());
  }

  async look(tab: Tab): Promise<Sight> {
    return withHand(this.#page(tab), () => window.hand.look());
  }

  /** What a tab says that it can't keep, does not outlive it. */
  async #lookAtKept(tab: Tab): Promise<Sight> {
    const sight = await this.look(tab);
    if (sight.isUnkept && tab.isDurable) this.#tally.unkept += 1;
    tab.isDurable &&= !sight.isUnkept;
    return sight;
  }

  // What must be so

  /** Nobody ever sees a word of somebody else's. */
  async checkPrivacy(model: Model): Promise<void> {
    for (const tab of model.tabs) {
      const { all } = await this.look(tab);
      const seen = people.filter((person) => all.includes(this.#id(person)));
      const token = this.#practice.tokenIn(this.#name, tab.number);
      const holder = token === undefined ? tab.person : this.#personOf(token);
      const isTheirs = seen.length < 2 && seen.every((person) => person === tab.person || person === holder);
      assert.ok(
        isTheirs,
        `words of ${seen.join(' and ')} in a tab of ${tab.person}, with a token of ${holder}`,
      );
      // A tab may ask just when somebody else signs in. Whoever was there before is to be gone from it.
      if (holder !== tab.person && !seen.includes(tab.person!)) this.#adopt(model, tab, holder);
    }
  }

  /** Makes everything well again, waits until all is quiet, and compares. */
  async settle(model: Model): Promise<void> {
    this.#tally.settled += 1;
    if (!model.isOnline) await this.setOnline(model, true);
    if (model.signedIn === undefined) await this.signIn(model, model.last);
    const person = model.last;
    for (const tab of model.tabs) {
      if (tab.person === person && tab.isDurable) continue;
      if (model.tabs.length > 1) await this.closeTab(model, tab);
      else await this.load(model, tab);
    }
    const [tab] = model.tabs;
    if (!tab) await this.openTab(model);
    // What the screen did not tell, the disk does.
    else if (model.written.some(({ fate }) => fate === 'unclear')) await this.load(model, tab);
    for (const thread of [0, 1] as const) await this.#settleThread(model, { person, thread });
    for (const who of people) {
      for (const thread of [0, 1] as const) await this.#checkServer(model, { person: who, thread });
    }
    assert.deepEqual(this.faults, []);
  }

  async #settleThread(model: Model, place: Place): Promise<void> {
    await Promise.all(model.tabs.map((tab) => this.#settleTab(model, tab, place)));
    const drafts = await Promise.all(model.tabs.map(async (tab) => (await this.look(tab)).draft));
    for (const written of model.written.filter((one) => isAt(one, place) && one.fate === 'unclear')) {
      if (!drafts.includes(written.text)) written.fate = 'certain';
      else {
        model.written.splice(model.written.indexOf(written), 1);
        model.drafts.set(nameOf(place), { text: written.text, isSure: true });
      }
    }
  }

  /** In every tab it is as it is at the server. */
  async #settleTab(model: Model, tab: Tab, place: Place): Promise<void> {
    await this.open(tab, place.thread);
    const threadId = this.#threads[place.person][place.thread];
    await this.#until(async () => {
      const sight = await this.look(tab);
      // Who has just learned that the session ended is asked to press the button; all else comes by itself.
      if (asksWhoIsThere(sight.gate)) await this.tryAgain(model, tab);
      // Whoever comes after somebody else begins at the inbox.
      if (sight.threadId !== threadId) await this.open(tab, place.thread);
      const unrest = unrestIn(sight);
      if (unrest !== '') return unrest;
      const messages = await this.#practice.messages(this.#id(place.person), threadId);
      const unread = await this.#practice.unread(this.#id(place.person));
      const wanted = tab.knows.has(nameOf(place)) ? model.drafts.get(nameOf(place)) : undefined;
      const difference = differenceOf(sight, messages, unread, wanted?.isSure ? wanted.text : undefined);
      // What a tab left behind that was closed is yet to be found by this one.
      const arrived = new Set(messages.map(({ text }) => text));
      const due = model.written.filter((one) => isAt(one, place) && one.fate === 'certain');
      const missing = due.filter(({ text }) => !arrived.has(text));
      return difference || missing.map(({ text }) => `${text} has yet to arrive`).join();
    });
  }

  async #checkServer(model: Model, place: Place): Promise<void> {
    const { person, thread } = place;
    const messages = await this.#practice.messages(this.#id(person), this.#threads[person][thread]);
    const [own, theirs] = [
      messages.filter(({ senderId }) => senderId === this.#id(person)),
      messages.filter(({ senderId }) => senderId !== this.#id(person)),
    ].map((some) => some.map(({ text }) => text)) as [string[], string[]];
    assert.deepEqual(theirs, model.heard.get(nameOf(place)) ?? [], `what ${nameOf(place)} was told`);
    const written = model.written.filter((one) => isAt(one, place));
    const texts = written.map(({ text }) => text);
    assert.deepEqual(
      own.filter((text) => !texts.includes(text)),
      [],
      `${nameOf(place)} never sent that`,
    );
    for (const { text, fate } of written) {
      const times = own.filter((one) => one === text).length;
      if (fate === 'certain') assert.equal(times, 1, `${text} is at the server`);
      else assert.ok(times <= 1, `${text} is there ${times} times`);
    }
    for (const [at, later] of written.entries()) {
      for (const earlier of written.slice(0, at)) {
        if (earlier.fate !== 'certain' || later.fate !== 'certain') continue;
        assert.ok(
          own.indexOf(earlier.text) < own.indexOf(later.text),
          `${earlier.text} before ${later.text}`,
        );
      }
    }
  }

  /** A tab that begins a visit, as whoever is signed in. */
  #enter(model: Model, tab: Tab): void {
    this.#practice.forgetTokenIn(this.#name, tab.number);
    this.#adopt(model, tab, model.signedIn);
  }

  /** A tab is this person's from now on. */
  #adopt(model: Model, tab: Tab, person: Person | undefined): void {
    tab.person = person;
    tab.isDurable = person === undefined || person === model.last;
    tab.knows = new Set(
      people.flatMap((person) => [nameOf({ person, thread: 0 }), nameOf({ person, thread: 1 })]),
    );
  }

  /** Another person comes: what had not gone by now may never go. */
  async #giveUp(model: Model, person: Person): Promise<void> {
    for (const thread of [0, 1] as const) {
      const messages = await this.#practice.messages(this.#id(person), this.#threads[person][thread]);
      const arrived = new Set(messages.map(({ text }) => text));
      for (const written of model.written.filter((one) => isAt(one, { person, thread }))) {
        written.fate = arrived.has(written.text) ? 'certain' : 'doubtful';
      }
      model.drafts.delete(nameOf({ person, thread }));
    }
    for (const tab of model.tabs) tab.isDurable = false;
  }

  #page(tab: Tab): Page {
    const page = this.#pages.get(tab.number);
    assert.ok(page, `There is no tab ${tab.number}`);
    return page;
  }

  /** It stands in all of their words, too. */
  #id(person: Person): string {
    return `${person}-${this.#name}`;
  }

  #personOf(id: string): Person {
    return people.find((person) => this.#id(person) === id)!;
  }
}

function placeOf({ person, thread }: Tab): Place {
  assert.ok(person !== undefined && thread !== undefined);
  return { person, thread };
}

/** Whether a tab that is shut wants to know who is signed in; else it could not reach the server. */
function asksWhoIsThere(gate: string | undefined): boolean {
  return /sign in|signed out/.test(gate ?? '');
}

/** What has yet to happen in a tab, whatever the server has; empty where nothing has. */
function unrestIn({ gate, rows }: Sight): string {
  if (gate !== undefined) return `it is shut: ${gate}`;
  const echoes = rows.filter(({ isEcho }) => isEcho);
  return echoes.length > 0 ? `${echoes.map(({ text }) => text).join()} wait to be sent` : '';
}

/** How a thread on screen differs from the server's, in words; empty where it doesn't. */
function differenceOf(
  { rows, draft, unread: told, state }: Sight,
  messages: readonly Message[],
  unread: number,
  wanted: string | undefined,
): string {
  const shown = rows.map(({ text }) => text);
  const all = messages.map(({ text }) => text);
  if (shown.length < Math.min(20, all.length)) return `${shown.length} of ${all.length} are shown: ${state}`;
  if (shown.join() !== all.slice(-shown.length || Infinity).join())
    return `shown: ${shown.join()}; server: ${all.join()}`;
  if (draft === undefined) return `there is no composer: ${state}`;
  if (wanted !== undefined && draft !== wanted) return `the draft is ${draft}, not ${wanted}`;
  if ((told ?? 0) !== unread) return `${told} unread are told, there are ${unread}`;
  return '';
}
