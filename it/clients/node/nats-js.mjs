// A wide nats.js program: what wire-protocol.md section 8 lists for this client, call by call.
//   node nats-js.mjs HOST PORT            over TCP, by nats.js
//   node nats-js.mjs ws://HOST PORT       over WebSocket, by nats.ws
// Needs no Memphis, so it also runs against a NATS server and is checked there. Prints one JSON line with the checks
// passed and failed; a failed check does not stop the others; exits with 1 when there is one.
import { createRequire } from 'node:module';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';

const [host = '127.0.0.1', port = '4222', only] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const webSocket = host.startsWith('ws');
if (webSocket) globalThis.WebSocket = require('ws').WebSocket; // as in a browser
const {
    connect, consumerOpts, createInbox, headers, nanos, AckPolicy, DeliverPolicy, DiscardPolicy, Empty, ErrorCode, NatsError,
    RetentionPolicy, StorageType,
} = require(webSocket ? 'nats.ws' : 'nats');

const user = process.env.MEMPHIS_USER ?? 'root';
const pass = process.env.MEMPHIS_PASSWORD ?? 'memphis';
/** How many nodes the server's cluster has. */
const nodes = Number(process.env.NATS_NODES ?? 1);
const run = `r${Date.now().toString(36)}`;
const TIMEOUT = 30_000;

const open = (extra = {}) => connect({ servers: `${host}:${port}`, user, pass, timeout: TIMEOUT, ...extra });
const nc = await open();
const jsm = await nc.jetstreamManager({ timeout: TIMEOUT });
const js = nc.jetstream({ timeout: TIMEOUT });

const passed = [];
const failed = [];
let nextName = 0;

function limit(promise, what) {
    let timer;
    const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`not within ${TIMEOUT} ms: ${what}`)), TIMEOUT);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function check(name, body) {
    if (only && !name.includes(only)) return;
    try {
        await limit(body(), name);
        passed.push(name);
    } catch (error) {
        failed.push({ name, error: String(error?.message ?? error), api: error?.api_error });
        console.error(`FAILED ${name}:`, error);
    }
}

