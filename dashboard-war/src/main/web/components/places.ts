import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { connected, figures, Part, session, watch } from '../lib/context.ts';
import type { Place } from '../lib/cluster.ts';
import { count } from '../lib/format.ts';
import { t } from '../lib/texts.ts';
import { failed, skeletonRows } from './panels.ts';
import './step-down.ts';

const AGAIN_MILLIS = 5_000;

/** Which node decides about which partition of a station, and how the others that have it stand. Nothing for a broker alone. */
@customElement('mp-places')
export class Places extends Part {
  @property() station = '';
  @state() private places: readonly Place[] | undefined;
  @state() private error: unknown;
  @state() private moving: Place | undefined;
  #mayMove = false;
  #again: ReturnType<typeof setInterval> | undefined;
  #unwatch: (() => void) | undefined;

  private get clustered(): boolean {
    return (figures.overview?.nodes?.length ?? 0) > 1;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unwatch = watch(this, [figures, 'change']);
    this.#again = setInterval(() => { if (!document.hidden && this.clustered) { void this.load(); } }, AGAIN_MILLIS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch?.();
    clearInterval(this.#again);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('station')) {
      this.places = undefined;
    }
    if (this.places === undefined && this.error === undefined && this.clustered && !this.#loading) {
      void this.load();
    }
  }

  #loading = false;

  private async load(): Promise<void> {
    const station = this.station;
    this.#loading = true;
    try {
      const { partitions, may_move } = await session.call<{ partitions: Place[]; may_move: boolean }>('GET',
        `/api/v2/cluster/station?station_name=${encodeURIComponent(station)}`);
      if (station === this.station) {
        this.places = partitions;
        this.#mayMove = may_move && !session.viewer;
        this.error = undefined;
      }
    } catch (e) {
      this.error = e;
    } finally {
      this.#loading = false;
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.clustered) {
      return nothing;
    }
    return html`<section class="card" aria-labelledby="places"><header><h2 id="places">${t.nodes.places}</h2></header>
      ${this.error !== undefined && this.places === undefined ? failed(t.nodes.places, this.error, () => { void this.load(); })
        : this.places === undefined ? skeletonRows(1) : this.table(this.places)}
      ${this.moving === undefined ? nothing : html`<mp-step-down .group=${this.moving.group} .leader=${this.moving.leader}
        .partitions=${0} @moved=${() => this.load()} @closed=${() => { this.moving = undefined; }}></mp-step-down>`}</section>`;
  }

  private table(places: readonly Place[]): TemplateResult {
    return html`<div class="scroll"><table class="table" aria-labelledby="places"><thead><tr>
        <th scope="col"><span>${t.messages.partition}</span></th><th scope="col"><span>${t.nodes.leader}</span></th>
        <th scope="col"><span>${t.nodes.replicas}</span></th><th scope="col" class="end"><span>${t.nodes.group}</span></th>
        <th scope="col"><span class="visually-hidden">${t.stations.actions}</span></th></tr></thead>
      <tbody>${places.map((place) => html`<tr data-place=${place.partition}>
        <td class="whole number">${place.partition === 0 ? '–' : place.partition}</td>
        <td data-label=${t.nodes.leader} data-cell="leader">${place.leader === '' ? html`<span class="status danger">${t.nodes.nobody}</span>` : place.leader}</td>
        <td data-label=${t.nodes.replicas}>${place.replicas.length === 0 ? t.nodes.alone
          : html`<span class="row tight">${place.replicas.map((replica) => this.replica(replica))}</span>`}</td>
        <td class="end number" data-label=${t.nodes.group}>${place.group}</td>
        <td class="actions">${this.#mayMove && place.replicas.length > 0 ? html`<button class="button" type="button"
          ?disabled=${place.leader === '' || !connected()} @click=${() => { this.moving = place; }}>${t.nodes.stepDown}</button>` : nothing}</td>
      </tr>`)}</tbody></table></div>`;
  }

  private replica(replica: Place['replicas'][number]): TemplateResult {
    const words = !replica.up ? t.nodes.states.away : replica.lag > 0 ? t.nodes.behind(count(replica.lag)) : t.nodes.inStep;
    return html`<span class="chip"><span class="status ${!replica.up ? 'danger' : replica.current ? 'ok' : 'warn'}">${replica.name}</span>
      ${replica.up && replica.current ? html`<span class="visually-hidden">${words}</span>` : words}</span>`;
  }
}
