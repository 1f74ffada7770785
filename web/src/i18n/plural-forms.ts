/** The forms of a counted message stand in this order: `one | other`, in Arabic `zero | one | two | few | many | other`. */
const ORDER: readonly Intl.LDMLPluralRule[] = ['zero', 'one', 'two', 'few', 'many', 'other'];

/** The plural forms that a language has, in the order of its messages. */
export function pluralForms(locale: string): readonly Intl.LDMLPluralRule[] {
  const { pluralCategories } = new Intl.PluralRules(locale).resolvedOptions();
  return ORDER.filter((form) => pluralCategories.includes(form));
}

/** Which of a message's forms a number takes. */
export function pluralRule(locale: string): (count: number) => number {
  const rules = new Intl.PluralRules(locale);
  const forms = pluralForms(locale);
  return (count) => forms.indexOf(rules.select(count));
}
