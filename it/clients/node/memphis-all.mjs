// Every public method of the Memphis SDK for Node, and every option that the broker sees. Run by NodeClientsIT:
//
//   node memphis-all.mjs HOST PORT
//
// What the SDK has is taken from its classes, not from a list: the program fails when it left one out. Prints one JSON line; exits
// with 1 at the first mismatch.
import { createRequire } from 'node:module';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import assert from 'node:assert/strict';

const require = createRequire(import.meta.url);
const sdk = require('memphis-dev');
const { memphis, Consumer, Message, MsgHeaders, Producer, Station, MemphisServer, MemphisConsume } = sdk;

const [host, portText] = process.argv.slice(2);
const username = process.env.MEMPHIS_USER ?? 'root';
const password = process.env.MEMPHIS_PASSWORD ?? 'memphis';
const options = { host, port: Number(portText), username, password, timeoutMs: 15_000, suppressLogs: true };
const WAIT_MS = 60_000;
const PLAIN = 'all.plain';
const OTHER = 'all.other';
const CHECKED = 'all.checked';

/** Marked private in the SDK's own types. */
const PRIVATE = ['getCachedProducer', 'setCachedProducer', 'getCachedConsumer', 'setCachedConsumer', 'log'];
const called = new Set();
const all = [];
for (const [name, type] of Object.entries({ Memphis: memphis.constructor, Consumer, Message, MsgHeaders, Producer, Station })) {
    for (const method of Object.getOwnPropertyNames(type.prototype)) {
        if (method === 'constructor' || method.startsWith('_') || PRIVATE.includes(method)) continue;
        all.push(`${name}.${method}`);
        const original = type.prototype[method];
        type.prototype[method] = function (...args) {
            called.add(`${name}.${method}`);
            return original.apply(this, args);
        };
    }
}
assert.ok(all.length > 30, `methods are found: ${all}`);

