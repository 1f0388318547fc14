import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { figures, Part, watch } from '../lib/context.ts';
import { clock, rate } from '../lib/format.ts';
import { trend } from '../lib/figures.ts';
import { t } from '../lib/texts.ts';

const TABLE_ROWS = 60;
const SUMMARY_MILLIS = 30_000;

/** Messages in and out over five minutes: a chart, a sentence that says the same, and the numbers as a table. */
@customElement('mp-throughput')
export class Throughput extends Part {
  @state() private asTable = false;
  @state() private chart: (typeof import('./chart.ts')) | undefined;
  #summary = '';
  #summaryAt = 0;
  #unwatch: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unwatch = watch(this, [figures, 'change']);
    void import('./chart.ts').then((chart) => { this.chart = chart; }, () => { this.asTable = true; });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch?.();
  }

  protected override render(): TemplateResult {
    const o = figures.overview;
    const now = Date.now();
    if (now - this.#summaryAt > SUMMARY_MILLIS || this.#summary === '') {
      this.#summary = o?.inRate === undefined ? '' : t.overview.summary(o.inRate, o.outRate, trend(figures.samples));
      this.#summaryAt = now;
    }
    return html`<section class="card chart" aria-labelledby="throughput">
      <header><h2 id="throughput">${t.overview.throughput}</h2>
        <div class="legend number"><span><i class="dash"></i>${t.overview.in} <b>${rate(o?.inRate)}${t.overview.perSecond}</b></span>
          <span><i class="dash out"></i>${t.overview.out} <b>${rate(o?.outRate)}${t.overview.perSecond}</b></span></div>
        <button class="button ghost" type="button" @click=${() => { this.asTable = !this.asTable; }}>
          ${this.asTable ? t.overview.asChart : t.overview.asTable}</button></header>
      <p class="visually-hidden">${this.#summary}</p>
      ${this.asTable ? this.table()
        : html`<div class="canvas" aria-hidden="true">${this.chart === undefined ? nothing : html`<mp-chart></mp-chart>`}</div>`}
      ${figures.samples.length > 1 || o === undefined ? nothing : html`<p class="foot">${t.overview.collecting}</p>`}
    </section>`;
  }

  private table(): TemplateResult {
    return html`<div class="table-view" tabindex="0" role="region" aria-labelledby="throughput"><table class="table">
      <thead><tr><th scope="col"><span>${t.overview.time}</span></th><th scope="col" class="end"><span>${t.overview.in}</span></th>
        <th scope="col" class="end"><span>${t.overview.out}</span></th></tr></thead>
      <tbody>${figures.samples.slice(-TABLE_ROWS).reverse().map(([at, inRate, outRate]) => html`<tr>
        <td data-label=${t.overview.time} class="number">${clock(at)}</td>
        <td data-label=${t.overview.in} class="end number in">${rate(inRate)}</td>
        <td data-label=${t.overview.out} class="end number out">${rate(outRate)}</td></tr>`)}</tbody></table></div>`;
  }
}
