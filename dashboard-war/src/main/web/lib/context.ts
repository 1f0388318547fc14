/** What the parts of the page share: session, live channel, figures, routes, and short notices. */
import { LitElement } from 'lit';
import { LiveChannel } from './live.ts';
import { Logo } from './logo.ts';
import { Router } from './router.ts';
import { Session } from './session.ts';
import { applyRows, applySamples, type Overview, type Sample, type StationRow } from './figures.ts';
import type { Frame } from './live.ts';

/** A component in the light DOM: one style sheet for all, and labels may refer to anything on the page. */
export class Part extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}

/** The figures of the moment. Dispatches `change`. */
class Figures extends EventTarget {
  overview: Overview | undefined;
  samples: readonly Sample[] = [];
  stations: ReadonlyMap<string, StationRow> | undefined;

  followAll(channel: LiveChannel): () => void {
    const ends = [
      channel.follow({ topic: 'overview', background: true, onFrame: (f) => this.#overview(f) }),
      channel.follow({ topic: 'stations', onFrame: (f) => {
        this.stations = applyRows(this.stations ?? new Map<string, StationRow>(), f);
        this.#changed();
      } }),
    ];
    return () => {
      ends.forEach((end) => end());
      this.overview = undefined;
      this.samples = [];
      this.stations = undefined;
      this.#changed();
    };
  }

  #overview(frame: Frame): void {
    const data = frame.data as (Overview & { history?: Sample[]; points?: Sample[] }) | undefined;
    if (data === undefined) {
      return;
    }
    this.overview = data;
    this.samples = applySamples(data.history ?? this.samples, data.points ?? []); // a history fills all gaps
    this.#changed();
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }

}

/** Notices about what the user did; each goes by itself after a while. Dispatches `change`. */
class Notices extends EventTarget {
  list: readonly { readonly id: number; readonly text: string }[] = [];
  #next = 1;

  say(text: string): void {
    const id = this.#next++;
    this.list = [...this.list.slice(-2), { id, text }];
    this.dispatchEvent(new Event('change'));
    setTimeout(() => {
      this.list = this.list.filter((notice) => notice.id !== id);
      this.dispatchEvent(new Event('change'));
    }, 6_000);
  }
}

export const session = new Session();
export const logo = new Logo(session);
export const router = new Router();
export const channel = new LiveChannel(() => session.token, () => session.refresh(),
  (poll) => session.call('POST', '/api/v2/live/poll', poll));
export const figures = new Figures();
export const notices = new Notices();

session.addEventListener('token', () => channel.tokenChanged());

/** Whether changes can be asked for now. */
export function connected(): boolean {
  return channel.state === 'paused' || flowing();
}

/** Whether figures come. */
export function flowing(): boolean {
  return channel.state === 'live' || channel.state === 'slow' || channel.state === 'polling';
}

/** Renders a part again whenever one of the sources changes; to be called in `connectedCallback`. */
export function watch(part: LitElement, ...sources: [EventTarget, string][]): () => void {
  const update = (): void => part.requestUpdate();
  sources.forEach(([source, event]) => source.addEventListener(event, update));
  return () => sources.forEach(([source, event]) => source.removeEventListener(event, update));
}

/** Copies a text, and says so. */
export async function copy(text: string, done: string, failed: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notices.say(done);
  } catch {
    notices.say(failed);
  }
}
