import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { mark } from '../components/icons.ts';
import '../components/sign-in.ts';
import { Part } from '../lib/context.ts';
import { t } from '../lib/texts.ts';

/** The page for those who are not signed in. It tells nothing about the broker. */
@customElement('mp-login')
export class Login extends Part {
  protected override render(): TemplateResult {
    return html`<main class="login" id="main" tabindex="-1"><div class="card">
      <p class="brand">${mark} ${t.product}</p>
      <h1>${t.signIn.title}</h1>
      <mp-sign-in></mp-sign-in>
      <p class="quiet">${t.signIn.firstPassword}</p>
    </div></main>`;
  }
}
