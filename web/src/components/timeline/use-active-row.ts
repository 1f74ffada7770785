import type { MessageId } from '@parley/protocol';
import { onScopeDispose, ref, shallowRef, type Ref } from 'vue';
import { focusComposer } from '../composer/use-composer-focus.ts';

/** The message whose toolbar is shown. `menu`: its menu is open, after a long press. */
export interface ActiveRow {
  readonly messageId: MessageId;
  readonly menu: boolean;
}

/** Tracks the message under the pointer or with focus, which gets the timeline's only toolbar. */
export function useActiveRow(scroller: Readonly<Ref<HTMLElement | null>>) {
  const active = shallowRef<ActiveRow | null>(null);
  const holding = ref(false);

  function activate(target: EventTarget | null, menu = false): boolean {
    const messageId = rowOf(target)?.dataset['messageId'] as MessageId | undefined;
    if (messageId === undefined || (holding.value && !menu)) return false;
    if (active.value?.messageId !== messageId || menu) active.value = { messageId, menu };
    return true;
  }

  function onPoint(event: PointerEvent): void {
    if (event.pointerType === 'mouse') activate(event.target);
  }

  function onLeave(event: PointerEvent): void {
    if (event.pointerType === 'mouse' && !holding.value && !hasFocus()) active.value = null;
  }

  function onFocus(event: FocusEvent): void {
    activate(event.target);
  }

  /** Opens the menu on a long press. A right click of a mouse opens the browser's own menu. */
  function onPress(event: MouseEvent): void {
    if (event instanceof PointerEvent && event.pointerType === 'mouse') return;
    if (activate(event.target, true)) event.preventDefault();
  }

  function hold(isHolding: boolean): void {
    holding.value = isHolding;
  }

  /** Enter moves focus from the list to the last message, the arrows between messages, Escape to the composer. */
  function onKey(event: KeyboardEvent): void {
    const row = rowOf(event.target);
    if (event.key === 'Enter' && event.target === scroller.value) focusRow(rows().at(-1), event);
    else if (event.target !== row || row === null) return;
    else if (event.key === 'ArrowUp') focusRow(rows()[rows().indexOf(row) - 1], event);
    else if (event.key === 'ArrowDown') focusRow(rows()[rows().indexOf(row) + 1], event);
    else if (event.key === 'Escape') {
      active.value = null;
      focusComposer();
    }
  }

  function focusRow(row: HTMLElement | undefined, event: Event): void {
    event.preventDefault();
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: 'nearest' });
  }

  const rows = (): HTMLElement[] =>
    [...(scroller.value?.querySelectorAll<HTMLElement>('[data-message-id]') ?? [])].sort(byPlace);
  const hasFocus = (): boolean => rowOf(document.activeElement) !== null;

  onScopeDispose(() => (active.value = null));
  return { active, hold, onPoint, onLeave, onFocus, onPress, onKey };
}

/** The message row that an element belongs to; the toolbar is a sibling of the message row. */
function rowOf(target: EventTarget | null): HTMLElement | null {
  if (!(target instanceof Element)) return null;
  return target.closest('[data-index]')?.querySelector<HTMLElement>('[data-message-id]') ?? null;
}

/** Rows are in any order in the DOM. */
const byPlace = (one: HTMLElement, other: HTMLElement): number =>
  one.getBoundingClientRect().top - other.getBoundingClientRect().top;
