import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { channel, connected, figures, flowing, Part, session, watch } from '../lib/context.ts';
import { bytes, count, duration, rate, time } from '../lib/format.ts';
import type { StationRow } from '../lib/figures.ts';
import { similar } from '../lib/similar.ts';
import { paths } from '../lib/router.ts';
import { t } from '../lib/texts.ts';
import * as icons from '../components/icons.ts';
import { placeholder } from '../components/panels.ts';
import '../components/delete-station.ts';
import '../components/groups.ts';
import '../components/messages.ts';
import '../components/places.ts';

/** One station: its figures, its groups, its last messages. */
@customElement('mp-station')
export class StationPage extends Part {
  @property() name = '';
  @property({ attribute: false }) message: { partition: number; sequence: number } | undefined;
  @state() private removing: StationRow | undefined;
  #unwatch: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unwatch = watch(this, [figures, 'change'], [channel, 'state'], [session, 'change']);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch?.();
  }

  protected override render(): TemplateResult {
    const row = figures.stations?.get(this.name);
    if (figures.stations !== undefined && row === undefined) {
      return this.unknown([...figures.stations.values()].map((station) => station.name));
    }
    const stale = !flowing() && row !== undefined;
    return html`<div class="stack ${stale ? 'stale' : ''}">
      <div><div class="title"><h1 class="break">${this.name}</h1>
        ${row?.frozen ? html`<span class="status danger">${t.stations.frozen}</span>` : nothing}
        ${session.viewer ? nothing : html`<button class="button" type="button" ?disabled=${row === undefined || !connected()}
          title=${connected() ? nothing : t.live.disconnectedReason}
          @click=${() => { this.removing = row; }}>${icons.bin} ${t.station.remove}</button>`}</div>
        <p class="quiet">${row === undefined ? html`<span class="skeleton">${t.stations.plain}</span>` : this.describe(row)}</p></div>
      <dl class="figures four">${this.figures(row)}</dl>
      <mp-places .station=${this.name}></mp-places>
      <mp-groups .station=${this.name}></mp-groups>
      <mp-messages .station=${this.name} .stored=${row?.messages} .lastAt=${row?.lastAt ?? 0} .open=${this.message}></mp-messages>
      ${this.removing === undefined ? nothing : html`<mp-delete-station .station=${this.removing}
        @closed=${() => { this.removing = undefined; }}></mp-delete-station>`}
    </div>`;
  }

  private describe(row: StationRow): TemplateResult {
    return html`${row.native ? nothing : html`${t.stations.plain} · `}${t.stations.sub(row.partitions,
      row.storage === 'disk' ? t.stations.disk : t.stations.memory, t.retention(row.retention, row.retentionValue))}
      ${row.createdBy === '' ? nothing : html` · ${t.station.createdBy(row.createdBy, time(row.createdAt).slice(0, 16))}`}`;
  }

  private figures(row: StationRow | undefined): TemplateResult {
    const last = row === undefined ? nothing : row.lastAt === 0 ? t.station.lastNever
      : t.station.last(duration((Date.now() - row.lastAt) / 1000));
    return html`
      ${this.figure(html`<i class="dash"></i>${t.station.in}`, row && html`${rate(row.inRate)}<small>${t.overview.perSecond}</small>`, last, 'in')}
      ${this.figure(html`<i class="dash out"></i>${t.station.out}`, row && html`${rate(row.outRate)}<small>${t.overview.perSecond}</small>`, nothing, 'out')}
      ${this.figure(t.station.messages, row && count(row.messages), row && bytes(row.bytes), 'messages')}
      ${this.figure(t.station.lag, row && count(row.lag), t.station.lagNote, 'lag')}`;
  }

  private figure(label: unknown, value: unknown, note: unknown, id: string): TemplateResult {
    return html`<div class="card figure"><dt>${label}</dt>
      <dd data-figure=${id}>${value ?? placeholder}</dd><dd class="note">${note ?? nothing}</dd></div>`;
  }

  private unknown(names: string[]): TemplateResult {
    const near = similar(this.name, names);
    return html`<div class="card panel"><h1 class="break">${t.station.unknown(this.name)}</h1><p>${t.station.unknownHint}</p>
      ${near.length === 0 ? nothing : html`<p>${t.station.similar} ${near.map((name) =>
        html`<a href=${paths.station(name)}>${name}</a> `)}</p>`}
      <div class="row"><a class="button" href=${paths.overview}>${t.station.toOverview}</a>
        ${session.viewer ? nothing : html`<a class="button primary" href=${paths.newStationCalled(this.name)}>${icons.plus} ${t.station.createIt}</a>`}</div></div>`;
  }
}
