// A walk through the Memphis SDK for Node, and nothing but it. Run by NodeClientsIT in phases, because the broker is
// restarted between them:
//
//   node memphis-walk.mjs first     HOST PORT STATE_FILE   station, producer, group of two, half of the messages
//   node memphis-walk.mjs second    HOST PORT STATE_FILE   the rest, nack, delay, redelivery, everything destroyed twice
//   node memphis-walk.mjs reconnect HOST PORT              prints READY, waits for a line on stdin, goes on
//   node memphis-walk.mjs schemas   HOST PORT              schemas in four languages, by the SDK and past it
//
// Prints one JSON line with what was counted; exits with 1 at the first mismatch.
import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import assert from 'node:assert/strict';

const require = createRequire(import.meta.url);
const { memphis } = require('memphis-dev');
const { connect: connectNats } = require('nats');

const [phase, host, portText, stateFile] = process.argv.slice(2);
const port = Number(portText);
const username = process.env.MEMPHIS_USER ?? 'root';
const password = process.env.MEMPHIS_PASSWORD ?? 'memphis';

const STATION = 'Walk.Station-1';
const GROUP = 'Walk.Group';
const SYNC = 20;
const ASYNC = 200;
const TOTAL = SYNC + ASYNC + 1;
const WAIT_MS = 60_000;

const counts = { phase };

async function connectTo(client, secret = password) {
    return client.connect({ host, port, username, password: secret, reconnect: true, maxReconnect: -1,
        reconnectIntervalMs: 1500, timeoutMs: 15_000, suppressLogs: true });
}

const deadline = () => Date.now() + WAIT_MS;
const tick = () => new Promise((resolve) => setTimeout(resolve, 20));

async function until(what, condition) {
    const end = deadline();
    while (!await condition()) {
        if (Date.now() > end) throw new Error(`not within ${WAIT_MS} ms: ${what}`);
        await tick();
    }
}

/** The number of a message, whatever it was sent as. */
const numberOf = (message) => Number(/\d+/.exec(message.getData().toString())[0]);

const member = (name, extra = {}) => memphis.consumer({ stationName: STATION, consumerName: name, consumerGroup: GROUP,
    pullIntervalMs: 50, batchSize: 10, batchMaxTimeToWaitMs: 1000, maxAckTimeMs: 30_000, maxMsgDeliveries: 5, ...extra });

/** Consumes by event until `enough()`; the fetch that runs meanwhile is waited for, so no delivery is left hanging. */
async function consumeByEvent(consumer, seen, enough) {
    let running = 0;
    const fetch = consumer.fetch.bind(consumer);
    consumer.fetch = async (options) => {
        running++;
        try {
            return await fetch(options);
        } finally {
            running--;
        }
    };
    const errors = [];
    consumer.on('message', (message) => {
        seen.push(numberOf(message));
        message.ack();
    });
    consumer.on('error', (error) => errors.push(error));
    await until('messages by event', enough);
    consumer.stop();
    await until('last fetch ends', () => running === 0);
    await tick();
    assert.deepEqual(errors, []);
}

async function consumeByFetch(consumer, seen, enough) {
    await until('messages by fetch', async () => {
        for (const message of await consumer.fetch({ batchSize: 10 })) {
            seen.push(numberOf(message));
            message.ack();
        }
        return enough();
    });
}

async function firstPhase() {
    const stranger = new memphis.constructor();
    await assert.rejects(connectTo(stranger, `${password}-wrong`), /Authorization Violation/);

    await connectTo(memphis);
    await memphis.station({ name: STATION, partitionsNumber: 2, idempotencyWindowMs: 120_000 });
    const station = await memphis.station({ name: STATION, partitionsNumber: 2 });
    assert.ok(station, 'an existing station is no error');
    const producer = await memphis.producer({ stationName: STATION, producerName: 'Prod-A' });

    for (let i = 0; i < SYNC; i++) {
        const headers = memphis.headers();
        headers.add('number', String(i));
        headers.add('colour', 'blue');
        await producer.produce({ message: Buffer.from(`sync-${i}`), headers, msgId: `walk-${i}`, asyncProduce: false,
            producerPartitionNumber: 1 });
    }
    for (let i = 0; i < SYNC && !process.env.WALK_NO_MSG_ID; i++) {
        await producer.produce({ message: Buffer.from(`sync-${i}`), msgId: `walk-${i}`, asyncProduce: false,
            producerPartitionNumber: 1 + i % 2 }); // an id is stored once in all partitions
    }
    for (let i = SYNC; i < SYNC + ASYNC; i++) {
        await producer.produce({ message: Buffer.from(`async-${i}`), asyncProduce: true });
    }
    await producer.produce({ message: { number: TOTAL - 1, kind: 'object' }, asyncProduce: false });

    const one = await member('Member-1');
    const two = await member('Member-2');
    const byEvent = [];
    const byFetch = [];
    await consumeByEvent(one, byEvent, () => byEvent.length >= 50);
    await consumeByFetch(two, byFetch, () => byFetch.length >= 50);

    counts.produced = TOTAL;
    counts.byEvent = byEvent.length;
    counts.byFetch = byFetch.length;
    const consumed = [...byEvent, ...byFetch];
    assert.equal(new Set(consumed).size, consumed.length, 'members of a group share, nothing comes twice');
    assert.ok(consumed.length < TOTAL, 'some messages are left for the second phase');
    writeFileSync(stateFile, JSON.stringify({ consumed }));
    await memphis.close();
}

