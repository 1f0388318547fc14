import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { figures, Part, session, watch } from '../lib/context.ts';
import { clock, rate, time } from '../lib/format.ts';
import { RANGES, type Range, type Sample, trend } from '../lib/figures.ts';
import { t } from '../lib/texts.ts';

const TABLE_ROWS = 60;

/**
 * Messages stored and delivered: a chart, a sentence that says the same, and the numbers as a table. The last five minutes
 * are live; what lies further back is asked for, again after each of its steps.
 */
@customElement('mp-throughput')
export class Throughput extends Part {
  @state() private asTable = false;
  @state() private chart: (typeof import('./chart.ts')) | undefined;
  @state() private range: Range = 'live';
  @state() private past: readonly Sample[] = [];
  @state() private failed = false;
  #again: ReturnType<typeof setTimeout> | undefined;
  #unwatch: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unwatch = watch(this, [figures, 'change']);
    void import('./chart.ts').then((chart) => { this.chart = chart; }, () => { this.asTable = true; });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch?.();
    clearTimeout(this.#again);
  }

  private choose(range: Range): void {
    clearTimeout(this.#again);
    this.range = range;
    this.past = [];
    this.failed = false;
    if (range !== 'live') {
      void this.load(range);
    }
  }

  private async load(range: Range): Promise<void> {
    const { millis, step } = RANGES[range];
    try {
      if (!document.hidden || this.past.length === 0) {
        const found = await session.call<{ points: Sample[] }>('GET',
          `/api/v2/metrics/series?from=${Date.now() - millis}&step=${step}`);
        if (range === this.range) {
          this.past = found.points;
          this.failed = false;
        }
      }
    } catch {
      this.failed = range === this.range;
    }
    if (range === this.range && this.isConnected) {
      this.#again = setTimeout(() => { void this.load(range); }, step * 1000);
    }
  }

  private get samples(): readonly Sample[] {
    return this.range === 'live' ? figures.samples : this.past;
  }

  protected override render(): TemplateResult {
    const o = figures.overview;
    return html`<section class="card chart" aria-labelledby="throughput">
      <header><h2 id="throughput">${t.overview.throughput}</h2>
        <div class="legend number"><span><i class="dash"></i>${t.overview.in} <b>${rate(o?.inRate)}${t.overview.perSecond}</b></span>
          <span><i class="dash out"></i>${t.overview.out} <b>${rate(o?.outRate)}${t.overview.perSecond}</b></span></div>
        <select class="input" aria-label=${t.overview.range} @change=${(e: Event) => {
          this.choose((e.target as HTMLSelectElement).value as Range); }}>${Object.entries(t.overview.ranges).map(([key, label]) =>
            html`<option value=${key} ?selected=${key === this.range}>${label}</option>`)}</select>
        <button class="button ghost" type="button" @click=${() => { this.asTable = !this.asTable; }}>
          ${this.asTable ? t.overview.asChart : t.overview.asTable}</button></header>
      <p class="visually-hidden">${o?.inRate === undefined ? '' : t.overview.summary(o.inRate, o.outRate,
        trend(this.samples), t.overview.ranges[this.range])}</p>
      ${this.asTable ? this.table()
        : html`<div class="canvas" aria-hidden="true">${this.chart === undefined ? nothing
          : html`<mp-chart .samples=${this.samples} .range=${this.range}></mp-chart>`}</div>`}
      ${this.failed ? html`<p class="foot">${t.overview.noSeries}</p>`
        : this.samples.length > 1 || o === undefined ? nothing : html`<p class="foot">${t.overview.collecting}</p>`}
    </section>`;
  }

  private table(): TemplateResult {
    return html`<div class="table-view" tabindex="0" role="region" aria-labelledby="throughput"><table class="table">
      <thead><tr><th scope="col"><span>${t.overview.time}</span></th><th scope="col" class="end"><span>${t.overview.in}</span></th>
        <th scope="col" class="end"><span>${t.overview.out}</span></th></tr></thead>
      <tbody>${this.samples.slice(-TABLE_ROWS).reverse().map(([at, inRate, outRate]) => html`<tr>
        <td data-label=${t.overview.time} class="number">${this.range === 'live' ? clock(at) : time(at).slice(0, 19)}</td>
        <td data-label=${t.overview.in} class="end number in">${rate(inRate)}</td>
        <td data-label=${t.overview.out} class="end number out">${rate(outRate)}</td></tr>`)}</tbody></table></div>`;
  }
}