async function until(what, condition) {
    const end = Date.now() + TIMEOUT;
    for (;;) {
        if (await condition()) return;
        if (Date.now() > end) throw new Error(`not in time: ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}

/** A stream of its own for a check; subjects `<name>.>`. Deleted afterwards. */
async function withStream(config, body) {
    const name = `${run}_${nextName++}`;
    await jsm.streams.add({ name, subjects: [`${name}.>`], ...config });
    try {
        await body(name);
    } finally {
        await jsm.streams.delete(name).catch(() => undefined);
    }
}

async function fill(name, count, subject = (i) => `${name}.${i % 3}`) {
    for (let i = 0; i < count; i++) {
        await js.publish(subject(i), `m${i + 1}`);
    }
}

async function apiError(promise, code, text) {
    const error = await promise.then(() => undefined, (e) => e);
    assert.ok(error, `expected API error ${code}`);
    assert.equal(error.api_error?.err_code, code, `${error.message}`);
    if (text) assert.match(error.api_error.description, text);
}

async function take(iterator, count) {
    const messages = [];
    for await (const message of iterator) {
        messages.push(message);
        if (messages.length === count) break;
    }
    return messages;
}

// ---------------------------------------------------------------------------------------------- core messaging

await check('publish and subscribe with wildcards', async () => {
    const star = nc.subscribe(`${run}.a.*`, { max: 2 });
    const rest = nc.subscribe(`${run}.a.>`, { max: 3 });
    await nc.flush();
    nc.publish(`${run}.a.b`, 'one');
    nc.publish(`${run}.a.b.c`, 'two');
    nc.publish(`${run}.a.d`, 'three');
    assert.deepEqual((await take(star, 2)).map((m) => m.string()), ['one', 'three']);
    assert.deepEqual((await take(rest, 3)).map((m) => m.string()), ['one', 'two', 'three']);
});

await check('queue group: one of each, plain subscriber all', async () => {
    const subject = `${run}.q`;
    const got = [0, 0];
    const members = [0, 1].map((i) => nc.subscribe(subject, { queue: 'workers', callback: () => { got[i]++; } }));
    let all = 0;
    const plain = nc.subscribe(subject, { callback: () => { all++; } });
    await nc.flush();
    for (let i = 0; i < 200; i++) nc.publish(subject, Empty);
    await until('all delivered', async () => { await nc.flush(); return all === 200 && got[0] + got[1] >= 200; });
    assert.equal(got[0] + got[1], 200);
    assert.ok(got[0] > 0 && got[1] > 0, `both members work: ${got}`);
    [...members, plain].forEach((s) => s.unsubscribe());
});

await check('max ends a subscription', async () => {
    let got = 0;
    nc.subscribe(`${run}.max`, { max: 2, callback: () => { got++; } });
    const mark = nc.subscribe(`${run}.max`, { max: 5 });
    await nc.flush();
    for (let i = 0; i < 5; i++) nc.publish(`${run}.max`);
    await take(mark, 5);
    assert.equal(got, 2);
});

await check('request, reply, headers', async () => {
    const service = nc.subscribe(`${run}.echo`, {
        callback: (_, m) => { m.respond(m.data, { headers: m.headers }); },
    });
    const h = headers();
    h.append('k', 'v1');
    h.append('k', 'v2');
    h.set('Mixed-Case', 'x y');
    const answer = await nc.request(`${run}.echo`, 'hi', { headers: h, timeout: TIMEOUT });
    assert.equal(answer.string(), 'hi');
    assert.deepEqual(answer.headers.values('k'), ['v1', 'v2']);
    assert.equal(answer.headers.get('Mixed-Case'), 'x y');
    service.unsubscribe();
});

await check('several answers to one request', async () => {
    const services = [1, 2, 3].map(() => nc.subscribe(`${run}.many`, { callback: (_, m) => { m.respond('x'); } }));
    await nc.flush();
    const answers = await take(await nc.requestMany(`${run}.many`, Empty, { strategy: 'count', maxMessages: 3, maxWait: TIMEOUT }), 3);
    assert.equal(answers.length, 3);
    services.forEach((s) => s.unsubscribe());
});

await check('nobody there: 503 at once', async () => {
    const asked = Date.now();
    const error = await nc.request(`${run}.nobody`, Empty, { timeout: TIMEOUT }).catch((e) => e);
    assert.equal(error.code, ErrorCode.NoResponders);
    assert.ok(Date.now() - asked < 5000);
});

await check('publish to no stream: 503 at once', async () => {
    const error = await js.publish(`${run}.nowhere`, 'x').catch((e) => e);
    assert.equal(error.code, ErrorCode.NoResponders);
});

await check('larger than max payload: refused by the client', async () => {
    assert.ok(nc.info.max_payload >= 65_536);
    assert.throws(() => nc.publish(`${run}.big`, new Uint8Array(nc.info.max_payload + 1)), { code: ErrorCode.MaxPayloadExceeded });
});

await check('a payload of exactly max payload', async () => {
    const sub = nc.subscribe(`${run}.exact`, { max: 1 });
    await nc.flush();
    const data = randomBytes(nc.info.max_payload);
    nc.publish(`${run}.exact`, data);
    const [m] = await take(sub, 1);
    assert.ok(Buffer.compare(Buffer.from(m.data), data) === 0);
});

await check('wrong password', async () => {
    const error = await open({ pass: `${pass}-wrong`, reconnect: false }).catch((e) => e);
    assert.ok(error instanceof NatsError && error.code === ErrorCode.AuthorizationViolation, String(error));
});

await check('drain delivers what is under way', async () => {
    const other = await open();
    let got = 0;
    other.subscribe(`${run}.drain`, { callback: () => { got++; } });
    await other.flush();
    for (let i = 0; i < 100; i++) other.publish(`${run}.drain`);
    await other.drain();
    assert.equal(got, 100);
});

await check('noEcho', async () => {
    const other = await open({ noEcho: true });
    let own = 0;
    other.subscribe(`${run}.noecho`, { callback: () => { own++; } });
    const sub = nc.subscribe(`${run}.noecho`, { max: 1 });
    await nc.flush();
    other.publish(`${run}.noecho`);
    await take(sub, 1);
    await other.flush();
    assert.equal(own, 0);
    await other.close();
});

// ------------------------------------------------------------------------------------------------- streams

await check('account info', async () => {
    const info = await jsm.getAccountInfo();
    assert.ok(info.limits && info.api);
});

await check('stream add, info, update, list, names, find, delete', async () => {
    const name = `${run}_life`;
    const added = await jsm.streams.add({ name, subjects: [`${name}.>`], description: 'first', max_msgs: 100,
        max_age: nanos(3_600_000), storage: StorageType.File, duplicate_window: nanos(60_000) });
    assert.equal(added.config.name, name);
    assert.equal(added.config.retention, RetentionPolicy.Limits);
    assert.equal(added.config.max_msgs, 100);
    assert.equal(added.state.messages, 0);
    await jsm.streams.add({ name, subjects: [`${name}.>`], description: 'first', max_msgs: 100,
        max_age: nanos(3_600_000), storage: StorageType.File, duplicate_window: nanos(60_000) });
    await apiError(jsm.streams.add({ name, subjects: [`${name}.>`], max_msgs: 7 }), 10058);
    await apiError(jsm.streams.add({ name: `${name}_2`, subjects: [`${name}.x`] }), 10065);
    const updated = await jsm.streams.update(name, { description: 'second', max_msgs: 50, subjects: [`${name}.>`, `${name}-b`] });
    assert.equal(updated.config.description, 'second');
    assert.equal(updated.config.max_msgs, 50);
    const info = await jsm.streams.info(name);
    assert.deepEqual(info.config.subjects, [`${name}.>`, `${name}-b`]);
    const names = [];
    for await (const n of jsm.streams.names()) names.push(n);
    assert.ok(names.includes(name));
    const listed = [];
    for await (const s of jsm.streams.list()) listed.push(s.config.name);
    assert.ok(listed.includes(name));
    assert.equal(await jsm.streams.find(`${name}.a.b`), name);
    await assert.rejects(jsm.streams.find(`${run}.no.such`));
    assert.equal(await jsm.streams.delete(name), true);
    await apiError(jsm.streams.info(name), 10059, /stream not found/);
    await apiError(jsm.streams.delete(name), 10059);
});

await check('stream configuration errors', async () => {
    const name = `${run}_bad`;
    await apiError(jsm.streams.add({ name, subjects: [`${name}.a`, `${name}.a`] }), 10052);
    await apiError(jsm.streams.add({ name, subjects: ['$JS.API.>'] }), 10052);
    await apiError(jsm.streams.add({ name, subjects: [`${name}.a`], num_replicas: nodes + 2 }), nodes === 1 ? 10074 : 10005);
    await apiError(jsm.streams.add({ name, subjects: [`${name}.a`], max_age: nanos(1000), duplicate_window: nanos(5000) }), 10052);
    await apiError(jsm.streams.update(`${name}_missing`, {}), 10059);
});

await check('purge: all, by subject, keep, up to a sequence', async () => {
    await withStream({}, async (name) => {
        await fill(name, 12);
        assert.equal((await jsm.streams.purge(name, { filter: `${name}.0` })).purged, 4);
        assert.equal((await jsm.streams.purge(name, { filter: `${name}.1`, keep: 1 })).purged, 3);
        assert.equal((await jsm.streams.purge(name, { seq: 6 })).purged, 1);
        const state = (await jsm.streams.info(name)).state;
        assert.equal(state.messages, 4);
        assert.equal(state.last_seq, 12);
        assert.equal((await jsm.streams.purge(name)).purged, 4);
        const empty = (await jsm.streams.info(name)).state;
        assert.deepEqual([empty.messages, empty.first_seq, empty.last_seq], [0, 13, 12]);
    });
});

await check('getMessage, deleteMessage, direct get', async () => {
    await withStream({ allow_direct: true }, async (name) => {
        await fill(name, 6);
        const h = headers();
        h.set('k', 'v');
        await js.publish(`${name}.h`, 'with headers', { headers: h });
        assert.equal((await jsm.streams.getMessage(name, { seq: 2 })).string(), 'm2');
        const last = await jsm.streams.getMessage(name, { last_by_subj: `${name}.h` });
        assert.deepEqual([last.seq, last.subject, last.header.get('k')], [7, `${name}.h`, 'v']);
        assert.equal((await jsm.streams.getMessage(name, { last_by_subj: `${name}.*` })).seq, 7);
        const direct = await jsm.direct.getMessage(name, { seq: 3 });
        assert.deepEqual([direct.seq, direct.subject, direct.string()], [3, `${name}.2`, 'm3']);
        assert.equal((await jsm.direct.getMessage(name, { last_by_subj: `${name}.1` })).seq, 5);
        assert.equal((await jsm.direct.getMessage(name, { next_by_subj: `${name}.0`, seq: 2 })).seq, 4);
        assert.equal(await jsm.streams.deleteMessage(name, 3), true);
        await apiError(jsm.streams.getMessage(name, { seq: 3 }), 10037, /no message found/);
        await apiError(jsm.streams.deleteMessage(name, 3), 10043);
        const info = await jsm.streams.info(name, { deleted_details: true, subjects_filter: '>' });
        assert.deepEqual([info.state.messages, info.state.num_deleted, info.state.deleted], [6, 1, [3]]);
        assert.equal(info.state.subjects[`${name}.0`], 2);
    });
});

await check('limits: max_msgs, max_msgs_per_subject, discard new, max_msg_size, max_bytes, max_age', async () => {
    await withStream({ max_msgs: 5 }, async (name) => {
        await fill(name, 8);
        const { state } = await jsm.streams.info(name);
        assert.deepEqual([state.messages, state.first_seq, state.last_seq], [5, 4, 8]);
    });
    await withStream({ max_msgs_per_subject: 1 }, async (name) => {
        await fill(name, 9);
        assert.equal((await jsm.streams.info(name)).state.messages, 3);
    });
    await withStream({ max_msgs: 2, discard: DiscardPolicy.New }, async (name) => {
        await fill(name, 2);
        await apiError(js.publish(`${name}.x`, 'x'), 10077, /maximum messages exceeded/);
    });
    await withStream({ max_msg_size: 10 }, async (name) => {
        await apiError(js.publish(`${name}.x`, '0123456789ab'), 10054);
    });
    await withStream({ max_bytes: 1000 }, async (name) => {
        await fill(name, 50);
        const { state } = await jsm.streams.info(name);
        assert.ok(state.bytes <= 1000 && state.messages < 50 && state.last_seq === 50);
    });
    await withStream({ max_age: nanos(1000), duplicate_window: nanos(1000) }, async (name) => {
        await fill(name, 3);
        await until('age limit empties the stream', async () => (await jsm.streams.info(name)).state.messages === 0);
        assert.equal((await jsm.streams.info(name)).state.last_seq, 3);
    });
});

await check('expectations', async () => {
    await withStream({}, async (name) => {
        await js.publish(`${name}.a`, '1', { msgID: 'one', expect: { streamName: name, lastSequence: 0 } });
        await js.publish(`${name}.a`, '2', { msgID: 'two', expect: { lastSequence: 1, lastMsgID: 'one' } });
        await js.publish(`${name}.b`, '3', { expect: { lastSubjectSequence: 0 } });
        await js.publish(`${name}.a`, '4', { msgID: 'four', expect: { lastSubjectSequence: 2 } });
        await apiError(js.publish(`${name}.a`, 'x', { expect: { streamName: 'other' } }), 10060);
        await apiError(js.publish(`${name}.a`, 'x', { expect: { lastSequence: 1 } }), 10071, /wrong last sequence: 4/);
        await apiError(js.publish(`${name}.a`, 'x', { expect: { lastSubjectSequence: 1 } }), 10071, /wrong last sequence: 4/);
        await apiError(js.publish(`${name}.a`, 'x', { expect: { lastMsgID: 'one' } }), 10070, /wrong last msg ID: four/);
        assert.equal((await jsm.streams.info(name)).state.messages, 4);
    });
});

await check('de-duplication by message id', async () => {
    await withStream({ duplicate_window: nanos(60_000) }, async (name) => {
        const first = await js.publish(`${name}.a`, 'x', { msgID: 'id' });
        const second = await js.publish(`${name}.a`, 'x', { msgID: 'id' });
        assert.deepEqual([first.seq, first.duplicate ?? false, second.seq, second.duplicate], [1, false, 1, true]);
        assert.equal((await jsm.streams.info(name)).state.messages, 1);
    });
    await withStream({ duplicate_window: nanos(500) }, async (name) => {
        await js.publish(`${name}.a`, 'x', { msgID: 'id' });
        let attempts = 0;
        await until('the window ends', async () => {
            attempts++;
            return !(await js.publish(`${name}.a`, 'x', { msgID: 'id' })).duplicate;
        });
        assert.ok(attempts > 1);
    });
});

await check('rollup', async () => {
    const rollup = (value) => { const h = headers(); h.set('Nats-Rollup', value); return { headers: h }; };
    await withStream({ allow_rollup_hdrs: true }, async (name) => {
        await fill(name, 9);
        await js.publish(`${name}.0`, 'sum', rollup('sub'));
        assert.equal((await jsm.streams.info(name)).state.messages, 7);
        await js.publish(`${name}.0`, 'sum', rollup('all'));
        const { state } = await jsm.streams.info(name);
        assert.deepEqual([state.messages, state.first_seq, state.last_seq], [1, 11, 11]);
    });
    await withStream({}, async (name) => {
        await apiError(js.publish(`${name}.0`, 'sum', rollup('sub')), 10111);
    });
});

await check('retention interest and workqueue', async () => {
    await withStream({ retention: RetentionPolicy.Interest }, async (name) => {
        const ack = await js.publish(`${name}.a`, 'nobody');
        assert.equal(ack.seq, 1);
        assert.equal((await jsm.streams.info(name)).state.messages, 0);
        await jsm.consumers.add(name, { durable_name: 'c', ack_policy: AckPolicy.Explicit });
        await js.publish(`${name}.a`, 'kept');
        assert.equal((await jsm.streams.info(name)).state.messages, 1);
        const m = await (await js.consumers.get(name, 'c')).next({ expires: 10_000 });
        await m.ackAck();
        await until('acknowledged, so removed', async () => (await jsm.streams.info(name)).state.messages === 0);
    });
    await withStream({ retention: RetentionPolicy.Workqueue }, async (name) => {
        await fill(name, 3);
        await jsm.consumers.add(name, { durable_name: 'c', ack_policy: AckPolicy.Explicit });
        await apiError(jsm.consumers.add(name, { durable_name: 'd', ack_policy: AckPolicy.Explicit }), 10099);
        const m = await (await js.consumers.get(name, 'c')).next({ expires: 10_000 });
        await m.ackAck();
        await until('one is gone', async () => (await jsm.streams.info(name)).state.messages === 2);
    });
});

// ------------------------------------------------------------------------------------------------- consumers

await check('consumer add, info, update, list, names, delete', async () => {
    await withStream({}, async (name) => {
        await fill(name, 3);
        const added = await jsm.consumers.add(name, { durable_name: 'd1', ack_policy: AckPolicy.Explicit, ack_wait: nanos(5000),
            max_deliver: 4, filter_subject: `${name}.1` });
        assert.deepEqual([added.name, added.num_pending, added.config.max_deliver], ['d1', 1, 4]);
        const updated = await jsm.consumers.update(name, 'd1', { max_deliver: 5, ack_wait: nanos(7000), description: 'changed' });
        assert.deepEqual([updated.config.max_deliver, updated.config.ack_wait, updated.config.description],
            [5, nanos(7000), 'changed']);
        assert.equal((await jsm.consumers.info(name, 'd1')).config.max_deliver, 5);
        await jsm.consumers.add(name, { durable_name: 'd2', ack_policy: AckPolicy.Explicit });
        const listed = [];
        for await (const c of jsm.consumers.list(name)) listed.push(c.name);
        assert.deepEqual(listed.sort(), ['d1', 'd2']);
        assert.equal((await jsm.streams.info(name)).state.consumer_count, 2);
        assert.equal(await jsm.consumers.delete(name, 'd1'), true);
        await apiError(jsm.consumers.info(name, 'd1'), 10014, /consumer not found/);
        await apiError(jsm.consumers.delete(name, 'd1'), 10014);
        await apiError(jsm.consumers.info(`${name}_none`, 'd1'), 10059, /stream not found/);
    });
});

await check('pull: next, fetch, consume', async () => {
    await withStream({}, async (name) => {
        await fill(name, 150);
        await jsm.consumers.add(name, { durable_name: 'c', ack_policy: AckPolicy.Explicit });
        const c = await js.consumers.get(name, 'c');
        const first = await c.next({ expires: 10_000 });
        assert.deepEqual([first.seq, first.info.redeliveryCount, first.info.pending], [1, 1, 149]);
        assert.equal(first.info.deliverySequence, 1);
        assert.ok(await first.ackAck());
        const fetched = [];
        for await (const m of await c.fetch({ max_messages: 9, expires: 10_000 })) { m.ack(); fetched.push(m.seq); }
        assert.deepEqual(fetched, [2, 3, 4, 5, 6, 7, 8, 9, 10]);
        const seen = [];
        const messages = await c.consume({ max_messages: 20 });
        for await (const m of messages) {
            seen.push(m.seq);
            m.ack();
            if (m.seq === 150) break;
        }
        messages.stop();
        assert.deepEqual(seen, Array.from({ length: 140 }, (_, i) => i + 11));
        await until('all acknowledged', async () => {
            const i = await c.info();
            return i.num_pending === 0 && i.num_ack_pending === 0 && i.ack_floor.stream_seq === 150;
        });
    });
});

await check('empty next and fetch end in time', async () => {
    await withStream({}, async (name) => {
        await jsm.consumers.add(name, { durable_name: 'c', ack_policy: AckPolicy.Explicit });
        const c = await js.consumers.get(name, 'c');
        const asked = Date.now();
        assert.equal(await c.next({ expires: 1000 }), null);
        for await (const m of await c.fetch({ max_messages: 5, expires: 1000 })) assert.fail(`message ${m.seq}`);
        assert.ok(Date.now() - asked < 10_000);
        const none = await js.pull(name, 'c').catch((e) => e);
        assert.equal(none.code, ErrorCode.JetStream404NoMessages);
    });
});

await check('a waiting fetch gets what arrives', async () => {
    await withStream({}, async (name) => {
        await jsm.consumers.add(name, { durable_name: 'c', ack_policy: AckPolicy.Explicit });
        const c = await js.consumers.get(name, 'c');
        const waiting = c.next({ expires: 20_000 });
        await until('the pull waits', async () => (await c.info()).num_waiting === 1);
        await js.publish(`${name}.x`, 'late');
        assert.equal((await waiting).string(), 'late');
    });
});

await check('nak, delayed nak, working, term, ack wait, max deliver', async () => {
    await withStream({}, async (name) => {
        await fill(name, 1);
        await jsm.consumers.add(name, { durable_name: 'c', ack_policy: AckPolicy.Explicit, ack_wait: nanos(1000), max_deliver: 3 });
        const advisories = nc.subscribe(`$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.${name}.c`, { max: 1 });
        const c = await js.consumers.get(name, 'c');
        const next = async () => {
            const end = Date.now() + TIMEOUT;
            for (;;) {
                const m = await c.next({ expires: 3000 });
                if (m || Date.now() > end) return m;
            }
        };
        const one = await next();
        one.nak();
        const again = await next();
        assert.deepEqual([again.seq, again.info.redeliveryCount, again.redelivered], [1, 2, true]);
        await again.ackAck();
        await js.publish(`${name}.x`, 'm2');
        const two = await next();
        assert.equal(two.seq, 2);
        const asked = Date.now();
        two.nak(1500);
        await js.publish(`${name}.x`, 'm3');
        await js.publish(`${name}.x`, 'm4');
        const three = await next();
        assert.equal(three.seq, 3);
        three.term();
        const four = await next();
        assert.equal(four.seq, 4);
        await four.ackAck();
        const back = await next();
        assert.equal(back.seq, 2);
        assert.ok(Date.now() - asked >= 1400, 'delay kept');
        const third = await next();
        assert.deepEqual([third.seq, third.info.redeliveryCount], [2, 3], 'ack wait passed');
        assert.equal(await c.next({ expires: 2500 }), null, 'max deliver reached, term and acks hold');
        const [advisory] = await take(advisories, 1);
        const event = advisory.json();
        assert.deepEqual([event.stream, event.consumer, event.stream_seq, event.deliveries], [name, 'c', 2, 3]);
        assert.equal(event.type, 'io.nats.jetstream.advisory.v1.max_deliver');
    });
});

await check('in progress keeps the message', async () => {
    await withStream({}, async (name) => {
        await fill(name, 1);
        await jsm.consumers.add(name, { durable_name: 'c', ack_policy: AckPolicy.Explicit, ack_wait: nanos(2000) });
        const c = await js.consumers.get(name, 'c');
        const m = await c.next({ expires: 10_000 });
        const beat = setInterval(() => m.working(), 200);
        assert.equal(await c.next({ expires: 4500 }), null);
        clearInterval(beat);
        assert.ok(await m.ackAck());
    });
});

await check('max ack pending holds new messages back', async () => {
    await withStream({}, async (name) => {
        await fill(name, 5);
        await jsm.consumers.add(name, { durable_name: 'c', ack_policy: AckPolicy.Explicit, max_ack_pending: 2 });
        const c = await js.consumers.get(name, 'c');
        const got = [];
        for await (const m of await c.fetch({ max_messages: 5, expires: 1500 })) got.push(m);
        assert.deepEqual(got.map((m) => m.seq), [1, 2]);
        const info = await c.info();
        assert.deepEqual([info.num_ack_pending, info.num_pending], [2, 3]);
        await got[0].ackAck();
        assert.equal((await c.next({ expires: 10_000 })).seq, 3);
    });
});

await check('deliver policies and filters', async () => {
    await withStream({}, async (name) => {
        await fill(name, 9);
        const firstOf = async (config) => {
            const ci = await jsm.consumers.add(name, { ack_policy: AckPolicy.Explicit, name: `p${nextName++}`, ...config });
            const m = await (await js.consumers.get(name, ci.name)).next({ expires: 1000 });
            await jsm.consumers.delete(name, ci.name);
            return [ci.num_pending, m?.seq ?? null];
        };
        assert.deepEqual(await firstOf({ deliver_policy: DeliverPolicy.All }), [9, 1]);
        assert.deepEqual(await firstOf({ deliver_policy: DeliverPolicy.Last }), [1, 9]);
        assert.deepEqual(await firstOf({ deliver_policy: DeliverPolicy.New }), [0, null]);
        assert.deepEqual(await firstOf({ deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: 4 }), [6, 4]);
        assert.deepEqual(await firstOf({ deliver_policy: DeliverPolicy.LastPerSubject, filter_subject: `${name}.>` }), [3, 7]);
        assert.deepEqual(await firstOf({ deliver_policy: DeliverPolicy.All, filter_subject: `${name}.2` }), [3, 3]);
        const time = (await jsm.streams.getMessage(name, { seq: 5 })).time.toISOString();
        const [, seq] = await firstOf({ deliver_policy: DeliverPolicy.StartTime, opt_start_time: time });
        // toISOString cuts to milliseconds, so messages of the same millisecond come too, and none from before it
        const millisecond = Date.parse(time);
        const stored = async (s) => (await jsm.streams.getMessage(name, { seq: s })).time.getTime();
        assert.ok(seq <= 5 && await stored(seq) >= millisecond, `start time ${seq}`);
        if (seq > 1) assert.ok(await stored(seq - 1) < millisecond, `start time ${seq}`);
        await apiError(jsm.consumers.add(name, { durable_name: 'x', deliver_policy: DeliverPolicy.All, opt_start_seq: 3,
            ack_policy: AckPolicy.Explicit }), 10094);
    });
});

await check('ordered consumer', async () => {
    await withStream({}, async (name) => {
        await fill(name, 60);
        const c = await js.consumers.get(name);
        const seen = [];
        const messages = await c.consume({ max_messages: 25 });
        for await (const m of messages) {
            seen.push(m.seq);
            if (m.info.pending === 0) break;
        }
        messages.stop();
        assert.deepEqual(seen, Array.from({ length: 60 }, (_, i) => i + 1));
        const filtered = await js.consumers.get(name, { filterSubjects: `${name}.1` });
        const seqs = [];
        for await (const m of await filtered.fetch({ max_messages: 5, expires: 5000 })) seqs.push(m.seq);
        assert.deepEqual(seqs, [2, 5, 8, 11, 14]);
    });
});

await check('push with heartbeats and flow control', async () => {
    await withStream({}, async (name) => {
        const opts = consumerOpts();
        opts.deliverTo(createInbox());
        opts.ackNone();
        opts.deliverAll();
        opts.idleHeartbeat(500);
        opts.flowControl();
        const sub = await js.subscribe(`${name}.>`, opts);
        const block = randomBytes(64 * 1024);
        const count = 128;
        const publishing = (async () => {
            for (let i = 0; i < count; i++) await js.publish(`${name}.blob`, block);
        })();
        const seen = [];
        for await (const m of sub) {
            seen.push(m.seq);
            assert.equal(m.data.length, block.length);
            if (seen.length === count) break;
        }
        await publishing;
        assert.deepEqual(seen, Array.from({ length: count }, (_, i) => i + 1));
        await jsm.streams.info(name);
    });
});

await check('idle heartbeats come', async () => {
    await withStream({}, async (name) => {
        const inbox = createInbox();
        const beats = nc.subscribe(inbox, { max: 2 });
        await nc.flush();
        await jsm.consumers.add(name, { deliver_subject: inbox, ack_policy: AckPolicy.None, idle_heartbeat: nanos(300) });
        for (const m of await take(beats, 2)) {
            assert.deepEqual([m.headers.code, m.headers.description], [100, 'Idle Heartbeat']);
            assert.equal(m.headers.get('Nats-Last-Consumer'), '0');
        }
    });
});

await check('ordered push', async () => {
    await withStream({}, async (name) => {
        await fill(name, 30);
        const opts = consumerOpts();
        opts.orderedConsumer();
        const seen = (await take(await js.subscribe(`${name}.>`, opts), 30)).map((m) => m.seq);
        assert.deepEqual(seen, Array.from({ length: 30 }, (_, i) => i + 1));
    });
});

await check('push queue', async () => {
    await withStream({}, async (name) => {
        const seen = [[], []];
        const members = [];
        for (const i of [0, 1]) {
            const opts = consumerOpts();
            opts.durable('workers');
            opts.queue('workers');
            opts.deliverTo(`${run}.deliver.workers`);
            opts.manualAck();
            opts.ackExplicit();
            opts.callback((err, m) => {
                if (err) return;
                if (m) { seen[i].push(m.seq); m.ack(); }
            });
            members.push(await js.subscribe(`${name}.>`, opts));
        }
        await fill(name, 100);
        await until('all delivered', () => seen[0].length + seen[1].length >= 100);
        assert.deepEqual([...seen[0], ...seen[1]].sort((a, b) => a - b), Array.from({ length: 100 }, (_, i) => i + 1));
        assert.ok(seen[0].length > 0 && seen[1].length > 0);
        await until('acknowledged', async () => (await jsm.consumers.info(name, 'workers')).num_ack_pending === 0);
    });
});

await check('durable push goes on where it was', async () => {
    await withStream({}, async (name) => {
        await fill(name, 10);
        const part = async (other, count) => {
            const opts = consumerOpts();
            opts.durable('mover');
            opts.deliverTo(createInbox());
            opts.manualAck();
            opts.ackExplicit();
            const sub = await other.jetstream({ timeout: TIMEOUT }).subscribe(`${name}.>`, opts);
            const seen = [];
            for await (const m of sub) {
                if (seen.length === count) break;
                seen.push(m.seq);
                await m.ackAck();
                if (seen.length === count) break;
            }
            return seen;
        };
        const first = await open();
        assert.deepEqual(await part(first, 10), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        await first.close();
        await until('nobody is bound', async () => !(await jsm.consumers.info(name, 'mover')).push_bound);
        await fill(name, 3);
        const second = await open();
        assert.deepEqual(await part(second, 3), [11, 12, 13]);
        await second.close();
    });
});

await check('headers only', async () => {
    await withStream({}, async (name) => {
        await fill(name, 1);
        await jsm.consumers.add(name, { durable_name: 'c', ack_policy: AckPolicy.Explicit, headers_only: true });
        const m = await (await js.consumers.get(name, 'c')).next({ expires: 10_000 });
        assert.deepEqual([m.data.length, m.headers.get('Nats-Msg-Size')], [0, '2']);
    });
});

// --------------------------------------------------------------------------------------------- key-value, objects

await check('key-value store', async () => {
    const kv = await js.views.kv(`${run}-kv`, { history: 5 });
    assert.equal(await kv.get('a'), null);
    assert.equal(await kv.put('a', '1'), 1);
    assert.equal(await kv.create('b.c', 'x'), 2);
    await assert.rejects(kv.create('b.c', 'y'));
    assert.equal(await kv.update('a', '2', 1), 3);
    await apiError(kv.update('a', '3', 1), 10071);
    assert.equal((await kv.get('a')).string(), '2');
    assert.equal((await kv.get('a', { revision: 1 })).string(), '1');
    await kv.delete('b.c');
    const gone = await kv.get('b.c');
    assert.equal(gone.operation, 'DEL');
    assert.ok(await kv.create('b.c', 'again') > 4, 'create after delete');
    const history = [];
    for await (const e of await kv.history({ key: 'a' })) history.push(e.string());
    assert.deepEqual(history, ['1', '2']);
    await kv.purge('a');
    assert.equal((await kv.get('a')).operation, 'PURGE');
    await kv.put('d', 'last');
    const keys = [];
    for await (const k of await kv.keys()) keys.push(k);
    assert.deepEqual(keys.sort(), ['b.c', 'd']);
    const watch = await kv.watch();
    await kv.put('e', 'new');
    const seen = [];
    for await (const e of watch) {
        seen.push(e.key);
        if (e.key === 'e') break;
    }
    assert.deepEqual([...new Set(seen)].sort(), ['a', 'b.c', 'd', 'e']);
    const status = await kv.status();
    assert.equal(status.history, 5);
    assert.ok(await kv.destroy());
    await apiError(jsm.streams.info(`KV_${run}-kv`), 10059);
});

await check('object store', async () => {
    const os = await js.views.os(`${run}-os`);
    const data = randomBytes(700_000);
    const blob = (bytes) => new ReadableStream({ start(c) { c.enqueue(new Uint8Array(bytes)); c.close(); } });
    const info = await os.put({ name: 'file.bin', description: 'a file' }, blob(data));
    assert.deepEqual([info.size, info.name], [700_000, 'file.bin']);
    const result = await os.get('file.bin');
    const parts = [];
    for await (const part of result.data) parts.push(Buffer.from(part));
    assert.equal(await result.error ?? null, null);
    assert.equal(Buffer.compare(Buffer.concat(parts), data), 0);
    await os.putBlob({ name: 'small' }, Buffer.from('tiny'));
    assert.equal(Buffer.from(await os.getBlob('small')).toString(), 'tiny');
    assert.deepEqual((await os.list()).map((i) => i.name).sort(), ['file.bin', 'small']);
    await os.putBlob({ name: 'small' }, Buffer.from('other'));
    assert.equal(Buffer.from(await os.getBlob('small')).toString(), 'other');
    const link = await os.link('short', await os.info('small'));
    assert.equal(link.name, 'short');
    assert.equal(Buffer.from(await os.getBlob('short')).toString(), 'other');
    await os.delete('file.bin');
    assert.equal(await os.get('file.bin'), null);
    assert.ok((await os.status()).size < 100_000, 'chunks are gone');
    const sealed = await os.seal();
    assert.ok(sealed.sealed);
    await assert.rejects(os.putBlob({ name: 'late' }, Buffer.from('x')));
    assert.ok(await os.destroy());
});

await nc.close();
console.log(JSON.stringify({ ok: failed.length === 0, passed: passed.length, failed }));
process.exit(failed.length === 0 ? 0 : 1);
