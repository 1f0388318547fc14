import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { copy, figures, notices, router, session } from '../lib/context.ts';
import { paths } from '../lib/router.ts';
import { amounts, type Retention, stationName, stationRequest } from '../lib/station-form.ts';
import { ApiError } from '../lib/session.ts';
import { t } from '../lib/texts.ts';
import { DialogPart } from './dialog.ts';

/** A new station. The rules are the broker's: what it refuses is shown with its words. */
@customElement('mp-create-station')
export class CreateStation extends DialogPart {
  /** A name to begin with. */
  @property() suggested = '';
  @state() private name = '';
  @state() private retention: Retention = 'message_age_sec';
  @state() private amount = '1';
  @state() private unit = 'h';
  @state() private partitions = '1';
  @state() private storage = 'file';
  @state() private error = '';
  @state() private wrong: { name?: string; amount?: string; partitions?: string } = {};
  @state() private busy = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.name = this.suggested;
  }

  private get request(): Record<string, unknown> {
    return stationRequest({ name: this.name, retention: this.retention, amount: Number(this.amount), unit: this.unit,
      partitions: Number(this.partitions), storage: this.storage });
  }

  private check(): boolean {
    const whole = (text: string): boolean => /^[1-9]\d{0,14}$/.test(text.trim());
    this.wrong = {
      ...(stationName(this.name) !== '' ? {} : { name: this.name.trim() === '' ? t.create.required : t.create.unusable }),
      ...(this.retention === 'ack_based' || whole(this.amount) ? {} : { amount: t.create.wholeNumber }),
      ...(whole(this.partitions) ? {} : { partitions: t.create.wholeNumber }),
    };
    const first = this.wrong.name ? '#name' : this.wrong.amount ? '#amount' : this.wrong.partitions ? '#partitions' : '';
    if (first !== '') {
      this.querySelector<HTMLInputElement>(first)?.focus();
    }
    return first === '';
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy || !this.check()) {
      return;
    }
    this.busy = true;
    this.error = '';
    try {
      const made = await session.call<{ name?: string }>('POST', '/api/stations/createStation', this.request);
      const name = made.name ?? stationName(this.name);
      notices.say(t.create.created(name));
      router.replace(paths.station(name));
    } catch (e) {
      this.error = e instanceof ApiError && e.status > 0 ? t.create.refused(e.message) : (e as Error).message;
    } finally {
      this.busy = false;
    }
  }

  private keys(event: KeyboardEvent): void {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      void this.submit(event);
    }
  }

  protected override render(): TemplateResult {
    const name = stationName(this.name);
    const taken = figures.stations?.has(name) === true;
    const hint = taken ? t.create.taken(name) : name !== this.name && name !== '' ? t.create.normalised(name) : t.create.nameHelp;
    const units = amounts[this.retention];
    return html`<dialog class="box" aria-labelledby="create-title"><form @submit=${this.submit} @keydown=${this.keys} novalidate>
      <h2 id="create-title">${t.create.title}</h2>
      ${this.field('name', t.create.name, html`<input class="input" id="name" data-first autocomplete="off" autocapitalize="none"
        spellcheck="false" maxlength="128" .value=${this.name} aria-describedby="name-help" aria-invalid=${this.wrong.name !== undefined || taken}
        @input=${(e: InputEvent) => { this.name = value(e); this.wrong = {}; }}>`, hint, this.wrong.name)}
      ${this.field('retention', t.create.retention, html`<select class="input" id="retention" aria-describedby="retention-help"
        @change=${(e: Event) => { this.choose(value(e) as Retention); }}>${Object.entries(t.create.retentions).map(([key, label]) =>
          html`<option value=${key} ?selected=${key === this.retention}>${label}</option>`)}</select>`, '', undefined)}
      ${units.length === 0 ? nothing : this.field('amount', t.create.value, html`<div class="row"><input class="input" id="amount"
        inputmode="numeric" size="10" .value=${this.amount} aria-describedby="amount-help" aria-invalid=${this.wrong.amount !== undefined}
        @input=${(e: InputEvent) => { this.amount = value(e); }}><select class="input" aria-label=${t.create.value}
        @change=${(e: Event) => { this.unit = value(e); }}>${units.map((unit) =>
          html`<option value=${unit} ?selected=${unit === this.unit}>${t.create.units[unit]}</option>`)}</select></div>`, '', this.wrong.amount)}
      ${this.field('partitions', t.create.partitions, html`<input class="input" id="partitions" inputmode="numeric"
        .value=${this.partitions} aria-describedby="partitions-help" aria-invalid=${this.wrong.partitions !== undefined}
        @input=${(e: InputEvent) => { this.partitions = value(e); }}>`, t.create.partitionsHelp, this.wrong.partitions)}
      ${this.field('storage', t.create.storage, html`<select class="input" id="storage" aria-describedby="storage-help"
        @change=${(e: Event) => { this.storage = value(e); }}>${Object.entries(t.create.storages).map(([key, label]) =>
          html`<option value=${key} ?selected=${key === this.storage}>${label}</option>`)}</select>`, '', undefined)}
      <details><summary>${t.create.call}</summary><pre class="payload" tabindex="0">${this.curl()}</pre>
        <button class="button" type="button" @click=${() => copy(this.curl(), t.create.copied, t.create.copyFailed)}>${t.create.copy}</button></details>
      <div role="alert">${this.error === '' ? nothing : html`<p class="banner danger">${this.error}</p>`}</div>
      <footer><button class="button" type="button" @click=${this.dismiss}>${t.create.cancel}</button>
        <button class="button primary" ?disabled=${this.busy || taken}>${this.busy ? t.create.busy : t.create.submit}</button></footer>
    </form></dialog>`;
  }

  private choose(retention: Retention): void {
    this.retention = retention;
    this.unit = amounts[retention].includes('h') ? 'h' : amounts[retention][0] ?? '';
    this.amount = retention === 'messages' ? '100000' : '1';
    if (retention === 'bytes') {
      this.unit = 'GiB';
    }
  }

  private field(id: string, label: string, control: TemplateResult, help: string, wrong: string | undefined): TemplateResult {
    return html`<div class="field"><label for=${id}>${label}</label>${control}
      <div id="${id}-help" aria-live="polite">${wrong !== undefined ? html`<p class="wrong">${wrong}</p>`
        : help === '' ? nothing : html`<p class="help">${help}</p>`}</div></div>`;
  }

  /** Without a token: a copied command must not carry one. */
  private curl(): string {
    return `curl -X POST ${location.origin}/api/stations/createStation \\\n  -H "Authorization: Bearer $TOKEN" \\\n`
      + `  -d '${JSON.stringify(this.request).replaceAll("'", "'\\''")}'`;
  }
}

function value(event: Event): string {
  return (event.target as HTMLInputElement | HTMLSelectElement).value;
}
