import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { channel, figures, flowing, Part, session, watch } from '../lib/context.ts';
import { bytes, count, duration, rate, time, UNKNOWN } from '../lib/format.ts';
import { notReady } from '../lib/cluster.ts';
import type { Overview as Figures } from '../lib/figures.ts';
import { paths } from '../lib/router.ts';
import { t } from '../lib/texts.ts';
import * as icons from '../components/icons.ts';
import { placeholder } from '../components/panels.ts';
import '../components/stations.ts';
import '../components/throughput.ts';

const ANNOUNCE_MILLIS = 30_000;

/** What runs, how much goes through, which stations there are: all of it live. */
@customElement('mp-overview')
export class OverviewPage extends Part {
  @state() private announcement = '';
  @state() private version = '';
  #announcedAt = 0;
  #unwatch: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unwatch = watch(this, [figures, 'change'], [channel, 'state']);
    session.call<{ version: string }>('GET', '/api/monitoring/getClusterInfo')
      .then(({ version }) => { this.version = version; }, () => { this.version = ''; });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch?.();
  }

  protected override willUpdate(): void {
    const now = Date.now();
    if (figures.overview !== undefined && figures.overview.inRate !== undefined && now - this.#announcedAt > ANNOUNCE_MILLIS) {
      this.#announcedAt = now;
      this.announcement = t.announce(figures.overview.stations, figures.overview.inRate);
    }
  }

  protected override render(): TemplateResult {
    const o = figures.overview;
    const stale = !flowing() && o !== undefined;
    return html`<div class="stack ${stale ? 'stale' : ''}">
      <div class="title"><h1>${t.overview.title}</h1>${stale ? nothing : this.health(o)}</div>
      ${this.notes(o)}
      <dl class="figures">${this.figures(o)}</dl>
      <mp-throughput></mp-throughput>
      <mp-stations></mp-stations>
      <p class="visually-hidden" aria-live="polite">${this.announcement}</p>
    </div>`;
  }

  private health(o: Figures | undefined): TemplateResult | typeof nothing {
    if (o === undefined) {
      return nothing;
    }
    const nodes = o.nodes ?? [];
    if (o.problems.length === 0 && notReady(nodes).length > 0) {
      return html`<span class="status warn">${t.nodes.nodesReady(nodes.length - notReady(nodes).length, nodes.length)}</span>`;
    }
    return o.problems.length === 0 ? html`<span class="status ok">${t.overview.healthy}</span>`
      : html`<span class="status danger">${t.overview.unhealthy(o.problems.length)}</span>`;
  }

  private notes(o: Figures | undefined): TemplateResult | typeof nothing {
    if (o === undefined) {
      return nothing;
    }
    return html`
      ${o.problems.length === 0 ? nothing : html`<div class="banner danger">${icons.alert}
        <ul>${o.problems.map((problem) => html`<li>${problem}</li>`)}</ul></div>`}
      ${notReady(o.nodes ?? []).length === 0 ? nothing : html`<div class="banner warn" data-nodes>${icons.alert}
        <span class="grow">${notReady(o.nodes ?? []).map((node) => t.nodes.notReady(node.name, t.nodes.states[node.state])).join(' ')}</span>
        <a class="button" href=${paths.nodes}>${t.nodes.toNodes}</a></div>`}
      ${o.wellKnownPassword ? html`<div class="banner">${icons.info}<span>${t.overview.wellKnown}</span></div>` : nothing}`;
  }

  private figures(o: Figures | undefined): TemplateResult {
    const percent = o?.storagePercent ?? 0;
    const risk = percent > 94 ? 'danger' : percent > 84 ? 'warn' : '';
    return html`
      ${this.figure(html`<i class="dash"></i>${t.overview.in}`, o && html`${rate(o.inRate)}<small>${t.overview.perSecond}</small>`,
        o && t.overview.inNote(o.receivedRate, o.inBytesRate), 'in-rate')}
      ${this.figure(html`<i class="dash out"></i>${t.overview.out}`, o && html`${rate(o.outRate)}<small>${t.overview.perSecond}</small>`,
        o && t.overview.outNote(o.sentRate, o.outBytesRate), 'out-rate')}
      ${this.figure(t.overview.stored, o && count(o.messages), o && t.overview.storedNote(o.storedBytes, o.memoryBytes), 'stored')}
      ${this.figure(t.overview.connections, o && count(o.connections),
        o && t.overview.connectionsNote(o.subscriptions, o.slowConsumers), 'connections')}
      ${this.figure(t.overview.disk, o && (o.dataBytes === undefined ? UNKNOWN : bytes(o.dataBytes)), o && html`
        <span class="bar ${risk}" aria-hidden="true"><i .style=${`width:${percent}%`}></i></span>
        ${o.storeLimit > 0 ? t.overview.diskLimit(percent, o.storeLimit) : t.overview.diskNote(percent, o.diskFree)}`, 'disk')}
      ${this.figure(t.overview.uptime, o && html`<span title=${time(o.startedAt)}>${
        duration((Date.now() - o.startedAt) / 1000)}</span>`,
        o && t.overview.version(o.server, this.version, o.protocolVersion), 'uptime')}`;
  }

  private figure(label: unknown, value: unknown, note: unknown, id: string): TemplateResult {
    return html`<div class="card figure"><dt>${label}</dt>
      <dd data-figure=${id}>${value ?? placeholder}</dd><dd class="note">${note ?? nothing}</dd></div>`;
  }
}