async function secondPhase() {
    const before = JSON.parse(readFileSync(stateFile, 'utf8')).consumed;
    await connectTo(memphis);
    // Before the members: this SDK uses a name with capitals as it is unless a producer told it the partitions.
    const producer = await memphis.producer({ stationName: STATION, producerName: 'Prod-A' });
    const one = await member('Member-1');
    const two = await member('Member-2');
    const first = [];
    const second = [];
    const left = TOTAL - before.length;
    const done = () => first.length + second.length >= left;
    await Promise.all([consumeByEvent(one, first, done), consumeByFetch(two, second, done)]);
    const all = [...before, ...first, ...second].sort((a, b) => a - b);
    assert.deepEqual(all, Array.from({ length: TOTAL }, (_, i) => i), 'every message once, over the restart');
    counts.afterRestart = first.length + second.length;

    await redelivery(producer);
    await destroyTwice(producer, [one, two]);
    await memphis.close();
}

async function redelivery(producer) {
    const group = await memphis.consumer({ stationName: STATION, consumerName: 'nack-member', consumerGroup: 'Nack.Group',
        batchMaxTimeToWaitMs: 1000, maxAckTimeMs: 30_000, maxMsgDeliveries: 5, lastMessages: 0 });
    const short = await memphis.consumer({ stationName: STATION, consumerName: 'short-member', consumerGroup: 'Short.Group',
        batchMaxTimeToWaitMs: 1000, maxAckTimeMs: 1000, maxMsgDeliveries: 2, lastMessages: 0 });
    const headers = memphis.headers();
    headers.add('number', '7000');
    await producer.produce({ message: Buffer.from('nack-7000'), headers, asyncProduce: false, producerPartitionNumber: 2 });

    const next = async (consumer, batchSize = 1) => {
        let batch = [];
        await until('a delivery', async () => {
            batch = await consumer.fetch({ batchSize, consumerPartitionNumber: 2 });
            return batch.length > 0;
        });
        assert.equal(batch.length, 1);
        return batch[0];
    };

    const delivered = await next(group);
    assert.equal(numberOf(delivered), 7000);
    assert.equal(delivered.getHeaders().number, '7000', 'headers come back');
    assert.ok(Math.abs(delivered.getTimeSent().getTime() - Date.now()) < 300_000, 'store time');
    delivered.nack();
    const again = await next(group);
    assert.equal(again.getSequenceNumber(), delivered.getSequenceNumber());
    const delayed = Date.now();
    again.delay(1500);
    const third = await next(group);
    counts.delayedMs = Date.now() - delayed;
    assert.ok(counts.delayedMs >= 1400, `delay(1500) came back after ${counts.delayedMs} ms`);
    assert.equal(third.getSequenceNumber(), delivered.getSequenceNumber());
    third.ack();
    assert.deepEqual(await group.fetch({ batchSize: 1, consumerPartitionNumber: 2 }), [], 'acknowledged, so it stays away');

    // Never acknowledged: comes as often as the group allows and then no more.
    const sequence = (await next(short)).getSequenceNumber();
    assert.equal((await next(short)).getSequenceNumber(), sequence, 'ack time passed, so it comes again');
    for (let i = 0; i < 3; i++) {
        assert.deepEqual(await short.fetch({ batchSize: 1, consumerPartitionNumber: 2 }), [], 'two deliveries are the limit');
    }
    counts.redeliveries = 3;
    for (const consumer of [group, short]) {
        await consumer.destroy();
        await consumer.destroy();
    }
}

async function destroyTwice(producer, consumers) {
    for (const consumer of consumers) {
        await consumer.destroy();
        await consumer.destroy();
    }
    const station = await memphis.station({ name: STATION, partitionsNumber: 2 });
    await station.destroy();
    const asked = Date.now();
    await assert.rejects(producer.produce({ message: Buffer.from('late-1'), asyncProduce: false, producerPartitionNumber: 1 }),
        /Produce operation has failed|503/);
    assert.ok(Date.now() - asked < 5000, 'a missing station is said at once, not by a time-out');
    await producer.destroy();
    await producer.destroy();
    await station.destroy();
    counts.destroyed = true;
}

