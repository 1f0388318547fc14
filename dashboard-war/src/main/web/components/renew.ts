import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { Part, session } from '../lib/context.ts';
import { t } from '../lib/texts.ts';
import './sign-in.ts';

/** On top of a page whose session has ended: what was typed into the page stays. */
@customElement('mp-renew')
export class Renew extends Part {
  protected override firstUpdated(): void {
    const dialog = this.querySelector('dialog');
    dialog?.addEventListener('cancel', (event) => event.preventDefault());
    dialog?.showModal();
    dialog?.querySelector<HTMLInputElement>('#password')?.focus();
  }

  protected override render(): TemplateResult {
    return html`<dialog class="box" aria-labelledby="renew-title"><div class="login-again">
      <h2 id="renew-title">${t.signIn.again}</h2>
      <p>${t.signIn.expired(session.user ?? '')}</p>
      <mp-sign-in .user=${session.user ?? ''}></mp-sign-in>
      <footer><button class="button ghost" type="button" @click=${() => session.signOut().catch(() => undefined)}>
        ${t.signIn.signOut}</button></footer>
    </div></dialog>`;
  }
}
