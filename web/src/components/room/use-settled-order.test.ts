import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, shallowRef } from 'vue';
import { inFormerOrder, useSettledOrder } from './use-settled-order.ts';

describe('the order of a list', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('keeps the previous order, puts new keys first, and drops removed keys', () => {
    expect(inFormerOrder(['d', 'c', 'a'], ['a', 'b', 'c'])).toEqual(['d', 'a', 'c']);
  });

  it('stays the same while a pointer moves over the list, and is updated when the pointer rests or leaves', () => {
    const scope = effectScope();
    scope.run(() => {
      const items = shallowRef(['a', 'b']);
      const { settled, hold, release } = useSettledOrder(items, (item) => item);
      hold();
      items.value = ['b', 'a'];
      expect(settled.value).toEqual(['a', 'b']);
      vi.runAllTimers();
      expect(settled.value).toEqual(['b', 'a']);
      hold();
      items.value = ['a', 'b'];
      release();
      expect(settled.value).toEqual(['a', 'b']);
    });
    scope.stop();
  });
});
