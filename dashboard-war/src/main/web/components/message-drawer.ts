import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { copy, router } from '../lib/context.ts';
import { bytes, time } from '../lib/format.ts';
import { type Message, type MessageRow, readMessage } from '../lib/messages.ts';
import { asHex, asJson, asText, bestView, FIRST_BYTES, MORE_BYTES, type View, visible } from '../lib/payload.ts';
import { paths } from '../lib/router.ts';
import { t } from '../lib/texts.ts';
import { DialogPart } from './dialog.ts';
import * as icons from './icons.ts';
import { empty, failed, skeletonRows } from './panels.ts';

type Kind = 'json' | 'text' | 'hex';
const KINDS: Kind[] = ['json', 'text', 'hex'];

/** One message: where it is, its headers, and its content in three views. All of it is shown as text, never as markup. */
@customElement('mp-message-drawer')
export class MessageDrawer extends DialogPart {
  @property() station = '';
  @property({ type: Number }) partition = 0;
  @property({ type: Number }) sequence = 0;
  /** The list it was opened from, newest first: for going on to the next. */
  @property({ attribute: false }) rows: readonly MessageRow[] = [];
  @state() private message: Message | undefined;
  @state() private error: unknown;
  @state() private gone = false;
  @state() private kind: Kind = 'text';
  /** Bytes that are shown at most. */
  @state() private limit = FIRST_BYTES;
  #view: View | string = '';

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('sequence') || changed.has('partition') || changed.has('station')) {
      this.message = undefined;
      this.gone = false;
      this.error = undefined;
      this.limit = FIRST_BYTES;
      void this.load();
    }
    const own = changed as ReadonlyMap<PropertyKey, unknown>;
    if (this.message !== undefined && (own.has('message') || own.has('kind') || own.has('limit'))) {
      this.#view = this.view(this.message.payload); // not with each figure that comes
    }
  }

  private async load(): Promise<void> {
    const { station, partition, sequence } = this;
    this.error = undefined;
    try {
      const message = await readMessage(station, partition, sequence);
      if (sequence === this.sequence && partition === this.partition) {
        this.message = message;
        this.gone = message === undefined;
        this.kind = bestView(message?.payload ?? new Uint8Array());
      }
    } catch (e) {
      this.error = e;
    }
  }

  private neighbour(step: number): MessageRow | undefined {
    const at = this.rows.findIndex((row) => row.partition === this.partition && row.message_seq === this.sequence);
    return at < 0 ? undefined : this.rows[at + step];
  }

  private go(row: MessageRow | undefined): void {
    if (row !== undefined) {
      router.replace(paths.message(this.station, row.partition, row.message_seq));
    }
  }

  private keys(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (event.key === '[' || event.key === ']') {
      this.go(this.neighbour(event.key === '[' ? 1 : -1));
    } else if (event.key === 'y') {
      void copy(location.href, t.keys.linkCopied, t.create.copyFailed);
    }
  }

  protected override render(): TemplateResult {
    const older = this.neighbour(1);
    const newer = this.neighbour(-1);
    return html`<dialog class="drawer" aria-labelledby="message-title" @keydown=${this.keys}>
      <header><h2 id="message-title">${t.message.title(this.sequence)}</h2>
        ${this.button(t.message.previous, icons.older, () => this.go(older), older === undefined)}
        ${this.button(t.message.next, icons.newer, () => this.go(newer), newer === undefined)}
        ${this.button(t.message.copyLink, icons.link, () => copy(location.href, t.keys.linkCopied, t.create.copyFailed), false)}
        <button class="button ghost icon" type="button" data-first title=${t.message.close} aria-label=${t.message.close}
          @click=${this.dismiss}>${icons.cross}</button></header>
      <div class="content">${this.content()}</div></dialog>`;
  }

  private button(label: string, icon: TemplateResult, action: () => unknown, disabled: boolean): TemplateResult {
    return html`<button class="button ghost icon" type="button" title=${label} aria-label=${label} ?disabled=${disabled}
      @click=${action}>${icon}</button>`;
  }

  private content(): TemplateResult {
    if (this.error !== undefined) {
      return failed(t.message.title(this.sequence), this.error, () => { void this.load(); });
    }
    if (this.gone) {
      return empty(t.message.gone, t.message.goneHint);
    }
    const message = this.message;
    if (message === undefined) {
      return skeletonRows(6);
    }
    return html`<dl class="facts"><dt>${t.message.stored}</dt><dd class="number">${time(message.storedAt)}</dd>
        <dt>${t.message.partition}</dt><dd>${message.partition === 0 ? '–' : message.partition}</dd>
        <dt>${t.message.size}</dt><dd title=${t.message.withHeaders(message.size)}>${bytes(message.payload.length)}</dd>
        <dt>${t.message.producer}</dt><dd>${message.producer === '' || message.producer === 'unknown' ? t.message.noProducer
          : visible(message.producer)}</dd></dl>
      <section class="stack" aria-labelledby="headers"><h3 id="headers">${t.message.headers}</h3>
        ${message.headers.length === 0 ? html`<p class="quiet">${t.message.noHeaders}</p>`
          : html`<dl class="facts mono">${message.headers.map(([name, value]) =>
            html`<dt>${visible(name)}</dt><dd>${visible(value)}</dd>`)}</dl>`}</section>
      <section class="stack" aria-labelledby="payload"><h3 id="payload">${t.message.payload}</h3>${this.payload(message)}</section>`;
  }

  private payload(message: Message): TemplateResult {
    if (message.payload.length === 0) {
      return html`<p class="quiet">${t.message.emptyPayload}</p>`;
    }
    const view = this.#view;
    return html`<div class="tabs" role="tablist" aria-labelledby="payload" @keydown=${this.tabKeys}>${KINDS.map((kind) => html`
        <button type="button" role="tab" id="tab-${kind}" aria-controls="view" aria-selected=${kind === this.kind}
          tabindex=${kind === this.kind ? 0 : -1} @click=${() => { this.kind = kind; }}>${t.message[kind]}</button>`)}</div>
      <div id="view" role="tabpanel" aria-labelledby="tab-${this.kind}" class="stack">${typeof view === 'string'
        ? html`<p class="quiet">${view}</p>`
        : html`<pre class="payload ${this.kind}" tabindex="0">${view.text}</pre>
          <div class="row">${view.hidden === 0 ? nothing : html`<span>${t.message.hidden(view.hidden)}</span>
            <button class="button" type="button" @click=${() => { this.limit += MORE_BYTES; }}>${t.message.more}</button>`}
          <button class="button" type="button" @click=${() => copy(view.text, t.create.copied, t.create.copyFailed)}>
            ${view.hidden === 0 ? t.message.copy : t.message.copyShown}</button>${this.download(message)}</div>`}
      </div>`;
  }

  private view(payload: Uint8Array): View | string {
    switch (this.kind) {
      case 'hex':
        return asHex(payload, this.limit);
      case 'text':
        return asText(payload, this.limit) ?? t.message.notText;
      default:
        return asJson(payload, this.limit) ?? t.message.notJson;
    }
  }

  /** All bytes as they are, under a type that no program opens by itself. */
  private download(message: Message): TemplateResult {
    return html`<button class="button" type="button" @click=${() => {
      const address = URL.createObjectURL(new Blob([message.payload], { type: 'application/octet-stream' }));
      const link = document.createElement('a');
      link.href = address;
      link.download = `${this.station}-${message.partition}-${message.sequence}.${this.kind === 'json' ? 'json' : 'bin'}`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
    }}>${t.message.download}</button>`;
  }

  private tabKeys(event: KeyboardEvent): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      this.kind = KINDS[(KINDS.indexOf(this.kind) + step + KINDS.length) % KINDS.length] ?? 'text';
      void this.updateComplete.then(() => this.querySelector<HTMLElement>(`#tab-${this.kind}`)?.focus());
    }
  }
}
