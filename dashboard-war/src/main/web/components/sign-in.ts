import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { Part, session } from '../lib/context.ts';
import { ApiError } from '../lib/session.ts';
import { t } from '../lib/texts.ts';

/** User name and password, for the page and for the dialog that appears when a session has ended. */
@customElement('mp-sign-in')
export class SignIn extends Part {
  /** Fixed name when somebody signs in again. */
  @property() user = '';
  @state() private error = '';
  @state() private busy = false;
  @state() private shown = false;

  protected override firstUpdated(): void {
    this.querySelector<HTMLInputElement>(this.user === '' ? '#user' : '#password')?.focus();
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const user = String(form.get('username') ?? '').trim();
    const password = String(form.get('password') ?? '');
    if (user === '' || password === '') {
      this.refuse(t.signIn.required, user === '' ? '#user' : '#password');
      return;
    }
    this.busy = true;
    this.error = '';
    try {
      await session.signIn(user, password);
    } catch (e) {
      const status = e instanceof ApiError ? e.status : 0;
      this.refuse(status === 401 ? t.signIn.wrong : status === 429 ? `${(e as Error).message}.` : (e as Error).message, '#password');
    } finally {
      this.busy = false;
    }
  }

  private refuse(error: string, field: string): void {
    this.error = error;
    this.querySelector<HTMLInputElement>(field)?.select();
  }

  protected override render(): TemplateResult {
    const error = this.error === '' ? nothing
      : html`<p class="wrong" id="sign-in-error">${this.error}</p>`;
    const described = this.error === '' ? nothing : 'sign-in-error';
    return html`<form @submit=${this.submit} novalidate>
      <div class="field"><label for="user">${t.signIn.user}</label>
        <input class="input" id="user" name="username" autocomplete="username" autocapitalize="none" spellcheck="false"
          .value=${this.user} ?readonly=${this.user !== ''} aria-invalid=${this.error !== ''} aria-describedby=${described}></div>
      <div class="field"><label for="password">${t.signIn.password}</label>
        <div class="secret"><input class="input" id="password" name="password" type=${this.shown ? 'text' : 'password'}
          autocomplete="current-password" aria-invalid=${this.error !== ''} aria-describedby=${described}>
          <button class="button ghost" type="button" aria-label="${this.shown ? t.signIn.hide : t.signIn.show} ${t.signIn.password}"
            @click=${() => { this.shown = !this.shown; }}>${this.shown ? t.signIn.hide : t.signIn.show}</button></div>
        <div aria-live="assertive" class="field">${error}</div></div>
      <button class="button primary wide" ?disabled=${this.busy}>${this.busy ? t.signIn.busy : t.signIn.submit}</button>
    </form>`;
  }
}
