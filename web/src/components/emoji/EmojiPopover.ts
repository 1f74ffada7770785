import { cloneVNode, defineComponent, h, watch, type Component } from 'vue';
import { useLazyComponent } from '../../composables/use-lazy-component.ts';

/** The emoji picker over the button in the slot. Loaded when it is first opened. */
export default defineComponent({
  name: 'EmojiPopover',
  props: { open: { type: Boolean, default: false } },
  emits: { 'update:open': (open: boolean) => typeof open === 'boolean', pick: (emoji: string) => emoji !== '' },
  setup(props, { slots, emit }) {
    const { component: panel, want } = useLazyComponent(
      () => import('./EmojiPanel.vue') as Promise<{ default: Component }>,
    );

    async function open(): Promise<void> {
      await want();
      emit('update:open', true);
    }
    watch(
      () => props.open,
      (isOpen) => isOpen && want(),
      { immediate: true },
    );

    return () => {
      if (panel.value === null) return slots.default?.().map((button) => cloneVNode(button, { onClick: open }));
      const events = {
        'onUpdate:open': (isOpen: boolean) => emit('update:open', isOpen),
        onPick: (emoji: string) => emit('pick', emoji),
      };
      return h(panel.value, events, slots);
    };
  },
});
