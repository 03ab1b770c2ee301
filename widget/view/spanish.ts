import type { Strings } from './strings.ts';

export const spanish: Partial<Strings> = {};
