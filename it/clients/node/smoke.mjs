// One round trip by the Memphis SDK and one by nats.js JetStream:  node smoke.mjs HOST PORT
// For a quick "does it serve"; the wide programs are memphis-walk.mjs and nats-js.mjs.
import { createRequire } from 'node:module';
import assert from 'node:assert/strict';

const require = createRequire(import.meta.url);
const { memphis } = require('memphis-dev');
const { connect, AckPolicy } = require('nats');

const [host = '127.0.0.1', port = '6666'] = process.argv.slice(2);
const username = process.env.MEMPHIS_USER ?? 'root';
const password = process.env.MEMPHIS_PASSWORD ?? 'memphis';
const name = `smoke-${process.pid}-${Date.now()}`;

async function bySdk() {
    await memphis.connect({ host, port: Number(port), username, password, timeoutMs: 15_000, suppressLogs: true });
    const station = await memphis.station({ name, partitionsNumber: 1 });
    const producer = await memphis.producer({ stationName: name, producerName: 'p' });
    const consumer = await memphis.consumer({ stationName: name, consumerName: 'c' });
    await producer.produce({ message: Buffer.from('hello'), asyncProduce: false });
    const [message] = await consumer.fetch({ batchSize: 1 });
    assert.equal(message.getData().toString(), 'hello');
    message.ack();
    await consumer.destroy();
    await producer.destroy();
    await station.destroy();
    await memphis.close();
}

async function byNats() {
    const nc = await connect({ servers: `${host}:${port}`, user: username, pass: password, timeout: 15_000 });
    const jsm = await nc.jetstreamManager({ timeout: 15_000 });
    await jsm.streams.add({ name, subjects: [`${name}.>`] });
    const ack = await nc.jetstream().publish(`${name}.a`, 'hello');
    assert.equal(ack.seq, 1);
    await jsm.consumers.add(name, { durable_name: 'c', ack_policy: AckPolicy.Explicit });
    const message = await (await nc.jetstream().consumers.get(name, 'c')).next({ expires: 15_000 });
    assert.equal(message.string(), 'hello');
    assert.ok(await message.ackAck());
    await jsm.streams.delete(name);
    await nc.close();
}

const watchdog = setTimeout(() => {
    console.error('smoke: no round trip within 60 s');
    process.exit(2);
}, 60_000);
try {
    await bySdk();
    await byNats();
    clearTimeout(watchdog);
    console.log(JSON.stringify({ ok: true, sdk: 'memphis-dev', jetstream: 'nats.js' }));
    process.exit(0);
} catch (error) {
    console.error(error);
    process.exit(1);
}
