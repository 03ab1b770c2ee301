/**
 * Words that depend on a number, by the language's own rules (Intl.PluralRules). `#` is the number, written
 * as the language writes it.
 */
export function plural(locale: string, forms: Forms): (count: number) => string {
  return (count) => {
    // Made when it is needed: the browser takes its time over it.
    const form = forms[new Intl.PluralRules(locale).select(count)] ?? forms.other;
    return form.replace('#', count.toLocaleString(locale));
  };
}

type Forms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string };
