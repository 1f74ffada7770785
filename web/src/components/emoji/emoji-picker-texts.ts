import type { I18n } from 'emoji-picker-element/shared.js';
import { t } from '../../i18n/i18n.ts';

/** The picker's texts and screen reader labels, in the current language. */
export function emojiPickerTexts(): I18n {
  return {
    categories: {
      custom: t('emoji.custom'),
      'smileys-emotion': t('emoji.smileys'),
      'people-body': t('emoji.people'),
      'animals-nature': t('emoji.animals'),
      'food-drink': t('emoji.food'),
      'travel-places': t('emoji.travel'),
      activities: t('emoji.activities'),
      objects: t('emoji.objects'),
      symbols: t('emoji.symbols'),
      flags: t('emoji.flags'),
    },
    categoriesLabel: t('emoji.categories'),
    emojiUnsupportedMessage: t('emoji.unsupported'),
    favoritesLabel: t('emoji.favorites'),
    loadingMessage: t('common.loading'),
    networkErrorMessage: t('emoji.failed'),
    regionLabel: t('emoji.picker'),
    searchDescription: t('emoji.searchHelp'),
    searchLabel: t('emoji.search'),
    searchResultsLabel: t('emoji.results'),
    skinToneDescription: t('emoji.skinToneHelp'),
    // The picker inserts the name.
    skinToneLabel: t('emoji.skinTone', { tone: '{skinTone}' }),
    skinTones: [
      t('emoji.toneDefault'),
      t('emoji.toneLight'),
      t('emoji.toneMediumLight'),
      t('emoji.toneMedium'),
      t('emoji.toneMediumDark'),
      t('emoji.toneDark'),
    ],
    skinTonesLabel: t('emoji.skinTones'),
  };
}
