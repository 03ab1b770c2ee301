import { expect } from '@open-wc/testing';
import { LanguageController, type Speaker } from '../../../widget/view/language-controller.ts';
import { until } from '../../support/until.ts';

describe('LanguageController', () => {
  /** An element that is told to speak this. */
  function speaker(locale: string) {
    let draws = 0;
    const host = {
      locale,
      strings: undefined,
      addController: () => undefined,
      requestUpdate: () => (draws += 1),
    } as unknown as Speaker;
    const controller = new LanguageController(host);
    controller.hostUpdate();
    return { controller, draws: () => draws };
  }

  it('speaks English, and says that it does, until the words of the other language are there', async () => {
    const { controller, draws } = speaker('es-US');
    const spoken = () => [controller.value.locale, controller.value.strings.send];
    expect(spoken()).to.deep.equal(['en', 'Send']);
    await until(() => draws() > 0);
    expect(spoken()).to.deep.equal(['es-US', 'Enviar']);
  });
});
