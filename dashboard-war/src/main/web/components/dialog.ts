/** A native modal dialog: the browser keeps the focus inside and gives it back to where it was. */
import type { PropertyValues } from 'lit';
import { Part } from '../lib/context.ts';

/** Shows its first `<dialog>` as soon as it is rendered; {@link dismiss} or Esc closes it and dispatches `closed`. */
export abstract class DialogPart extends Part {
  #opener: Element | null = null;

  protected get dialog(): HTMLDialogElement | null {
    return this.querySelector('dialog');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#opener = document.activeElement;
  }

  protected override firstUpdated(changed: PropertyValues): void {
    super.firstUpdated(changed);
    const dialog = this.dialog;
    dialog?.addEventListener('close', () => {
      this.dispatchEvent(new CustomEvent('closed', { bubbles: true }));
      if (this.#opener instanceof HTMLElement && this.#opener.isConnected) {
        this.#opener.focus();
      }
    });
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>('[data-first]')?.focus();
  }

  protected dismiss = (): void => {
    this.dialog?.close();
  };
}
