import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { customElement, state } from 'lit/decorators.js';
import { channel, connected, figures, Part, session, watch } from '../lib/context.ts';
import { bytes, count, rate, short } from '../lib/format.ts';
import { arrange, type Order, type StationRow } from '../lib/figures.ts';
import { paths } from '../lib/router.ts';
import { t } from '../lib/texts.ts';
import * as icons from './icons.ts';
import { empty, skeletonRows } from './panels.ts';
import './delete-station.ts';

const SHOWN = 200;
const COLUMNS: readonly [Order['by'], string, boolean][] = [['name', t.stations.name, false],
  ['messages', t.stations.messages, true], ['inRate', t.stations.in, true], ['outRate', t.stations.out, true],
  ['bytes', t.stations.size, true], ['lag', t.stations.groups, false]];

/** All stations, live; order stays still while the pointer or the focus is in the table. */
@customElement('mp-stations')
export class Stations extends Part {
  @state() private filter = '';
  @state() private order: Order = { by: 'name', down: false };
  @state() private removing: StationRow | undefined;
  #keys: string[] = [];
  #arrangedFor = '';
  #unwatch: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unwatch = watch(this, [figures, 'change'], [channel, 'state'], [session, 'change']);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch?.();
  }

  private rows(all: ReadonlyMap<string, StationRow>): StationRow[] {
    const wanted = arrange(all.values(), this.filter, this.order);
    const question = `${this.filter}\n${this.order.by}\n${this.order.down}`;
    const table = this.querySelector('table');
    const still = question === this.#arrangedFor && table !== null
      && (table.matches(':hover') || table.contains(document.activeElement));
    if (still) { // keep what is there in its place; what is new goes to the end
      const place = new Map(this.#keys.map((key, i) => [key, i]));
      wanted.sort((a, b) => (place.get(a.key) ?? Infinity) - (place.get(b.key) ?? Infinity) || 0);
    }
    this.#arrangedFor = question;
    this.#keys = wanted.map((row) => row.key);
    return wanted;
  }

  protected override render(): TemplateResult {
    const all = figures.stations;
    return html`<section class="card" aria-labelledby="stations">
      <header><h2 id="stations" class="grow">${t.stations.title}</h2>
        ${all !== undefined && all.size > 0 ? html`<input class="input grow-small" type="search" placeholder=${t.stations.filter}
          aria-label=${t.stations.filter} .value=${this.filter}
          @input=${(e: InputEvent) => { this.filter = (e.target as HTMLInputElement).value; }}>` : nothing}
        ${session.viewer ? nothing : this.createButton('primary')}</header>
      ${all === undefined ? skeletonRows(4) : this.content(all)}
      ${this.removing === undefined ? nothing : html`<mp-delete-station .station=${this.removing}
        @closed=${() => { this.removing = undefined; }}></mp-delete-station>`}
    </section>`;
  }

  private createButton(look: string): TemplateResult {
    return html`<a class="button ${look} grow-small" href=${paths.newStation}
      aria-disabled=${connected() ? nothing : 'true'} title=${connected() ? nothing : t.live.disconnectedReason}
      @click=${(e: Event) => { if (!connected()) { e.preventDefault(); e.stopPropagation(); } }}>${icons.plus} ${t.stations.create}</a>`;
  }

  private content(all: ReadonlyMap<string, StationRow>): TemplateResult {
    if (all.size === 0) {
      return empty(t.stations.empty, t.stations.emptyHint);
    }
    const rows = this.rows(all);
    if (rows.length === 0) {
      return empty(t.stations.noMatch, t.stations.noMatchHint(this.filter), html`<button class="button" type="button"
        @click=${() => { this.filter = ''; }}>${t.stations.clear}</button>`);
    }
    return html`<div class="scroll"><table class="table" aria-labelledby="stations">
      <thead><tr>${COLUMNS.map(([by, label, end]) => this.heading(by, label, end))}
        ${session.viewer ? nothing : html`<th scope="col"><span class="visually-hidden">${t.stations.actions}</span></th>`}</tr></thead>
      <tbody>${repeat(rows.slice(0, SHOWN), (row) => row.key, (row) => this.row(row))}</tbody></table></div>
      <div class="foot">${t.stations.shown(rows.length, all.size)}
        ${rows.length > SHOWN ? html`<span>${t.stations.limited(SHOWN)}</span>` : nothing}</div>`;
  }

  private heading(by: Order['by'], label: string, end: boolean): TemplateResult {
    const active = this.order.by === by;
    return html`<th scope="col" class=${end ? 'end' : ''}
      aria-sort=${active ? this.order.down ? 'descending' : 'ascending' : nothing}>
      <button type="button" @click=${() => { this.order = { by, down: active ? !this.order.down : by !== 'name' }; }}>${label}${active
        ? html`<span aria-hidden="true">${this.order.down ? '↓' : '↑'}</span>` : nothing}</button></th>`;
  }

  private row(row: StationRow): TemplateResult {
    return html`<tr data-station=${row.name}>
      <td class="whole"><a class="name" data-row href=${paths.station(row.name)}>${row.name}</a>
        <div class="sub">${row.native ? nothing : html`${t.stations.plain} · `}${t.stations.sub(row.partitions,
          row.storage === 'disk' ? t.stations.disk : t.stations.memory, t.retention(row.retention, row.retentionValue))}
          ${row.frozen ? html`<span class="status danger">${t.stations.frozen}</span>` : nothing}</div></td>
      <td class="end number" data-label=${t.stations.messages} data-cell="messages">${count(row.messages)}</td>
      <td class="end number in" data-label=${t.stations.in} data-cell="in">${rate(row.inRate)}</td>
      <td class="end number out" data-label=${t.stations.out}>${rate(row.outRate)}</td>
      <td class="end number" data-label=${t.stations.size} title=${count(row.bytes)}>${bytes(row.bytes)}</td>
      <td data-label=${t.stations.groups} class="lagcell">${this.groups(row)}</td>
      ${session.viewer ? nothing : html`<td class="actions"><button class="button ghost icon" type="button" aria-label=${t.stations.remove(row.name)}
        title=${connected() ? t.stations.remove(row.name) : t.live.disconnectedReason} ?disabled=${!connected()}
        @click=${() => { this.removing = row; }}>${icons.bin}</button></td>`}
    </tr>`;
  }

  private groups(row: StationRow): TemplateResult {
    if (row.groups === 0) {
      return html`<span class="quiet">${t.stations.noGroups}</span>`;
    }
    const rest = row.groups - row.top.length;
    return html`<div class="row tight">${row.top.map(([name, lag]) => html`
      <span class="chip ${lag > 0 ? 'behind' : ''}" title="${name}: ${count(lag)}"><span>${name}</span>
        <b class="number">${short(lag)}</b></span>`)}
      ${rest > 0 ? html`<a class="nowrap" href=${paths.station(row.name)}>${t.stations.more(rest)}</a>` : nothing}</div>`;
  }
}
