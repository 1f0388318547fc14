import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { notices, session } from '../lib/context.ts';
import { t } from '../lib/texts.ts';
import { DialogPart } from './dialog.ts';

/** Some disturbance and no loss: says what happens, and wants one more click (dashboard.md 3.4.8, level 2). */
@customElement('mp-step-down')
export class StepDown extends DialogPart {
  @property({ type: Number }) group = 0;
  @property({ type: Boolean }) definitions = false;
  @property() leader = '';
  @property({ type: Number }) partitions = 0;
  @property({ type: Array }) members: readonly string[] = [];
  @state() private to = '';
  @state() private error = '';
  @state() private busy = false;

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy) {
      return;
    }
    this.busy = true;
    this.error = '';
    try {
      await session.call('POST', '/api/v2/cluster/stepDown', { group: this.group, to: this.to });
      this.dismiss();
      notices.say(t.nodes.moving(this.leader));
      this.dispatchEvent(new CustomEvent('moved', { bubbles: true }));
    } catch (e) {
      this.error = (e as Error).message;
    } finally {
      this.busy = false;
    }
  }

  protected override render(): TemplateResult {
    return html`<dialog class="box" aria-labelledby="step-title" aria-describedby="step-what"><form @submit=${this.submit}>
      <h2 id="step-title" class="break">${t.nodes.stepTitle(this.leader)}</h2>
      <div id="step-what"><p>${this.definitions ? t.nodes.stepDefinitions : t.nodes.stepPartitions(this.partitions)}</p>
        <p>${t.nodes.stepBack}</p></div>
      ${this.members.length === 0 ? nothing : html`<div class="field"><label for="next">${t.nodes.stepNext}</label>
        <select class="input" id="next" aria-describedby="next-help" @change=${(event: Event) => { this.to = (event.target as HTMLSelectElement).value; }}>
          <option value="">${t.nodes.stepAny}</option>
          ${this.members.filter((name) => name !== this.leader).map((name) => html`<option value=${name}>${name}</option>`)}
        </select><p class="help" id="next-help">${t.nodes.stepNamed}</p></div>`}
      <div role="alert">${this.error === '' ? nothing : html`<p class="banner danger">${this.error}</p>`}</div>
      <footer><button class="button" type="button" data-first @click=${this.dismiss}>${t.remove.cancel}</button>
        <button class="button primary" ?disabled=${this.busy}>${this.busy ? t.nodes.stepBusy : t.nodes.stepSubmit}</button></footer>
    </form></dialog>`;
  }
}