async function reconnectPhase() {
    const name = `Reconnect.${Date.now()}`;
    await connectTo(memphis);
    const station = await memphis.station({ name, partitionsNumber: 1 });
    const producer = await memphis.producer({ stationName: name, producerName: 'p' });
    const consumer = await memphis.consumer({ stationName: name, consumerName: 'c', consumerGroup: 'g' });
    await producer.produce({ message: Buffer.from('before-1'), asyncProduce: false });
    console.log('READY');
    const lines = createInterface({ input: process.stdin });
    await new Promise((resolve) => lines.once('line', resolve));
    lines.close();

    let attempts = 0;
    await until('produce after the restart', async () => {
        attempts++;
        try {
            await producer.produce({ message: Buffer.from('after-2'), msgId: 'after-2', asyncProduce: false, ackWaitSec: 3 });
            return true;
        } catch {
            return false;
        }
    });
    const seen = [];
    await consumeByFetch(consumer, seen, () => seen.length >= 2);
    assert.deepEqual([...seen].sort(), [1, 2]);
    counts.attempts = attempts;
    await consumer.destroy();
    await producer.destroy();
    await station.destroy();
    await memphis.close();
}

/** Schemas in the four languages; the second client has no schema of its own to refuse with, so the broker must. */
async function schemasPhase() {
    await connectTo(memphis);
    const directory = mkdtempSync(join(tmpdir(), 'schemas-'));
    const station = await memphis.station({ name: 'Walk.Schemas', partitionsNumber: 1 });
    const producer = await memphis.producer({ stationName: 'Walk.Schemas', producerName: 'p' });
    const bare = await connectNats({ servers: `${host}:${port}`, user: username, pass: password });
    const cases = [
        ['json', '{"type":"object","required":["a"]}', { a: 1 }, { b: 1 }],
        ['avro', '{"type":"record","name":"A","fields":[{"name":"a","type":"int"}]}', { a: 1 }, { a: 'x' }],
        ['graphql', 'type Query { a: Int }', 'query { a }', 'query { b }'],
        ['protobuf', 'syntax = "proto3"; message A { string a = 1; }', Buffer.from([0x0a, 1, 0x78]), Buffer.from([0x0a, 9])],
    ];
    let stored = 0;
    for (const [type, content, good, bad] of cases) {
        const file = join(directory, type);
        writeFileSync(file, content);
        const name = `walk-${type}`;
        await memphis.createSchema({ schemaName: name, schemaType: type, schemaFilePath: file });
        await memphis.createSchema({ schemaName: name, schemaType: type, schemaFilePath: file });
        await memphis.enforceSchema({ name, stationName: 'Walk.Schemas' });
        await until(`the update for ${type}`, () => memphis.stationSchemaDataMap.get('walk#schemas')?.['schema_name'] === name);
        // The SDK compiles protobuf in the background, from a file, and sends nothing instead of the message until then.
        await until('protobuf to be compiled', () => type !== 'protobuf' || memphis.meassageDescriptors.has('walk#schemas'));
        await producer.produce({ message: good, asyncProduce: false });
        stored++;
        await assert.rejects(producer.produce({ message: bad, asyncProduce: false }), /[Ss]chema/, `the SDK refuses: ${type}`);
        const raw = Buffer.isBuffer(bad) ? bad : Buffer.from(typeof bad === 'string' ? bad : JSON.stringify(bad));
        const answer = await bare.request('walk#schemas$1.final', raw, { timeout: 10_000 });
        assert.match(new TextDecoder().decode(answer.data), /Schema validation has failed/, `the broker refuses: ${type}`);
    }
    await memphis.detachSchema({ stationName: 'Walk.Schemas' });
    await until('the update without schema', () => !memphis.stationSchemaDataMap.get('walk#schemas')?.['schema_name']);
    await producer.produce({ message: Buffer.from('anything'), asyncProduce: false });
    const after = await bare.request('walk#schemas$1.final', 'anything', { timeout: 10_000 });
    assert.equal(JSON.parse(new TextDecoder().decode(after.data)).seq, stored + 2, 'what was refused has no place');
    counts.schemas = cases.length;
    await bare.close();
    await station.destroy();
    await memphis.close();
}

const phases = { first: firstPhase, second: secondPhase, reconnect: reconnectPhase, schemas: schemasPhase };
const started = Date.now();
try {
    assert.ok(phases[phase], `unknown phase ${phase}`);
    await phases[phase]();
    counts.ms = Date.now() - started;
    console.log(JSON.stringify({ ok: true, ...counts }));
    process.exit(0);
} catch (error) {
    console.log(JSON.stringify({ ok: false, ...counts, error: String(error?.message ?? error) }));
    console.error(error);
    process.exit(1);
}
