import { afterEach, describe, expect, it } from 'vitest';
import { formatDay } from '../format/time.ts';
import { namesOf } from '../format/people.ts';
import { counted, currentLocale, direction, showLocale, t } from './i18n.ts';

afterEach(() => showLocale('en'));

describe('texts', () => {
  it('are in the current language', async () => {
    expect(t('common.close')).toBe('Close');
    await showLocale('zh-Hant');
    expect(currentLocale.value).toBe('zh-Hant');
    expect(t('common.close')).toBe('關閉');
    expect(direction.value).toBe('ltr');
  });

  it('use the plural form of the number in the current language', async () => {
    expect(counted('room.memberCount', 1)).toBe('1 member');
    expect(counted('room.memberCount', 1_200)).toBe('1,200 members');
    await showLocale('zh-Hant');
    expect(counted('room.memberCount', 1)).toBe('1 位成員');
    await showLocale('ar');
    expect(direction.value).toBe('rtl');
    const forms = [0, 1, 2, 3, 11, 100].map((count) => counted('room.memberCount', count).replace(/[\d٠-٩]+ /, ''));
    expect(forms).toEqual(['لا أعضاء', 'عضو واحد', 'عضوان', 'أعضاء', 'عضوًا', 'عضو']);
  });

  it('format days and lists in the current language', async () => {
    await showLocale('zh-Hant');
    const now = Date.now();
    expect(formatDay(now, now)).toBe('今天');
    expect(namesOf(['Ada', 'Bob', 'Eve', 'Joe'])).toBe('Ada、Bob和其他 2 人');
  });
});
