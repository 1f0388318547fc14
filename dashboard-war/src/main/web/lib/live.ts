/**
 * The live channel of one page: a WebSocket on the page's own port (dashboard.md D-01). It authenticates with its first
 * frame, subscribes again after each reconnect, and says how it is. Where no WebSocket gets through, it asks for the same
 * frames every five seconds, and tries the WebSocket again now and then.
 */

/** How the channel is. */
export type LiveState = 'connecting' | 'live' | 'slow' | 'polling' | 'reconnecting' | 'offline' | 'paused';

/** What is asked for instead of a WebSocket. */
export interface Poll {
  readonly topics: readonly { id: number; topic: string; args?: Record<string, unknown> | undefined; seen: number }[];
}

/** A frame of a subscription. */
export interface Frame {
  readonly id?: number;
  readonly kind: string;
  readonly seq?: number;
  readonly at?: number;
  readonly data?: unknown;
}

/** A topic that somebody follows. */
export interface Subscription {
  readonly topic: string;
  readonly args?: Record<string, unknown>;
  /** Whether it goes on, at a slower pace, while nobody looks at the page. */
  readonly background?: boolean;
  readonly onFrame: (frame: Frame) => void;
}

/** Close code: the token is worth nothing (any more). */
const REFUSED = 4401;
const SLOW_MILLIS = 5_000;
const SILENT_MILLIS = 25_000;
const PING_MILLIS = 10_000;
const LONGEST_WAIT_MILLIS = 15_000;
const HIDDEN_INTERVAL_MILLIS = 5_000;
/** A WebSocket that is not ready by then is slow, or does not get through: figures are asked for beside it. */
const CONNECT_MILLIS = 4_000;
/** A WebSocket that is not ready by then does not get through. */
const BLOCKED_MILLIS = 30_000;
const POLL_MILLIS = 5_000;
/** Nobody has looked at the broker before the first question. */
const FIRST_POLL_MILLIS = 1_000;
/** How long a page that polls waits before it tries a WebSocket again. */
const AGAIN_MILLIS = 30_000;

/** How long to wait before a try: half a second, doubled up to fifteen, and a random part so that pages spread out. */
export function retryDelay(attempt: number, random: number): number {
  const full = Math.min(LONGEST_WAIT_MILLIS, 500 * 2 ** Math.min(attempt, 10));
  return Math.round(full * (0.5 + random / 2));
}

/** Dispatches `state` when the state changes, and `heard` with each frame. */
export class LiveChannel extends EventTarget {
  state: LiveState = 'offline';
  /** When the last frame came, milliseconds of the local clock; 0 for never. */
  heardAt = 0;
  /** When the next try is due while reconnecting. */
  retryAt = 0;

  readonly #subscriptions = new Map<number, Subscription>();
  readonly #token: () => string;
  readonly #renew: () => Promise<boolean>;
  readonly #ask: (poll: Poll) => Promise<{ readonly frames: readonly Frame[] }>;
  /** By subscription, the sample that polling has brought. */
  readonly #seen = new Map<number, number>();
  #poll: ReturnType<typeof setTimeout> | undefined;
  #connectAt = 0;
  #socket: WebSocket | undefined;
  #ready = false;
  #nextId = 1;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setInterval> | undefined;
  #wanted = false;
  #pingAt = 0;

