import { inject, provide, type InjectionKey } from 'vue';

/** What all dialogs have in common and the app decides. Read when a dialog is rendered, so texts may change. */
export interface DialogContext {
  readonly closeLabel: string;
  readonly cancelLabel: string;
  /** A dialog is closing: may prevent the event's default, which returns the focus to where it was before. */
  readonly returnFocus: (event: Event) => void;
}

const KEY: InjectionKey<DialogContext> = Symbol('dialog context');

export function provideDialogContext(context: DialogContext): void {
  provide(KEY, context);
}

export function useDialogContext(): DialogContext {
  const context = inject(KEY);
  if (context === undefined) throw new Error('provideDialogContext() was not called in a component above this dialog.');
  return context;
}
