import assert from 'node:assert/strict';
import { type Frame, LiveChannel, type LiveState, type Poll, retryDelay } from '../../main/web/lib/live.ts';

/** A page that may be hidden. */
class FakeDocument extends EventTarget {
  hidden = false;

  hide(hidden: boolean): void {
    this.hidden = hidden;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

/** What the channel's WebSockets do. */
class FakeSocket {
  static readonly OPEN = 1;
  static blocked = true;
  /** Whether sockets open only when told to. */
  static slow = false;
  static last: FakeSocket | undefined;
  static opened = 0;
  readyState = 0;
  readonly sent: { op: string; id?: number; args?: { interval?: number } }[] = [];
  onopen: (() => void) | undefined;
  onmessage: ((event: { data: string }) => void) | undefined;
  onclose: ((event: { code: number }) => void) | undefined;

  constructor() {
    FakeSocket.last = this;
    FakeSocket.opened++;
    queueMicrotask(() => {
      if (FakeSocket.blocked) {
        this.onclose?.({ code: 1006 });
      } else if (!FakeSocket.slow) {
        this.open();
      }
    });
  }

  open(): void {
    this.readyState = FakeSocket.OPEN;
    this.onopen?.();
    this.hear({ kind: 'ready' });
  }

  hear(frame: Frame): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.readyState = 3;
  }
}

const page = new FakeDocument();
Object.assign(globalThis, { document: page, WebSocket: FakeSocket, location: { protocol: 'http:', host: 'here' } });

/** A channel, what it asked for, and the answers to that. */
function channel(answer: (poll: Poll) => Frame[]): { live: LiveChannel; polls: Poll[] } {
  const polls: Poll[] = [];
  const live = new LiveChannel(() => 'token', () => Promise.resolve(true), (poll) => {
    polls.push(poll);
    try {
      return Promise.resolve({ frames: answer(poll) });
    } catch (e) {
      return Promise.reject(e);
    }
  });
  return { live, polls };
}

async function become(live: LiveChannel, state: LiveState): Promise<void> {
  for (const end = Date.now() + 9_000; live.state !== state;) {
    assert.ok(Date.now() < end, `is ${live.state} and not ${state}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

Deno.test('reconnecting waits from a quarter of a second to fifteen', () => {
  assert.deepEqual([retryDelay(0, 0), retryDelay(0, 1), retryDelay(3, 1), retryDelay(50, 1)], [250, 500, 4_000, 15_000]);
});

Deno.test('where no WebSocket gets through, figures are asked for', async () => {
  FakeSocket.blocked = true;
  const heard: Frame[] = [];
  const { live, polls } = channel((poll) => poll.topics.filter((topic) => topic.seen < 7)
    .map((topic) => ({ id: topic.id, kind: 'snapshot', seq: 7, data: topic.topic })));
  live.follow({ topic: 'stations', args: { some: 1 }, onFrame: (frame) => heard.push(frame) });
  live.start();
  await become(live, 'polling');
  assert.deepEqual(polls[0]?.topics, [{ id: 1, topic: 'stations', args: { some: 1 }, seen: 0 }]);
  assert.deepEqual(heard, [{ id: 1, kind: 'snapshot', seq: 7, data: 'stations' }]);

  live.follow({ topic: 'overview', onFrame: (frame) => heard.push(frame) });
  while (polls.length < 2 || heard.length < 2) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.deepEqual(polls[1]?.topics.map(({ topic, seen }) => [topic, seen]), [['stations', 7], ['overview', 0]]);
  assert.equal(heard[1]?.data, 'overview');
  live.stop();
  assert.equal(live.state, 'offline');
});

Deno.test('a broker that does not answer at all is waited for', async () => {
  FakeSocket.blocked = true;
  const { live, polls } = channel(() => { throw new Error('down'); });
  live.start();
  await become(live, 'reconnecting');
  const tries = FakeSocket.opened;
  while (FakeSocket.opened < tries + 2) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.equal(live.state, 'reconnecting');
  assert.ok(polls.length >= 1);
  FakeSocket.blocked = false;
  live.retryNow();
  await new Promise((resolve) => setTimeout(resolve, 0));
  FakeSocket.last?.hear({ kind: 'heartbeat' });
  assert.equal(live.state, 'live');
  live.stop();
});

Deno.test('a WebSocket that gets through again ends the questions', async () => {
  FakeSocket.blocked = true;
  const { live, polls } = channel(() => []);
  live.start();
  await become(live, 'polling');
  FakeSocket.blocked = false;
  live.retryNow();
  await new Promise((resolve) => setTimeout(resolve, 0));
  FakeSocket.last?.hear({ kind: 'heartbeat' });
  assert.equal(live.state, 'live');
  const asked = polls.length;
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  assert.equal(polls.length, asked);
  live.stop();
});

Deno.test('a page that nobody sees follows one topic, slowly', async () => {
  FakeSocket.blocked = false;
  const { live } = channel(() => []);
  live.follow({ topic: 'overview', background: true, onFrame: () => undefined });
  live.follow({ topic: 'stations', onFrame: () => undefined });
  live.start();
  await new Promise((resolve) => setTimeout(resolve, 0));
  const socket = FakeSocket.last as FakeSocket;
  assert.deepEqual(socket.sent.map(({ op, id }) => [op, id]), [['auth', undefined], ['sub', 1], ['sub', 2]]);

  page.hide(true);
  assert.deepEqual(socket.sent.slice(3).map(({ op, id, args }) => [op, id, args?.interval]),
    [['unsub', 1, undefined], ['sub', 1, 5_000], ['unsub', 2, undefined]]);
  page.hide(false);
  assert.deepEqual(socket.sent.slice(6).map(({ op, id, args }) => [op, id, args?.interval]),
    [['unsub', 1, undefined], ['sub', 1, undefined], ['unsub', 2, undefined], ['sub', 2, undefined]]);
  live.stop();
});

Deno.test('a WebSocket that is only slow is asked beside, not given up', async () => {
  FakeSocket.blocked = false;
  FakeSocket.slow = true;
  const { live } = channel(() => []);
  live.follow({ topic: 'stations', onFrame: () => undefined });
  const opened = FakeSocket.opened;
  live.start();
  await become(live, 'polling');
  const socket = FakeSocket.last as FakeSocket;
  FakeSocket.slow = false;
  socket.open();
  socket.hear({ id: 1, kind: 'snapshot', seq: 1, data: {} });
  assert.equal(live.state, 'live');
  assert.deepEqual(socket.sent.map(({ op }) => op), ['auth', 'sub']);
  assert.equal(FakeSocket.opened, opened + 1);
  live.stop();
});
