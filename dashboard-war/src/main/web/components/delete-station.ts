import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { figures, notices, router, session, watch } from '../lib/context.ts';
import type { StationRow } from '../lib/figures.ts';
import { paths } from '../lib/router.ts';
import { t } from '../lib/texts.ts';
import { DialogPart } from './dialog.ts';

/** Heavy loss: says what is lost now, and wants the name typed (dashboard.md 3.4.8, level 3). */
@customElement('mp-delete-station')
export class DeleteStation extends DialogPart {
  @property({ attribute: false }) station!: StationRow;
  @state() private typed = '';
  @state() private error = '';
  @state() private busy = false;
  #unwatch: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unwatch = watch(this, [figures, 'change']);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch?.();
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    const name = this.station.name;
    if (this.typed !== name || this.busy) {
      return;
    }
    this.busy = true;
    this.error = '';
    try {
      await session.call('DELETE', '/api/stations/removeStation', { station_names: [name] });
      this.dismiss();
      notices.say(t.remove.done(name));
      if (router.route.page === 'station') {
        router.replace(paths.overview);
      }
    } catch (e) {
      this.error = (e as Error).message;
    } finally {
      this.busy = false;
    }
  }

  protected override render(): TemplateResult {
    const now = figures.stations?.get(this.station.key) ?? this.station;
    const waiting = now.lag;
    return html`<dialog class="box" aria-labelledby="delete-title" aria-describedby="delete-what"><form @submit=${this.submit}>
      <h2 id="delete-title" class="break">${t.remove.title(now.name)}</h2>
      <div id="delete-what"><p>${t.remove.intro}</p>
        <ul class="consequences"><li>${t.remove.messages(now.messages, now.bytes)}</li>${now.groups > 0 ? html`<li>${t.remove.groups(now.groups)}</li>` : nothing}
          ${waiting > 0 ? html`<li>${t.remove.waiting(waiting)}</li>` : nothing}</ul>
        <p>${t.remove.clients}</p></div>
      <div class="field"><label for="confirm">${t.remove.type(now.name)}</label>
        <input class="input mono" id="confirm" autocomplete="off" autocapitalize="none" spellcheck="false" .value=${this.typed}
          @input=${(e: InputEvent) => { this.typed = (e.target as HTMLInputElement).value; }}></div>
      <div role="alert">${this.error === '' ? nothing : html`<p class="banner danger">${this.error}</p>`}</div>
      <footer><button class="button" type="button" data-first @click=${this.dismiss}>${t.remove.cancel}</button>
        <button class="button danger" ?disabled=${this.typed !== now.name || this.busy}>${this.busy ? t.remove.busy
          : t.remove.submit(now.messages)}</button></footer>
    </form></dialog>`;
  }
}
