// The two published WebSocket clients, unchanged, with one round trip of each kind:
//   node web-socket.mjs URL [EXTENSIONS]      e.g. ws://127.0.0.1:7770 permessage-deflate
// EXTENSIONS is what the server must have agreed to, nothing by default. For wss, NODE_EXTRA_CA_CERTS names the CA.
import { createRequire } from 'node:module';
import assert from 'node:assert/strict';
import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { wsconnect } from '@nats-io/nats-core';

const require = createRequire(import.meta.url);
const [url = 'ws://127.0.0.1:7770', extensions = ''] = process.argv.slice(2);
const user = process.env.MEMPHIS_USER ?? 'root';
const pass = process.env.MEMPHIS_PASSWORD ?? 'memphis';
const MESSAGES = 2_000;
const sockets = [];
globalThis.WebSocket = class extends require('ws').WebSocket { // Node has none of its own before version 22
    constructor(...options) {
        super(...options);
        sockets.push(this);
    }
};
const natsWs = require('nats.ws');

async function roundTrips(library, nc, js, jsm) {
    const name = `ws-${library.replace('.', '')}-${process.pid}-${Date.now()}`;
    await jsm.streams.add({ name, subjects: [`${name}.>`] });
    const publishing = [];
    for (let i = 0; i < MESSAGES; i++) {
        publishing.push(js.publish(`${name}.a`, JSON.stringify({ i, text: 'x'.repeat(i % 700) })));
    }
    const acks = await Promise.all(publishing);
    assert.deepEqual(acks.map((ack) => ack.seq), acks.map((_, i) => i + 1));
    await jsm.consumers.add(name, { durable_name: 'c', ack_policy: AckPolicy.Explicit });
    let next = 0;
    for await (const message of await (await js.consumers.get(name, 'c')).consume({ max_messages: 500 })) {
        assert.equal(message.json().i, next);
        message.ack();
        if (++next === MESSAGES) break;
    }
    const large = new Uint8Array(1024 * 1024 - 100).map((_, i) => (i * 7919) >> 5);
    nc.subscribe(`${name}-echo`, { callback: (_, request) => request.respond(request.data) });
    const answer = await nc.request(`${name}-echo`, large, { timeout: 15_000 });
    assert.deepEqual(answer.data, large);
    await assert.rejects(nc.request(`${name}-nobody`, '', { timeout: 15_000 }), /503|no responders/i);
    await jsm.streams.delete(name);
    assert.equal(sockets.at(-1).extensions, extensions);
    await nc.close();
}

const watchdog = setTimeout(() => {
    console.error('web-socket: not done within 90 s');
    process.exit(2);
}, 90_000);
try {
    const options = { servers: url, user, pass, timeout: 15_000 };
    const old = await natsWs.connect(options);
    await roundTrips('nats.ws', old, old.jetstream({ timeout: 15_000 }), await old.jetstreamManager({ timeout: 15_000 }));
    const core = await wsconnect(options);
    await roundTrips('nats-core', core, jetstream(core, { timeout: 15_000 }),
        await jetstreamManager(core, { timeout: 15_000 }));
    await assert.rejects(wsconnect({ ...options, pass: 'wrong', reconnect: false }), /authorization/i);
    clearTimeout(watchdog);
    console.log(JSON.stringify({ ok: true, clients: ['nats.ws', '@nats-io/nats-core'], extensions }));
    process.exit(0);
} catch (error) {
    console.error(error);
    process.exit(1);
}
