import fc from 'fast-check';
import type { Household } from './household.ts';
import { type Model, nameOf, type Person, type Tab } from './model.ts';

type Command = fc.AsyncCommand<Model, Household>;

/** Something that is done, where it can be; and after it, what must always hold. */
function command(
  name: string,
  canBe: (model: Model) => boolean,
  act: (model: Model, home: Household) => Promise<void>,
): Command {
  return {
    check: canBe,
    run: async (model, home) => {
      home.done.push(name);
      home.note(name);
      await act(model, home);
      await home.checkPrivacy(model);
    },
    toString: () => name,
  };
}

/** In one of the tabs, where it is open and this can be done in it. */
function inTab(
  name: string,
  which: number,
  canBe: (model: Model, tab: Tab) => boolean,
  act: (model: Model, home: Household, tab: Tab) => Promise<void>,
): Command {
  return command(
    `${name} in tab ${which + 1}`,
    (model) => {
      const tab = model.tabs[which];
      return tab !== undefined && canBe(model, tab);
    },
    (model, home) => act(model, home, model.tabs[which]!),
  );
}

const which = fc.nat({ max: 1 });
const thread = fc.constantFrom(0 as const, 1 as const);
const person = fc.constantFrom<Person>('ana', 'ben');

/** Whether one may write there: the thread is open, and what the box shows is the newest of it. */
function canWrite(_model: Model, { person, thread, knows }: Tab): boolean {
  return person !== undefined && thread !== undefined && knows.has(nameOf({ person, thread }));
}

function hasDraft(model: Model, tab: Tab): boolean {
  const { person, thread } = tab;
  return canWrite(model, tab) && model.draft({ person: person!, thread: thread! }) !== undefined;
}

const commands: readonly (readonly [number, fc.Arbitrary<Command>])[] = [
  [5, which.map((at) => inTab('type', at, canWrite, (model, home, tab) => home.type(model, tab)))],
  [5, which.map((at) => inTab('send', at, hasDraft, (model, home, tab) => home.send(model, tab)))],
  [
    8,
    fc.tuple(which, fc.integer({ min: 1, max: 3 })).map(([at, times]) =>
      inTab(`write ${times}`, at, canWrite, async (model, home, tab) => {
        for (let time = 0; time < times; time++) {
          await home.type(model, tab);
          await home.send(model, tab);
        }
      }),
    ),
  ],
  [
    9,
    fc.tuple(which, thread).map(([at, to]) =>
      inTab(
        `go to thread ${to + 1}`,
        at,
        (_, tab) => tab.person !== undefined,
        (_, home, tab) => home.open(tab, to),
      ),
    ),
  ],
  [
    2,
    which.map((at) =>
      inTab(
        'go back',
        at,
        (_, tab) => tab.thread !== undefined,
        (_, home, tab) => home.back(tab),
      ),
    ),
  ],
  [
    7,
    fc.tuple(person, thread).map(([who, where]) =>
      command(
        `${who} hears something in thread ${where + 1}`,
        () => true,
        (model, home) => home.hear(model, { person: who, thread: where }),
      ),
    ),
  ],
  [
    5,
    fc.constant(
      command(
        'go offline',
        ({ isOnline }) => isOnline,
        (model, home) => home.setOnline(model, false),
      ),
    ),
  ],
  [
    4,
    fc.constant(
      command(
        'come back online',
        ({ isOnline }) => !isOnline,
        (model, home) => home.setOnline(model, true),
      ),
    ),
  ],
  [
    3,
    which.map((at) =>
      inTab(
        'reload',
        at,
        () => true,
        (model, home, tab) =>
          // A browser has a page of its own to show instead.
          model.isOnline ? home.load(model, tab) : home.closeTab(model, tab),
      ),
    ),
  ],
  [
    2,
    which.map((at) =>
      inTab(
        'close',
        at,
        () => true,
        (model, home, tab) => home.closeTab(model, tab),
      ),
    ),
  ],
  [
    6,
    fc.constant(
      command(
        'open a tab',
        ({ tabs, isOnline }) => tabs.length < 2 && isOnline,
        (model, home) => home.openTab(model),
      ),
    ),
  ],
  [
    2,
    fc.constant(
      command(
        'kill the server',
        () => true,
        (_, home) => home.killServer(),
      ),
    ),
  ],
  [
    2,
    fc.constant(
      command(
        'end the session',
        ({ signedIn }) => signedIn !== undefined,
        (model, home) => home.expire(model),
      ),
    ),
  ],
  [
    6,
    fc.constant(
      command(
        'sign in again',
        ({ signedIn }) => signedIn === undefined,
        async (model, home) => {
          await home.signIn(model, model.last);
          for (const tab of model.tabs) await home.tryAgain(model, tab);
        },
      ),
    ),
  ],
  [
    2,
    fc.boolean().chain((isInPlace) =>
      fc.constant(
        command(
          `let the other one sign in, ${isInPlace ? 'in place' : 'on a page of their own'}`,
          ({ isOnline, tabs }) => isOnline && tabs.length > 0,
          async (model, home) => {
            if (isInPlace) await home.expire(model);
            await home.signIn(model, model.last === 'ana' ? 'ben' : 'ana');
            if (isInPlace) await home.tryAgain(model, model.tabs[0]!);
            else await home.load(model, model.tabs[0]!);
          },
        ),
      ),
    ),
  ],
  [
    1,
    which.map((at) =>
      inTab(
        'sign out',
        at,
        ({ signedIn }, { person, isDurable }) => isDurable && person !== undefined && person === signedIn,
        (model, home, tab) => home.signOut(model, tab),
      ),
    ),
  ],
  [
    1,
    fc.constant(
      command(
        'let it settle',
        () => true,
        (model, home) => home.settle(model),
      ),
    ),
  ],
];

/** What a household may do in one go: so many things, of which those that can't be done then are passed over. */
export function days(steps: number): fc.Arbitrary<readonly Command[]> {
  const weighted = commands.map(([weight, arbitrary]) => ({ weight, arbitrary }));
  return fc.array(fc.oneof(...weighted), { minLength: steps, maxLength: steps + 15, size: 'max' });
}
