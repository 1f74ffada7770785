import { inject, provide, type InjectionKey } from 'vue';

/** What the app sets for all dialogs. Read when a dialog is rendered, so texts may change. */
export interface DialogContext {
  readonly closeLabel: string;
  readonly cancelLabel: string;
  /** Called when a dialog closes. By default focus returns to where it was; prevent the event's default to move it. */
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
