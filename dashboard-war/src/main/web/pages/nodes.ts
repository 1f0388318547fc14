import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { channel, connected, Part, session, watch } from '../lib/context.ts';
import { type Cluster, type ClusterGroup, type ClusterNode, displaced, look } from '../lib/cluster.ts';
import { bytes, count, duration, time, UNKNOWN } from '../lib/format.ts';
import { t } from '../lib/texts.ts';
import { empty, failed, skeletonRows } from '../components/panels.ts';
import '../components/step-down.ts';

const AGAIN_MILLIS = 2_000;

/** The nodes of the cluster, how each is, and who decides about what; asked every other second while it is looked at. */
@customElement('mp-nodes')
export class NodesPage extends Part {
  @state() private cluster: Cluster | undefined;
  @state() private error: unknown;
  @state() private moving: ClusterGroup | undefined;
  #again: ReturnType<typeof setInterval> | undefined;
  #unwatch: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unwatch = watch(this, [channel, 'state'], [session, 'change']);
    this.#again = setInterval(() => { if (!document.hidden && channel.state !== 'paused') { void this.load(); } }, AGAIN_MILLIS);
    void this.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch?.();
    clearInterval(this.#again);
  }

  private async load(): Promise<void> {
    try {
      this.cluster = await session.call<Cluster>('GET', '/api/v2/cluster');
      this.error = undefined;
    } catch (e) {
      this.error = e;
    }
  }

  protected override render(): TemplateResult {
    const stale = this.error !== undefined && this.cluster !== undefined;
    return html`<div class="stack ${stale ? 'stale' : ''}"><div class="title"><h1>${t.nodes.title}</h1>${this.health()}</div>
      ${this.content()}
      ${this.moving === undefined ? nothing : html`<mp-step-down .group=${this.moving.id} .definitions=${this.moving.definitions}
        .leader=${this.moving.leader} .partitions=${this.moving.partitions} .members=${this.moving.members.map((member) => member.name)} @moved=${() => this.load()}
        @closed=${() => { this.moving = undefined; }}></mp-step-down>`}</div>`;
  }

  private health(): TemplateResult | typeof nothing {
    const nodes = this.cluster?.nodes ?? [];
    const ready = nodes.filter((node) => node.state === 'ready').length;
    return nodes.length === 0 ? nothing : html`<span class="status ${ready === nodes.length ? 'ok' : 'danger'}" data-ready>${
      t.nodes.ready(ready, nodes.length)}</span>`;
  }

  private content(): TemplateResult {
    if (this.cluster === undefined) {
      return html`<div class="card">${this.error !== undefined ? failed(t.nodes.title, this.error, () => { void this.load(); })
        : skeletonRows(3)}</div>`;
    }
    if (this.cluster.nodes.length === 0) {
      return html`<div class="card">${empty(t.nodes.none, t.nodes.noneHint)}</div>`;
    }
    return html`${this.nodes(this.cluster)}${this.groups(this.cluster)}`;
  }

  private nodes(cluster: Cluster): TemplateResult {
    const end = [t.nodes.leads, t.nodes.lag, t.nodes.rtt, t.overview.connections, t.nodes.cpu, t.nodes.memory, t.nodes.storage, t.overview.uptime];
    return html`<section class="card" aria-labelledby="nodes"><header><h2 id="nodes">${t.nodes.cluster(cluster.name)}</h2>
        <span class="quiet grow">${t.nodes.seenFrom(cluster.self)}</span></header>
      <div class="scroll"><table class="table" aria-labelledby="nodes"><thead><tr><th scope="col"><span>${t.nodes.node}</span></th>
        <th scope="col"><span>${t.groups.state}</span></th>${end.map((label) => html`<th scope="col" class="end"><span>${label}</span></th>`)}
      </tr></thead><tbody>${cluster.nodes.map((node) => this.node(node, cluster))}</tbody></table></div></section>`;
  }

