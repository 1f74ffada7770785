/** Writes where the caret is, in place of what is selected, as if it had been typed. */
export function insertText(textarea: HTMLTextAreaElement, text: string): void {
  const { selectionStart, selectionEnd } = textarea;
  textarea.setRangeText(text, selectionStart, selectionEnd, 'end');
  textarea.dispatchEvent(new Event('input', { bubbles: true }));
}
