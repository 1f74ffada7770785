import { useEventListener } from '@vueuse/core';
import { ref } from 'vue';

/** Accepts files dropped anywhere on the page. `over`: files are being dragged over it. */
export function useDropTarget(dropped: (transfer: DataTransfer) => void) {
  const over = ref(false);

  function onDrag(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    over.value = true;
  }

  function onLeave(event: DragEvent): void {
    if (event.relatedTarget === null) over.value = false;
  }

  function onDrop(event: DragEvent): void {
    over.value = false;
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    dropped(event.dataTransfer);
  }

  useEventListener(window, 'dragover', onDrag);
  useEventListener(window, 'dragleave', onLeave);
  useEventListener(window, 'drop', onDrop);
  return { over };
}
