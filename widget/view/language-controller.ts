import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { Language } from './language.ts';
import type { Strings } from './strings.ts';

/** An element that a page may tell what to speak. */
export type Speaker = ReactiveControllerHost & {
  readonly locale: string | undefined;
  readonly strings: Partial<Strings> | undefined;
};

/** Words that are fetched when somebody reads them. English is there from the start. */
const packs: Readonly<Record<string, () => Promise<Partial<Strings>>>> = {
  es: async () => (await import('./spanish.ts')).spanish,
};

/** The language of its host: the one it is told, else the page's, else the browser's; English where we have no other. */
export class LanguageController implements ReactiveController {
  /** Known from the host's first update on: the browser takes milliseconds to tell which locales it has. */
  value!: Language;

  readonly #host: Speaker;
  #told: Pick<Speaker, 'locale' | 'strings'> | undefined;

  constructor(host: Speaker) {
    this.#host = host;
    host.addController(this);
  }

  hostUpdate(): void {
    const { locale, strings } = this.#host;
    if (this.#told?.locale === locale && this.#told?.strings === strings && this.#told) return;
    const told = (this.#told = { locale, strings });
    const wanted = new Language(locale ?? ofThePage(), strings);
    const pack = packs[wanted.locale?.split('-')[0] ?? ''];
    this.value = strings || wanted.locale?.startsWith('en') ? wanted : new Language('en');
    void pack?.().then(
      (words) => {
        if (this.#told !== told) return;
        this.value = new Language(wanted.locale, { ...words, ...strings });
        this.#host.requestUpdate();
      },
      // The next time that there is something to draw, it may be there to be had.
      () => this.#told === told && (this.#told = undefined),
    );
  }
}

/** As the browser writes it, where both name one language: en-GB on a page in English. */
function ofThePage(): string {
  const { lang } = document.documentElement;
  return navigator.languages.find((language) => language.startsWith(lang)) ?? lang;
}
