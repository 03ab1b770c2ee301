import { expect, fixture, html } from '@open-wc/testing';
import { emulateMedia, sendKeys } from '@web/test-runner-commands';
import type { Contact } from '../../../protocol/thread.ts';
import '../../../widget/define.ts';
import type { PersonChosenEvent } from '../../../widget/view/events.ts';
import { GrowPersonPicker } from '../../../widget/view/grow-person-picker.ts';
import { Language } from '../../../widget/view/language.ts';
import { register } from '../../../widget/view/register.ts';
import { hostileTexts, shapeOf } from '../../support/hostile.ts';
import { aProvider } from '../../support/message-builders.ts';
import { find, findAll, wordsOf } from '../../support/shadow.ts';
import { until } from '../../support/until.ts';

const language = new Language('en-US');
register({ 'grow-person-picker': GrowPersonPicker });

describe('<grow-person-picker>', () => {
  const render = (contacts: readonly Contact[], personId = '') =>
    fixture<GrowPersonPicker>(html`
      <grow-person-picker
        .contacts=${contacts}
        .personId=${personId}
        .label=${'Provider'}
        .language=${language}
      ></grow-person-picker>
    `);

  const people = (...names: readonly string[]): readonly Contact[] =>
    names.map((displayName, at) => ({
      person: aProvider({ id: `p${at}`, displayName, credentials: `L${at}` }),
      status: 'current',
    }));

  const box = (picker: Element) => find<HTMLInputElement>(picker, 'input');
  const options = (picker: Element) =>
    findAll(picker, '[role="option"]').filter((option) => option.checkVisibility());
  const names = (picker: Element) => options(picker).map((option) => wordsOf(option));
  /** The option that the keys are at, as a screen reader is told of it. */
  const active = (picker: GrowPersonPicker) => {
    const id = box(picker).getAttribute('aria-activedescendant');
    const found = id === null ? undefined : picker.renderRoot.querySelector(`#${id}`);
    expect(findAll(picker, '[aria-selected="true"]')).to.deep.equal(found ? [found] : []);
    return found ? wordsOf(found) : undefined;
  };
  const type = async (picker: GrowPersonPicker, text: string) => {
    box(picker).focus();
    await sendKeys({ type: text });
    await picker.updateComplete;
  };
  const press = async (picker: GrowPersonPicker, ...keys: readonly string[]) => {
    for (const key of keys) await sendKeys({ press: key });
    await picker.updateComplete;
  };
  const chosenBy = (picker: GrowPersonPicker) => {
    const chosen: string[] = [];
    picker.addEventListener('person-chosen', (event) =>
      chosen.push((event as PersonChosenEvent).detail.personId),
    );
    return chosen;
  };

  it('shows nobody until it is opened', async () => {
    const picker = await render(people('Ada', 'Ben'));
    box(picker).focus();
    await picker.updateComplete;
    expect(names(picker)).to.deep.equal([]);
    expect(box(picker).getAttribute('aria-expanded')).to.equal('false');
    box(picker).click();
    await picker.updateComplete;
    expect(names(picker)).to.deep.equal(['Ada, L0', 'Ben, L1']);
    expect(box(picker).getAttribute('aria-expanded')).to.equal('true');
  });

  const found: readonly (readonly [typed: string, names: readonly string[]])[] = [
    ['ma', ['Maya Lee', 'Mary O’Neill', 'José Martínez']],
    ['MAR', ['Mary O’Neill', 'José Martínez']],
    ['jose', ['José Martínez']],
    ['josé mart', ['José Martínez']],
    ['martinez j', ['José Martínez']],
    ['neill', ['Mary O’Neill']],
    ["o'neill", ['Mary O’Neill']],
    ['oneill', ['Mary O’Neill']],
    ['lukasz', ['Łukasz Smith-Jones']],
    ['jones', ['Łukasz Smith-Jones']],
    ['smith-j', ['Łukasz Smith-Jones']],
    ['strauss', ['Zoë Strauß']],
    ['aya', []],
    ['李', ['李 明']],
    ['  ', ['Maya Lee', 'Mary O’Neill', 'José Martínez', 'Łukasz Smith-Jones', 'Zoë Strauß', '李 明']],
    ['(*', ['Maya Lee', 'Mary O’Neill', 'José Martínez', 'Łukasz Smith-Jones', 'Zoë Strauß', '李 明']],
  ];
  for (const [typed, expected] of found) {
    it(`finds ${expected.length} of six by “${typed}”`, async () => {
      const picker = await render(
        people('Maya Lee', 'Mary O’Neill', 'José Martínez', 'Łukasz Smith-Jones', 'Zoë Strauß', '李 明'),
      );
      await type(picker, typed);
      expect(names(picker).map((name) => name.replace(/, L\d$/, ''))).to.deep.equal(expected);
    });
  }

  it('finds by credentials, and tells people of one name apart by them', async () => {
    const picker = await render(people('Sam Jordan', 'Sam Jordan', 'Ada'));
    await type(picker, 'sam');
    expect(names(picker)).to.deep.equal(['Sam Jordan, L0', 'Sam Jordan, L1']);
    await type(picker, ' l1');
    expect(names(picker)).to.deep.equal(['Sam Jordan, L1']);
  });

  it('says in words who is a former one', async () => {
    const [ada, ben] = people('Ada', 'Ben');
    const picker = await render([ada!, { ...ben!, status: 'former' }]);
    await type(picker, ' ');
    expect(names(picker)).to.deep.equal(['Ada, L0', 'Ben, L1 Former']);
  });

  it('goes through those found by the keys, and chooses with Return', async () => {
    const picker = await render(people('Ada', 'Ben', 'Cy'));
    const chosen = chosenBy(picker);
    box(picker).focus();
    await press(picker, 'ArrowDown');
    expect(active(picker)).to.equal('Ada, L0');
    await press(picker, 'ArrowUp');
    expect(active(picker)).to.equal('Cy, L2');
    await press(picker, 'ArrowDown', 'ArrowDown');
    expect(active(picker)).to.equal('Ben, L1');
    await press(picker, 'End');
    expect(active(picker)).to.equal('Cy, L2');
    await press(picker, 'Home');
    expect(active(picker)).to.equal('Ada, L0');
    await press(picker, 'ArrowDown', 'Enter');
    expect(chosen).to.deep.equal(['p1']);
    expect(names(picker)).to.deep.equal([]);
    expect(box(picker).value).to.equal('Ben, L1');
    expect(picker.shadowRoot?.activeElement).to.equal(box(picker));
  });

  it('opens upwards from the end', async () => {
    const picker = await render(people('Ada', 'Ben', 'Cy'));
    box(picker).focus();
    await press(picker, 'ArrowUp');
    expect(active(picker)).to.equal('Cy, L2');
  });

  it('goes back to the letters with the keys that move among them', async () => {
    const picker = await render(people('Ada', 'Alma'));
    await type(picker, 'a');
    await press(picker, 'ArrowDown', 'ArrowLeft');
    expect(active(picker)).to.equal(undefined);
    await type(picker, 'x');
    expect(box(picker).value).to.equal('xa');
  });

  it('chooses nobody that was not pointed at, unless only one is left', async () => {
    const picker = await render(people('Ada', 'Alma', 'Ben'));
    const chosen = chosenBy(picker);
    await type(picker, 'a');
    await press(picker, 'Enter');
    expect(chosen).to.deep.equal([]);
    await type(picker, 'l');
    await press(picker, 'Enter');
    expect(chosen).to.deep.equal(['p1']);
  });

  it('leaves a Return alone that ends a composition', async () => {
    const picker = await render(people('李 明'));
    const chosen = chosenBy(picker);
    await type(picker, '李');
    const event = new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, cancelable: true });
    box(picker).dispatchEvent(event);
    expect([event.defaultPrevented, chosen]).to.deep.equal([false, []]);
  });

  it('chooses by a press, and stays where one types', async () => {
    const picker = await render(people('Ada', 'Ben'));
    const chosen = chosenBy(picker);
    await type(picker, 'b');
    const [option] = options(picker);
    const press = new MouseEvent('mousedown', { bubbles: true, cancelable: true });
    option?.dispatchEvent(press);
    expect(press.defaultPrevented).to.equal(true);
    option?.click();
    await picker.updateComplete;
    expect([chosen, box(picker).value]).to.deep.equal([['p1'], 'Ben, L1']);
  });

  it('closes with Escape and keeps that to itself; closed, it leaves Escape to others', async () => {
    const picker = await render(people('Ada', 'Ben'), 'p0');
    const heard: boolean[] = [];
    picker.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') heard.push(event.defaultPrevented);
    });
    await type(picker, 'b');
    await press(picker, 'Escape');
    expect(names(picker)).to.deep.equal([]);
    expect(box(picker).value).to.equal('Ada, L0');
    await press(picker, 'Escape');
    expect(heard).to.deep.equal([true, false]);
  });

  it('says again who is chosen when one leaves it half-way', async () => {
    const picker = await render(people('Ada', 'Ben'), 'p1');
    expect(box(picker).value).to.equal('Ben, L1');
    await type(picker, 'ad');
    expect(names(picker)).to.deep.equal(['Ada, L0']);
    box(picker).blur();
    await picker.updateComplete;
    expect([names(picker), box(picker).value]).to.deep.equal([[], 'Ben, L1']);
  });

  it('writes over who is chosen as soon as one types', async () => {
    const picker = await render(people('Ada', 'Ben'), 'p1');
    await type(picker, 'a');
    expect(box(picker).value).to.equal('a');
  });

  it('holds at most fifty on the page, and says how many more there are', async () => {
    const many = Array.from({ length: 5_000 }, (_, at) => `Client ${at}`);
    const picker = await render(people(...many));
    box(picker).click();
    await picker.updateComplete;
    expect(findAll(picker, '[role="option"]').length).to.equal(50);
    expect(wordsOf(find(picker, '.popup'))).to.match(/4,950 more: keep typing\.$/);
    await type(picker, 'client 499');
    expect(names(picker).length).to.equal(11);
    expect(wordsOf(find(picker, '.popup'))).not.to.contain('more');
  });

  it('says how many were found, for those who hear it', async () => {
    const picker = await render(people('Ada', 'Alma', 'Ben'));
    const status = find(picker, '[role="status"]');
    expect(wordsOf(status)).to.equal('');
    await type(picker, 'a');
    expect(wordsOf(status)).to.equal('2 people found');
    await type(picker, 'x');
    expect(wordsOf(status)).to.equal('Nobody of that name');
    expect(wordsOf(find(picker, '.popup'))).to.equal('Nobody of that name');
    expect(box(picker).getAttribute('aria-expanded')).to.equal('false');
    await press(picker, 'Escape');
    expect(wordsOf(status)).to.equal('');
  });

  it('keeps the option in view that the keys are at', async () => {
    const picker = await render(people(...Array.from({ length: 40 }, (_, at) => `Client ${at}`)));
    box(picker).focus();
    await press(picker, 'ArrowUp');
    const list = find(picker, '[role="listbox"]').getBoundingClientRect();
    const last = options(picker).at(-1)!.getBoundingClientRect();
    expect(last.bottom).to.be.at.most(list.bottom + 1);
    expect(last.top).to.be.at.least(list.top);
  });

  it('has options that a finger can hit', async () => {
    const picker = await render(people('Ada'));
    box(picker).click();
    await picker.updateComplete;
    expect(options(picker)[0]!.getBoundingClientRect().height).to.be.at.least(44);
    expect(box(picker).getBoundingClientRect().height).to.be.at.least(44);
  });

  it('makes nothing of hostile names but words', async () => {
    const shape = async (text: string) => {
      const picker = await render([
        { person: aProvider({ displayName: text, credentials: text }), status: 'former' },
      ]);
      box(picker).click();
      await picker.updateComplete;
      expect(options(picker).length).to.equal(1);
      return shapeOf(picker);
    };
    const harmless = await shape('Hello');
    for (const text of hostileTexts) expect(await shape(text), text).to.equal(harmless);
    expect(globalThis).not.to.have.property('wasRun');
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`is accessible, closed, open and in vain, in ${colorScheme}`, async () => {
      await emulateMedia({ colorScheme });
      const picker = await render(people('Ada', 'Alma', 'Ben'));
      await expect(picker).to.be.accessible();
      await type(picker, 'a');
      await press(picker, 'ArrowDown');
      await until(() => active(picker) === 'Ada, L0');
      await expect(picker).to.be.accessible();
      await type(picker, 'xx');
      await expect(picker).to.be.accessible();
      await emulateMedia({ colorScheme: 'light' });
    });
  }
});
