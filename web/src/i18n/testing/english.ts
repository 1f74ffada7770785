import { showLocale } from '../i18n.ts';

await showLocale('en');