  /**
   * @param token the access token of the moment
   * @param renew fetches a new one after the server refused it
   * @param ask asks once for what is new, without a WebSocket
   */
  constructor(token: () => string, renew: () => Promise<boolean>,
    ask: (poll: Poll) => Promise<{ readonly frames: readonly Frame[] }>) {
    super();
    this.#token = token;
    this.#renew = renew;
    this.#ask = ask;
    document.addEventListener('visibilitychange', () => this.#seenOrHidden());
    addEventListener('online', () => { if (this.state === 'reconnecting') { this.retryNow(); } });
  }

  /** Connects and stays connected until {@link stop}. */
  start(): void {
    if (!this.#wanted) {
      this.#wanted = true;
      this.#attempt = 0;
      this.#watch = setInterval(() => this.#look(), 1_000);
      this.#connect();
    }
  }

  stop(): void {
    this.#wanted = false;
    clearInterval(this.#watch);
    clearTimeout(this.#retry);
    this.#stopPolling();
    this.#drop();
    this.#become('offline');
  }

  /** Stops the stream of figures, or lets it go on. */
  togglePause(): void {
    if (this.state === 'paused') {
      this.#become('connecting');
      this.retryNow();
    } else if (this.#wanted) {
      clearTimeout(this.#retry);
      this.#stopPolling();
      this.#drop();
      this.#become('paused');
    }
  }

  retryNow(): void {
    clearTimeout(this.#retry);
    this.#drop();
    this.#connect();
  }

  /** The access token is a new one: tells the server, so that the channel outlives the old one. */
  tokenChanged(): void {
    if (this.#ready) {
      this.#send({ op: 'auth', token: this.#token() });
    }
  }

  /** Follows a topic until the returned function is called. */
  follow(subscription: Subscription): () => void {
    const id = this.#nextId++;
    this.#subscriptions.set(id, subscription);
    this.#subscribe(id, subscription);
    if (this.state === 'polling') {
      this.#pollIn(0);
    }
    return () => {
      this.#subscriptions.delete(id);
      this.#seen.delete(id);
      if (this.#ready) {
        this.#send({ op: 'unsub', id });
      }
    };
  }

  #connect(): void {
    this.#ready = false;
    this.#connectAt = Date.now();
    if (this.state !== 'reconnecting' && this.state !== 'polling') {
      this.#become('connecting');
    }
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/v2/live`);
    this.#socket = socket;
    socket.onopen = () => this.#send({ op: 'auth', token: this.#token() });
    socket.onmessage = (event: MessageEvent<string>) => {
      if (socket === this.#socket) {
        this.#receive(JSON.parse(event.data) as Frame);
      }
    };
    socket.onclose = (event) => {
      if (socket === this.#socket) {
        this.#lost(event.code);
      }
    };
  }

  #receive(frame: Frame): void {
    this.heardAt = Date.now();
    if (frame.kind === 'ready') {
      if (!this.#ready) {
        this.#ready = true;
        this.#attempt = 0;
        this.#stopPolling();
        this.#subscriptions.forEach((subscription, id) => this.#subscribe(id, subscription));
      }
      return;
    }
    this.#become('live');
    this.#tell(frame);
  }

  #tell(frame: Frame): void {
    if (frame.id !== undefined) {
      this.#subscriptions.get(frame.id)?.onFrame(frame);
    }
    this.dispatchEvent(new Event('heard'));
  }

  #lost(code: number): void {
    const refused = code === REFUSED;
    const blocked = !this.#ready && !refused;
    this.#drop();
    if (!this.#wanted || this.state === 'paused') {
      return;
    }
    const polling = this.state === 'polling';
    const delay = polling ? AGAIN_MILLIS : retryDelay(this.#attempt++, Math.random());
    this.retryAt = Date.now() + delay;
    if (!polling) {
      this.#become('reconnecting');
      if (blocked && this.#poll === undefined) {
        this.#pollIn(0);
      }
    }
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      void (refused ? this.#renew() : Promise.resolve(true)).then((renewed) => {
        if (this.#wanted && this.state !== 'paused') {
          if (renewed) {
            this.#connect();
          } else {
            this.#lost(code);
          }
        }
      });
    }, delay);
  }

  // ---- without a WebSocket

  #pollIn(millis: number): void {
    clearTimeout(this.#poll);
    const timer = setTimeout(() => { void this.#pollNow(() => timer === this.#poll); }, millis);
    this.#poll = timer;
  }

  #stopPolling(): void {
    clearTimeout(this.#poll);
    this.#poll = undefined;
    this.#seen.clear();
  }

  /** @param current whether nothing has ended or replaced this question while it was under way */
  async #pollNow(current: () => boolean): Promise<void> {
    const topics = [...this.#subscriptions].filter(([, s]) => !document.hidden || s.background).map(([id, s]) =>
      // the throughput between two questions comes with the whole, and only with it
      ({ id, topic: s.topic, args: s.args, seen: s.topic === 'overview' ? 0 : this.#seen.get(id) ?? 0 }));
    try {
      const { frames } = await this.#ask({ topics });
      if (!current()) {
        return;
      }
      if (this.state !== 'polling') {
        this.#become('polling');
        clearTimeout(this.#retry);
        this.#retry = setTimeout(() => { if (this.#socket === undefined) { this.#connect(); } }, AGAIN_MILLIS);
      }
      this.heardAt = Date.now();
      frames.forEach((frame) => {
        if (frame.id !== undefined && frame.seq !== undefined) {
          this.#seen.set(frame.id, frame.seq);
        }
        this.#tell(frame);
      });
      this.#pollIn(frames.length === 0 ? FIRST_POLL_MILLIS : POLL_MILLIS);
    } catch { // the broker does not answer at all
      if (current()) {
        this.#stopPolling();
        if (this.state === 'polling') {
          this.#become('reconnecting');
          this.retryNow();
        } else if (this.#socket !== undefined && !this.#ready) {
          this.#lost(1006); // neither way leads to the broker
        }
      }
    }
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#ready = false;
    socket?.close();
  }

  /** Once a second: a channel that says nothing is slow, then gone. */
  #look(): void {
    if (!this.#ready) {
      const waited = this.#socket === undefined ? 0 : Date.now() - this.#connectAt;
      if (waited > BLOCKED_MILLIS) {
        this.#lost(1006);
      } else if (waited > CONNECT_MILLIS && this.#poll === undefined) {
        this.#pollIn(0);
      }
      this.dispatchEvent(new Event('state')); // for the countdown
      return;
    }
    const silence = Date.now() - this.heardAt;
    if (silence > SILENT_MILLIS) {
      this.#socket?.close();
      this.#lost(1006);
    } else if (silence > SLOW_MILLIS + (document.hidden ? HIDDEN_INTERVAL_MILLIS : 0)) {
      this.#become('slow');
    }
    if (Date.now() - this.#pingAt > PING_MILLIS) {
      this.#pingAt = Date.now();
      this.#send({ op: 'ping' });
    }
  }

  /** The page came to the front or went away. */
  #seenOrHidden(): void {
    if (this.#ready) {
      this.#subscriptions.forEach((subscription, id) => {
        this.#send({ op: 'unsub', id });
        this.#subscribe(id, subscription);
      });
    } else if (this.state === 'polling' && !document.hidden) {
      this.#pollIn(0);
    }
  }

  #subscribe(id: number, subscription: Subscription): void {
    if (!this.#ready || document.hidden && !subscription.background) {
      return;
    }
    const interval = document.hidden ? { interval: HIDDEN_INTERVAL_MILLIS } : {};
    this.#send({ op: 'sub', id, topic: subscription.topic, args: { ...subscription.args, ...interval } });
  }

  #send(frame: unknown): void {
    if (this.#socket?.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify(frame));
    }
  }

  #become(state: LiveState): void {
    if (this.state !== state) {
      this.state = state;
      this.dispatchEvent(new Event('state'));
    }
  }
}
