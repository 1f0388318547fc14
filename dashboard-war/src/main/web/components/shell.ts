import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { channel, copy, figures, logo, notices, Part, router, session, watch } from '../lib/context.ts';
import { duration } from '../lib/format.ts';
import { nextTheme, theme } from '../lib/theme.ts';
import { paths } from '../lib/router.ts';
import { t } from '../lib/texts.ts';
import * as icons from './icons.ts';
import { KeyChords } from './keys.ts';
import './create-station.ts';
import './key-help.ts';
import './renew.ts';
import '../pages/login.ts';
import '../pages/nodes.ts';
import '../pages/overview.ts';
import '../pages/station.ts';

/** The whole page: who may see it, what is shown, and what frames it. */
@customElement('mp-app')
export class App extends Part {
  @state() private help = false;
  #unwatch: (() => void)[] = [];
  #unfollow: (() => void) | undefined;
  readonly #keys = new KeyChords((action) => this.act(action));
  #shownPage = '';

  override connectedCallback(): void {
    super.connectedCallback();
    const changed = (): void => this.sessionChanged();
    session.addEventListener('change', changed);
    this.#unwatch = [watch(this, [session, 'change'], [router, 'change'], [channel, 'state'], [notices, 'change'], [figures, 'change'],
      [logo, 'change'],
      [window, 'theme']), () => session.removeEventListener('change', changed), this.#keys.listen()];
    void session.resume();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch.forEach((end) => end());
  }

  private sessionChanged(): void {
    const here = location.pathname + location.search;
    if (session.state === 'open') {
      this.#unfollow ??= figures.followAll(channel);
      channel.start();
      if (router.route.page === 'login') {
        router.replace(router.route.next);
      } else if (here === '/') {
        router.replace(paths.overview);
      }
    } else if (session.state === 'expired') {
      channel.stop();
    } else if (session.state === 'closed') {
      channel.stop();
      this.#unfollow?.();
      this.#unfollow = undefined;
      if (router.route.page !== 'login') {
        router.replace(paths.login(here));
      }
    }
  }

  private act(action: string): void {
    if (session.state !== 'open') {
      return;
    }
    switch (action) {
      case 'new': if (!session.viewer) { router.go(paths.newStation); } break;
      case 'overview': router.go(paths.overview); break;
      case 'nodes': router.go(paths.nodes); break;
      case 'pause': channel.togglePause(); break;
      case 'help': this.help = true; break;
      case 'link': void copy(location.href, t.keys.linkCopied, t.create.copyFailed); break;
      case 'filter': this.querySelector<HTMLInputElement>('input[type=search]')?.focus(); break;
      case 'down': case 'up': this.moveRow(action === 'down' ? 1 : -1); break;
    }
  }

  private moveRow(step: number): void {
    const rows = [...this.querySelectorAll<HTMLElement>('[data-row]')];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    rows[Math.min(Math.max(at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step, 0), rows.length - 1)]?.focus();
  }

  private async signOut(): Promise<void> {
    try {
      await session.signOut();
    } catch {
      notices.say(t.signIn.signedOutFailed);
    }
  }

  protected override updated(): void {
    const route = router.route;
    const title = route.page === 'station' ? route.station : route.page === 'login' ? t.signIn.title
      : route.page === 'overview' ? t.overview.title : route.page === 'nodes' ? t.nodes.title : t.error.notFound;
    document.title = `${title} – ${t.product}`;
    const page = `${route.page} ${route.page === 'station' ? route.station : ''}`;
    if (this.#shownPage !== '' && this.#shownPage !== page && session.state === 'open' && !this.querySelector('dialog[open]')) {
      this.querySelector<HTMLElement>('main')?.focus(); // a new page is read from its beginning
      scrollTo(0, 0);
    }
    this.#shownPage = page;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (session.state === 'unknown') {
      return html`<main class="login" id="main" tabindex="-1"><p role="status" class=${session.waiting ? '' : 'visually-hidden'}>
        ${session.waiting ? t.signIn.starting : t.live.connecting}</p></main>`;
    }
    if (session.state === 'closed') {
      return html`<mp-login></mp-login>${this.toasts()}`;
    }
    return html`<a class="skip" href="#main">${t.skip}</a>
      ${this.bar()}
      <main id="main" tabindex="-1">${this.banner()}${this.page()}</main>
      ${this.toasts()}
      ${session.state === 'expired' ? html`<mp-renew></mp-renew>` : nothing}
      ${this.help ? html`<mp-key-help @closed=${() => { this.help = false; }}></mp-key-help>` : nothing}`;
  }

  private page(): TemplateResult {
    const route = router.route;
    switch (route.page) {
      case 'overview':
        return html`<mp-overview></mp-overview>
          ${route.create && !session.viewer ? html`<mp-create-station .suggested=${route.name ?? ''} @closed=${() => this.leaveDialog()}></mp-create-station>` : nothing}`;
      case 'nodes':
        return html`<mp-nodes></mp-nodes>`;
      case 'station':
        return html`<mp-station .name=${route.station} .message=${route.message}></mp-station>`;
      default:
        return html`<div class="card panel"><h1>${t.error.notFound}</h1><p>${t.error.notFoundHint}</p>
          <a class="button" href=${paths.overview}>${t.station.toOverview}</a></div>`;
    }
  }

  private leaveDialog(): void {
    if (router.route.page === 'overview' && router.route.create) {
      router.replace(paths.overview);
    }
  }

  private banner(): TemplateResult | typeof nothing {
    if (channel.state !== 'reconnecting' || session.state !== 'open') {
      return nothing;
    }
    const text = channel.heardAt === 0 ? t.live.lostNever
      : t.live.lost(duration((Date.now() - channel.heardAt) / 1000));
    return html`<div class="banner warn">${icons.alert}<span class="grow">${text}</span>
      <button class="button" type="button" @click=${() => channel.retryNow()}>${t.live.retry}</button></div>`;
  }

  private bar(): TemplateResult {
    const route = router.route;
    const chosen = theme();
    return html`<header class="topbar">
      <a class="brand" href=${paths.overview} aria-label=${t.product}>${logo.image === '' ? icons.mark
        : html`<img class="company" src=${logo.image} alt="" decoding="async">`}<span class="words">${t.product}</span></a>
      <nav class="crumbs" aria-label="Breadcrumb"><ol>
        ${route.page === 'station'
          ? html`<li><a href=${paths.overview}>${t.stations.title}</a></li><li><span aria-current="page">${route.station}</span></li>`
          : route.page === 'nodes' ? html`<li><a href=${paths.overview}>${t.overview.title}</a></li><li><span aria-current="page">${t.nodes.title}</span></li>`
          : this.clustered ? html`<li><a href=${paths.nodes}>${t.nodes.title}</a></li>` : nothing}</ol></nav>
      ${this.live()}
      <button class="button ghost icon" type="button" title=${t.theme[chosen]} aria-label=${t.theme[chosen]}
        @click=${() => { nextTheme(); }}>${icons.themes[chosen]}</button>
      <button class="button ghost icon" type="button" title=${t.keys.button} aria-label=${t.keys.button}
        @click=${() => { this.help = true; }}><kbd aria-hidden="true">?</kbd></button>
      ${session.viewer ? html`<span class="chip" title=${t.viewer.why}>${t.viewer.name}</span>` : nothing}
      <span class="who" title=${session.user ?? ''}>${session.user}</span>
      <button class="button ghost icon" type="button" title=${t.signIn.signOut} aria-label=${t.signIn.signOut}
        @click=${() => this.signOut()}>${icons.out}</button>
    </header>`;
  }

  private get clustered(): boolean {
    return (figures.overview?.nodes?.length ?? 0) > 1;
  }

  private live(): TemplateResult {
    const state = channel.state;
    const words = state === 'reconnecting'
      ? t.live.reconnecting(Math.max(0, Math.ceil((channel.retryAt - Date.now()) / 1000))) : t.live[state];
    const look = state === 'live' ? 'ok' : state === 'reconnecting' ? 'danger' : state === 'slow' || state === 'polling' ? 'warn' : 'off';
    const paused = state === 'paused';
    return html`<div class="live" role="group" aria-label=${t.live.label}>
      <span class="status ${look}" title=${words}><span class="words">${words}</span></span>
      <button class="button ghost icon" type="button" title=${paused ? t.live.resume : t.live.pause}
        aria-label=${paused ? t.live.resume : t.live.pause} ?disabled=${state === 'reconnecting' || state === 'offline'}
        @click=${() => channel.togglePause()}>${paused ? icons.play : icons.pause}</button></div>`;
  }

  private toasts(): TemplateResult {
    return html`<div class="toasts" role="status">${notices.list.map((notice) => html`<div>${notice.text}</div>`)}</div>`;
  }
}
