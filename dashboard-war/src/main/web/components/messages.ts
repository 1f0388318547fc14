import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { Part, router } from '../lib/context.ts';
import { bytes, count, time } from '../lib/format.ts';
import { lastMessages, type MessageRow } from '../lib/messages.ts';
import { preview } from '../lib/payload.ts';
import { paths } from '../lib/router.ts';
import { t } from '../lib/texts.ts';
import * as icons from './icons.ts';
import { empty, failed, skeletonRows } from './panels.ts';
import './message-drawer.ts';

const STEP = 50;

/**
 * The last messages of a station, the newest first. What is stored later does not move the list under the pointer: a
 * button says how many there are.
 */
@customElement('mp-messages')
export class Messages extends Part {
  @property() station = '';
  /** Messages stored now, as the live channel says. */
  @property({ attribute: false }) stored: number | undefined;
  /** When the newest was stored. */
  @property({ attribute: false }) lastAt = 0;
  @property({ attribute: false }) open: { partition: number; sequence: number } | undefined;
  @state() private rows: MessageRow[] | undefined;
  @state() private problems: readonly string[] = [];
  @state() private error: unknown;
  @state() private shown = STEP;
  #loading = false;
  #readAt = 0;
  #storedThen: number | undefined;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('station')) {
      this.rows = undefined;
      this.error = undefined;
      this.shown = STEP;
      void this.load();
    }
    if (this.#storedThen === undefined && this.rows !== undefined) {
      this.#storedThen = this.stored; // the figures came after the messages
    }
    if (this.rows?.length === 0 && !changed.has('station') && this.lastAt > this.#readAt) {
      void this.load(); // the first messages of an empty station are shown at once
    }
  }

  private async load(): Promise<void> {
    if (this.#loading) {
      return;
    }
    this.#loading = true;
    const station = this.station;
    const lastAt = this.lastAt;
    const stored = this.stored;
    try {
      const { rows, problems } = await lastMessages(station);
      if (station === this.station) {
        this.rows = rows;
        this.problems = problems;
        this.error = undefined;
        this.#readAt = Math.max(lastAt, ...rows.slice(0, 1).map((row) => Date.parse(row.created_at)));
        this.#storedThen = stored;
      }
    } catch (e) {
      this.error = e;
    } finally {
      this.#loading = false;
    }
  }

  protected override render(): TemplateResult {
    return html`<section class="card" aria-labelledby="messages"><header><h2 id="messages">${t.messages.title}</h2>
        <span class="quiet grow">${t.messages.explain}</span>${this.refresh()}</header>
      ${this.unread()}${this.content()}
      ${this.open === undefined ? nothing : html`<mp-message-drawer .station=${this.station} .partition=${this.open.partition}
        .sequence=${this.open.sequence} .rows=${this.rows ?? []} @closed=${() => this.closed()}></mp-message-drawer>`}</section>`;
  }

  private closed(): void {
    if (this.open !== undefined) {
      const { partition, sequence } = this.open;
      router.replace(paths.station(this.station));
      void this.updateComplete.then(() =>
        this.querySelector<HTMLElement>(`[data-row="${partition}/${sequence}"]`)?.focus());
    }
  }

  private refresh(): TemplateResult | typeof nothing {
    if (this.rows === undefined) {
      return nothing;
    }
    const newer = this.lastAt > this.#readAt;
    const more = Math.max(0, (this.stored ?? 0) - (this.#storedThen ?? this.stored ?? 0));
    return html`<button class="button ${newer ? 'primary' : ''}" type="button" @click=${() => this.load()}>${icons.again}
      ${newer && more > 0 ? t.messages.newer(more) : t.messages.refresh}</button>`;
  }

  private unread(): TemplateResult | typeof nothing {
    return this.problems.length === 0 ? nothing
      : html`<div class="panel" role="alert"><h3>${t.messages.unread}</h3>
        ${this.problems.map((problem) => html`<p>${problem}</p>`)}</div>`;
  }

  private content(): TemplateResult {
    if (this.error !== undefined) {
      return failed(t.messages.title, this.error, () => { void this.load(); });
    }
    if (this.rows === undefined) {
      return skeletonRows(5);
    }
    if (this.rows.length === 0 && this.problems.length > 0) {
      return html``;
    }
    if (this.rows.length === 0) {
      return empty(t.messages.empty, t.messages.emptyHint);
    }
    const rows = this.rows.slice(0, this.shown);
    return html`<div class="scroll"><table class="table" aria-labelledby="messages"><thead><tr>
        <th scope="col"><span>${t.messages.time}</span></th><th scope="col" class="end"><span>${t.messages.partition}</span></th>
        <th scope="col" class="end"><span>${t.messages.sequence}</span></th><th scope="col"><span>${t.messages.preview}</span></th>
        <th scope="col" class="end"><span>${t.messages.size}</span></th><th scope="col" class="end wide"><span>${t.messages.headers}</span></th>
      </tr></thead><tbody>${rows.map((row) => this.row(row))}</tbody></table></div>
      <div class="foot">${t.messages.shown(rows.length, this.rows.length)}
        ${this.rows.length > this.shown ? html`<button class="button" type="button"
          @click=${() => { this.shown += STEP; }}>${t.messages.more}</button>` : nothing}</div>`;
  }

  private row(row: MessageRow): TemplateResult {
    const content = preview(row.data);
    const headers = Object.keys(row.headers ?? {}).length;
    return html`<tr data-message="${row.partition}/${row.message_seq}">
      <td class="whole"><a class="number" data-row="${row.partition}/${row.message_seq}"
        href=${paths.message(this.station, row.partition, row.message_seq)}>${time(Date.parse(row.created_at))}<span
        class="visually-hidden">, ${t.messages.open(row.partition, row.message_seq)}</span></a></td>
      <td class="end number" data-label=${t.messages.partition}>${row.partition === 0 ? '–' : row.partition}</td>
      <td class="end number" data-label=${t.messages.sequence}>${count(row.message_seq)}</td>
      <td class="preview" data-label=${t.messages.preview}>${content === '' ? t.messages.emptyPayload : content}</td>
      <td class="end number" data-label=${t.messages.size} title=${t.message.withHeaders(row.size)}>${bytes(row.payload_size)}</td>
      <td class="end number wide" data-label=${t.messages.headers}>${headers === 0 ? '' : headers}</td></tr>`;
  }
}
