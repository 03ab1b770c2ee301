import { createContext } from '@lit/context';
import type { Language } from './language.ts';

/** The language that the elements below speak. */
export const languageContext = createContext<Language>(Symbol('grow-messages language'));
