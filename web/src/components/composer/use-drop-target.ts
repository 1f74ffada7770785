import { onBeforeUnmount, onMounted, ref } from 'vue';

/** Lets files be dropped anywhere on the page. `over`: some are held over it. */
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

  onMounted(() => {
    window.addEventListener('dragover', onDrag);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('drop', onDrop);
  });
  onBeforeUnmount(() => {
    window.removeEventListener('dragover', onDrag);
    window.removeEventListener('dragleave', onLeave);
    window.removeEventListener('drop', onDrop);
  });
  return { over };
}
