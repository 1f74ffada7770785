/** The order of plural forms in a message: `one | other`, in Arabic `zero | one | two | few | many | other`. */
const ORDER: readonly Intl.LDMLPluralRule[] = ['zero', 'one', 'two', 'few', 'many', 'other'];

/** The plural forms of a language, in the order of its messages. */
export function pluralForms(locale: string): readonly Intl.LDMLPluralRule[] {
  const { pluralCategories } = new Intl.PluralRules(locale).resolvedOptions();
  return ORDER.filter((form) => pluralCategories.includes(form));
}

/** The index of the plural form for a number. */
export function pluralRule(locale: string): (count: number) => number {
  const rules = new Intl.PluralRules(locale);
  const forms = pluralForms(locale);
  return (count) => forms.indexOf(rules.select(count));
}