async function until(what, question) {
    const end = Date.now() + WAIT_MS;
    for (;;) {
        const found = await question();
        if (found) return found;
        if (Date.now() > end) throw new Error(`not within ${WAIT_MS} ms: ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}

const next = (consumer, extra = {}) => until('a message', async () => (await consumer.fetch({ batchSize: 1, ...extra }))[0]);
const text = (message) => message.getData().toString();

async function stations() {
    const made = [
        { name: PLAIN, partitionsNumber: 3, retentionType: memphis.retentionTypes.MESSAGES, retentionValue: 1000, replicas: 1,
            storageType: memphis.storageTypes.DISK, idempotencyWindowMs: 60_000, sendPoisonMsgToDls: true,
            sendSchemaFailedMsgToDls: true, tieredStorageEnabled: false, timeoutRetry: 2 },
        { name: OTHER, partitionsNumber: 1, retentionType: memphis.retentionTypes.BYTES, retentionValue: 1 << 20,
            storageType: memphis.storageTypes.MEMORY, dlsStation: 'all.dead' },
        { name: CHECKED, partitionsNumber: 1, retentionType: memphis.retentionTypes.ACK_BASED, retentionValue: 0 },
    ];
    const stations = [];
    for (const one of made) stations.push(await memphis.station(one));
    stations.push(await memphis.station({ name: 'all.dead', partitionsNumber: 1 })); // made with the one that names it
    assert.ok(memphis.isConnected());
    return stations;
}

/** To a partition by number, by key, in turn; to several stations; without an object for the producer; in every form of headers. */
async function producing() {
    const producer = await memphis.producer({ stationName: PLAIN, producerName: 'All.Producer', timeoutRetry: 2 });
    const headers = memphis.headers();
    headers.add('colour', 'blue');
    assert.throws(() => headers.add('$memphis_x', 'y'), /memphis/);
    await producer.produce({ message: Buffer.from('number'), headers, producerPartitionNumber: 2, asyncProduce: false, ackWaitSec: 10 });
    await producer.produce({ message: 'text', headers: { colour: 'red' }, producerPartitionNumber: 2, asyncProduce: false });
    await producer.produce({ message: { an: 'object' }, producerPartitionNumber: 2, asyncProduce: false });
    const key = ['a', 'b', 'c', 'd', 'e', 'f'].find((one) => memphis._getPartitionFromKey(one, 'all#plain') === 1);
    await producer.produce({ message: Buffer.from('key'), producerPartitionKey: key, asyncProduce: false });
    await assert.rejects(producer.produce({ message: Buffer.from('x'), producerPartitionNumber: 9, asyncProduce: false }), /artition/);
    await memphis.produce({ stationName: PLAIN, producerName: 'All.Loose', message: Buffer.from('loose'), asyncProduce: false,
        producerPartitionNumber: 3, msgId: 'once' });
    await memphis.produce({ stationName: PLAIN, producerName: 'All.Loose', message: Buffer.from('loose'), asyncProduce: false,
        producerPartitionNumber: 3, msgId: 'once' });
    const both = await memphis.producer({ stationName: [OTHER, 'all.dead'], producerName: 'all.both' });
    await both.produce({ message: Buffer.from('both'), asyncProduce: false });
    await memphis.produce({ stationName: [OTHER, 'all.dead'], producerName: 'all.both2', message: Buffer.from('both2'), asyncProduce: false });
    return [producer, both];
}

async function consuming() {
    const fetched = await memphis.fetchMessages({ stationName: PLAIN, consumerName: 'all.fetch', consumerGroup: 'all.fetchers', batchSize: 10,
        maxAckTimeMs: 30_000, batchMaxTimeToWaitMs: 1000, maxMsgDeliveries: 5, consumerPartitionNumber: 2 });
    assert.deepEqual(fetched.map(text), ['number', 'text', '{"an":"object"}']);
    assert.deepEqual(fetched.map((m) => m.getSequenceNumber()), [1, 2, 3]);
    assert.deepEqual(fetched.map((m) => m.getHeaders().colour), ['blue', 'red', undefined]);
    assert.deepEqual(fetched[2].getDataAsJson(), { an: 'object' });
    assert.equal(fetched[0].getDataDeserialized().toString(), 'number', 'as it is without a schema');
    assert.ok(Math.abs(fetched[0].getTimeSent().getTime() - Date.now()) < 300_000);
    fetched.forEach((m) => m.ack());
    await assert.rejects(memphis.fetchMessages({ stationName: PLAIN, consumerName: 'all.fetch', batchSize: 5001 }), /Batch size/);
    await assert.rejects(memphis.consumer({ stationName: PLAIN, consumerName: 'x', startConsumeFromSequence: 2, lastMessages: 1 }),
        /both startConsumeFromSequence and lastMessages/);

    const later = await memphis.consumer({ stationName: PLAIN, consumerName: 'all.later', startConsumeFromSequence: 3, timeoutRetry: 2 });
    assert.equal(text(await next(later, { consumerPartitionNumber: 2 })), '{"an":"object"}');
    const last = await memphis.consumer({ stationName: PLAIN, consumerName: 'all.last', lastMessages: 2, maxMsgDeliveries: 5 });
    assert.equal(text(await next(last, { consumerPartitionNumber: 2 })), 'text');
    const keyed = await memphis.consumer({ stationName: PLAIN, consumerName: 'all.keyed', genUniqueSuffix: true });
    const loose = await next(keyed, { consumerPartitionNumber: 3 });
    assert.equal(text(loose), 'loose');
    assert.equal(loose.getSequenceNumber(), 1);
    loose.nack();
    const again = await next(keyed, { consumerPartitionNumber: 3 });
    assert.equal(again.getSequenceNumber(), 1);
    again.delay(100);
    const third = await until('it comes no third time: two deliveries', async () =>
        (await keyed.fetch({ batchSize: 1, consumerPartitionNumber: 3 })).length === 0);
    assert.ok(third);
    assert.deepEqual(await keyed.fetch({ batchSize: 1, consumerPartitionNumber: 3 }), [], 'the same id is stored once');

    const events = await memphis.consumer({ stationName: OTHER, consumerName: 'all.events', pullIntervalMs: 50, batchSize: 5 });
    events.setContext({ mine: 7 });
    const seen = [];
    events.on('error', (error) => seen.push(error));
    events.on('message', (message, context) => {
        seen.push([text(message), context.mine]);
        message.ack();
    });
    await until('messages by event', () => seen.length >= 2);
    events.stop();
    assert.deepEqual(seen, [['both', 7], ['both2', 7]]);
    const dead = await memphis.consumer({ stationName: 'all.dead', consumerName: 'all.undertaker' });
    assert.equal(text(await next(dead)), 'both');
    return [later, last, keyed, events, dead];
}

async function schemas() {
    const file = join(mkdtempSync(join(tmpdir(), 'all-')), 'schema');
    writeFileSync(file, '{"type":"object","required":["a"]}');
    await memphis.createSchema({ schemaName: 'all-json', schemaType: 'json', schemaFilePath: file, timeoutRetry: 2 });
    await memphis.attachSchema({ name: 'all-json', stationName: CHECKED });
    const producer = await memphis.producer({ stationName: CHECKED, producerName: 'all.checked' });
    const consumer = await memphis.consumer({ stationName: CHECKED, consumerName: 'all.reader' });
    await producer.produce({ message: { a: 1 }, asyncProduce: false });
    await assert.rejects(producer.produce({ message: { b: 1 }, asyncProduce: false }), /[Ss]chema/);
    const message = await next(consumer);
    assert.deepEqual(message.getDataDeserialized(), { a: 1 });
    message.deadLetter('not wanted');
    await memphis.enforceSchema({ name: 'all-json', stationName: CHECKED, timeoutRetry: 2 });
    await memphis.detachSchema({ stationName: CHECKED, timeoutRetry: 2 });
    await until('the update without schema', () => !memphis.stationSchemaDataMap.get('all#checked')?.schema_name);
    await producer.produce({ message: Buffer.from('anything'), asyncProduce: false });
    memphis.sendNotification('title', 'message', 'code', 'schema_validation_fail_alert');
    const answer = await memphis.request('$memphis_schema_attachments', memphis.JSONC.encode({ name: 'none', station_name: CHECKED }), 1);
    assert.match(Buffer.from(answer.data).toString(), /Schema none does not exist/);
    return [producer, consumer];
}

/** The transport for NestJS is the same SDK. */
async function nest() {
    const seen = [];
    const server = new MemphisServer(options);
    const where = JSON.stringify({ stationName: PLAIN, consumerName: 'all.nest', pullIntervalMs: 50 });
    server.messageHandlers.set(where, (message) => {
        seen.push(text(message));
        message.ack?.();
    });
    await server.listen(() => {});
    await until('messages by NestJS', () => seen.length >= 5);
    assert.deepEqual([...seen].sort(), ['key', 'loose', 'number', 'text', '{"an":"object"}']);
    assert.equal(typeof MemphisConsume({ stationName: PLAIN, consumerName: 'x' }), 'function');
    server.close();
}

const started = Date.now();
try {
    assert.equal(await memphis.connect(options), memphis);
    const made = await stations();
    const ends = [...await producing(), ...await consuming(), ...await schemas()];
    for (const end of ends) await end.destroy(2);
    for (const station of made) await station.destroy(2);
    await memphis.close();
    assert.equal(memphis.isConnected(), false);
    await assert.rejects(memphis.producer({ stationName: PLAIN, producerName: 'late' }), /dead/);

    await memphis.connect(options);
    const station = await memphis.station({ name: PLAIN, partitionsNumber: 3 });
    const [producer] = await producing();
    await memphis.close();
    await nest();
    await memphis.connect(options);
    for (const name of [PLAIN, OTHER, 'all.dead']) await (await memphis.station({ name, partitionsNumber: 1 })).destroy();
    assert.ok(station && producer);
    await memphis.close();

    assert.deepEqual(all.filter((method) => !called.has(method)), [], 'methods that were left out');
    console.log(JSON.stringify({ ok: true, methods: all.length, ms: Date.now() - started }));
    process.exit(0);
} catch (error) {
    console.log(JSON.stringify({ ok: false, error: String(error?.message ?? error) }));
    console.error(error);
    process.exit(1);
}
