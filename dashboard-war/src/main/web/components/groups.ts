import { html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { channel, figures, Part, watch } from '../lib/context.ts';
import { count, rate } from '../lib/format.ts';
import type { GroupRow } from '../lib/figures.ts';
import { t } from '../lib/texts.ts';
import { empty, skeletonRows } from './panels.ts';

/** The consumer groups of a station with what each still has to do, the one furthest behind first. */
@customElement('mp-groups')
export class Groups extends Part {
  @property() station = '';
  #unwatch: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unwatch = watch(this, [figures, 'change'], [channel, 'state']);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch?.();
  }

  protected override render(): TemplateResult {
    const groups = figures.groupsOf(this.station);
    return html`<section class="card" aria-labelledby="groups"><header><h2 id="groups">${t.groups.title}</h2></header>
      ${figures.groups === undefined ? skeletonRows(2) : groups.length === 0 ? empty(t.groups.empty, t.groups.emptyHint)
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