  private node(node: ClusterNode, cluster: Cluster): TemplateResult {
    const away = node.state === 'away';
    const known = !away && node.heard_ms !== undefined;
    const of = (text: unknown): unknown => known ? text : UNKNOWN;
    return html`<tr data-node=${node.name}>
      <td class="whole"><span class="name">${node.name}</span>
        <div class="sub">${[node.name === cluster.self ? t.nodes.self : node.link?.address ?? '', node.name === cluster.leader ? t.nodes.definitionsHere : '',
          known && node.version !== '' ? t.nodes.version(node.version ?? '') : ''].filter((text) => text !== '').join(' · ')}</div></td>
      <td data-label=${t.groups.state} data-cell="state"><span class="status ${look(node.state)}">${this.state(node)}</span>${
        node.hindrance === '' ? nothing : html` <span class="chip" data-hindrance title=${t.nodes.hindranceWhy}>${t.nodes.hindrances[node.hindrance]}</span>`}</td>
      <td class="end number" data-label=${t.nodes.leads} data-cell="leads">${count(node.partitions)}</td>
      <td class="end number" data-label=${t.nodes.lag}>${of(count(node.lag ?? 0))}</td>
      <td class="end number" data-label=${t.nodes.rtt} title=${node.link?.clock_offset_ms === undefined ? '' : t.nodes.clock(node.link.clock_offset_ms)}>${
        node.link === undefined ? UNKNOWN : node.link.rtt_ms === undefined ? UNKNOWN : t.nodes.millis(node.link.rtt_ms)}</td>
      <td class="end number" data-label=${t.overview.connections}>${of(count(node.connections ?? 0))}</td>
      <td class="end number" data-label=${t.nodes.cpu}>${of(t.nodes.percent((node.cpu_percent ?? 0) / Math.max(1, node.processors ?? 1)))}</td>
      <td class="end number" data-label=${t.nodes.memory}>${of(bytes(node.memory_used ?? 0))}</td>
      <td class="end number" data-label=${t.nodes.storage} title=${known ? t.nodes.ofTotal(bytes(node.storage_used ?? 0), bytes(node.storage_total ?? 0)) : ''}>${
        of(node.storage_total ? t.nodes.percent((node.storage_used ?? 0) / node.storage_total * 100) : UNKNOWN)}</td>
      <td class="end number" data-label=${t.overview.uptime}>${of(node.started_at ? html`<span title=${time(node.started_at)}>${
        duration((Date.now() - node.started_at) / 1000)}</span>` : UNKNOWN)}</td></tr>`;
  }

  private state(node: ClusterNode): string {
    return node.state === 'rebuilding' ? t.nodes.rebuilding(node.rebuilds ?? 0, node.groups ?? 0) : t.nodes.states[node.state];
  }

  private groups(cluster: Cluster): TemplateResult {
    const may = cluster.may_move && !session.viewer;
    return html`<section class="card" aria-labelledby="groups"><header><h2 id="groups">${t.nodes.groups}</h2>
        <span class="quiet grow">${t.nodes.groupsExplain}</span></header>
      <div class="scroll"><table class="table" aria-labelledby="groups"><thead><tr><th scope="col"><span>${t.nodes.group}</span></th>
        <th scope="col"><span>${t.nodes.leader}</span></th><th scope="col"><span>${t.nodes.members}</span></th>
        <th scope="col" class="end"><span>${t.nodes.partitions}</span></th>
        <th scope="col"><span class="visually-hidden">${t.stations.actions}</span></th></tr></thead>
      <tbody>${cluster.groups.map((group) => html`<tr data-group=${group.id}>
        <td class="whole"><span class="name">${group.definitions ? t.nodes.definitions : group.id}</span></td>
        <td data-label=${t.nodes.leader} data-cell="leader">${group.leader === '' ? html`<span class="status danger">${t.nodes.nobody}</span>`
          : html`${group.leader}${displaced(group) ? html` <span class="chip" title=${t.nodes.insteadWhy}>${t.nodes.instead(group.members[0]?.name ?? '')}</span>` : nothing}`}</td>
        <td data-label=${t.nodes.members}><span class="row tight">${group.members.map((member) => html`<span class="chip ${(member.lag ?? 0) > 8 ? 'behind' : ''}">
          <span>${member.name}</span>${(member.lag ?? 0) > 8 ? t.nodes.behind(count(member.lag ?? 0)) : nothing}</span>`)}</span></td>
        <td class="end number" data-label=${t.nodes.partitions}>${group.definitions ? UNKNOWN : count(group.partitions)}</td>
        <td class="actions">${may ? html`<button class="button" type="button" ?disabled=${group.leader === '' || !connected()}
          title=${connected() ? nothing : t.live.disconnectedReason} @click=${() => { this.moving = group; }}>${t.nodes.stepDown}</button>` : nothing}</td>
      </tr>`)}</tbody></table></div></section>`;
  }
}
