import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { session } from '../lib/context.ts';
import { t } from '../lib/texts.ts';
import { DialogPart } from './dialog.ts';

/** The list of shortcuts. */
@customElement('mp-key-help')
export class KeyHelp extends DialogPart {
  protected override render(): TemplateResult {
    return html`<dialog class="box" aria-labelledby="keys-title"><div>
      <h2 id="keys-title">${t.keys.title}</h2>
      <dl class="facts">${t.keys.list.filter(([keys]) => !session.viewer || keys !== 'n').map(([keys, what]) => html`
        <dt>${keys.split(' ').map((key) => html`<kbd>${key}</kbd> `)}</dt><dd>${what}</dd>`)}</dl>
      <footer><button class="button" type="button" data-first @click=${this.dismiss}>${t.keys.close}</button></footer>
    </div></dialog>`;
  }
}
