import { html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { channel, Part } from '../lib/context.ts';
import { count, rate } from '../lib/format.ts';
import { applyRows, type GroupRow } from '../lib/figures.ts';
import { t } from '../lib/texts.ts';
import { empty, skeletonRows } from './panels.ts';

/** The consumer groups of a station with what each still has to do, the one furthest behind first. */
@customElement('mp-groups')
export class Groups extends Part {
  @property() station = '';
  @state() private rows: ReadonlyMap<string, GroupRow> | undefined;
  #unfollow: (() => void) | undefined;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('station')) {
      this.#unfollow?.();
      this.rows = undefined;
      this.#unfollow = channel.follow({ topic: 'groups', args: { station: this.station }, onFrame: (frame) => {
        this.rows = applyRows(this.rows ?? new Map<string, GroupRow>(), frame);
      } });
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unfollow?.();
  }

  protected override render(): TemplateResult {
    const groups = [...this.rows?.values() ?? []].sort((a, b) => b.lag - a.lag || (a.name < b.name ? -1 : 1));
    return html`<section class="card" aria-labelledby="groups"><header><h2 id="groups">${t.groups.title}</h2></header>
      ${this.rows === undefined ? skeletonRows(2) : groups.length === 0 ? empty(t.groups.empty, t.groups.emptyHint)
        : this.table(groups)}</section>`;
  }

  private table(groups: GroupRow[]): TemplateResult {
    const most = Math.max(1, ...groups.map((group) => group.lag));
    return html`<div class="scroll"><table class="table" aria-labelledby="groups">
      <thead><tr><th scope="col"><span>${t.groups.name}</span></th>
        ${[t.groups.lag, t.groups.waiting, t.groups.inProcess, t.groups.redelivered, t.groups.out].map((label) =>
          html`<th scope="col" class="end"><span>${label}</span></th>`)}
        <th scope="col"><span>${t.groups.state}</span></th></tr></thead>
      <tbody>${groups.map((group) => html`<tr data-group=${group.name}>
        <td class="whole name">${group.name}</td>
        <td class="end number lagcell" data-label=${t.groups.lag} data-cell="lag">${count(group.lag)}
          <div class="bar lag" aria-hidden="true"><i .style=${`width:${((group.lag / most) * 100).toFixed(1)}%`}></i></div></td>
        <td class="end number" data-label=${t.groups.waiting}>${count(group.waiting)}</td>
        <td class="end number" data-label=${t.groups.inProcess}>${count(group.inProcess)}</td>
        <td class="end number" data-label=${t.groups.redelivered}>${count(group.redelivered)}</td>
        <td class="end number out" data-label=${t.groups.out}>${rate(group.outRate)}</td>
        <td data-label=${t.groups.state}>${group.active ? html`<span class="status ok">${t.groups.active}</span>`
          : html`<span class="status off">${t.groups.idle}</span>`}</td></tr>`)}</tbody></table></div>
      <div class="foot">${t.groups.explain}</div>`;
  }
}
