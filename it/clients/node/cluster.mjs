// Clients that go on while nodes of a cluster are killed and come back, by nats.js and by the Memphis SDK:
//
//   node cluster.mjs HOST PORT PORT PORT
//   node cluster.mjs - HOST:PORT HOST:PORT HOST:PORT
//
// Publishes with message ids, one at a time, each again until it is acknowledged, and consumes what came. Prints READY when
// both have passed something, goes on until a line comes on stdin, then consumes the rest and looks at what is stored: each
// message once, each consumed. The SDK knows the first node only, as its users do; it learns of the others from that one.
// Prints one JSON line with what was counted; exits with 1 when something was lost or is there twice.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import assert from 'node:assert/strict';

const require = createRequire(import.meta.url);
const { memphis } = require('memphis-dev');
const { connect, AckPolicy } = require('nats');

const [host, ...ports] = process.argv.slice(2);
const addresses = ports.map((port) => (port.includes(':') ? port : `${host}:${port}`));
const username = process.env.MEMPHIS_USER ?? 'root';
const password = process.env.MEMPHIS_PASSWORD ?? 'memphis';
const LIMIT_MS = 60_000;
const PAUSE_MS = 20;

let stopped = false;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function again(what, action) {
    const end = Date.now() + LIMIT_MS;
    let failures = 0;
    for (;;) {
        try {
            return { result: await action(), failures };
        } catch (error) {
            failures++;
            if (Date.now() > end) throw new Error(`not within ${LIMIT_MS} ms: ${what}: ${error}`, { cause: error });
            await pause(50);
        }
    }
}

async function until(what, condition) {
    const end = Date.now() + LIMIT_MS;
    while (!condition()) {
        if (Date.now() > end) throw new Error(`not within ${LIMIT_MS} ms: ${what()}`);
        await pause(20);
    }
}

/** What is published and what is consumed, by number. */
function ledger() {
    return { published: 0, again: 0, longestMs: 0, seen: new Map() };
}

async function publishAll(name, book, send) {
    while (!stopped) {
        const n = book.published + 1;
        const begin = Date.now();
        const { failures } = await again(`${name} publishes ${n}`, () => send(n));
        book.longestMs = Math.max(book.longestMs, Date.now() - begin);
        book.again += failures;
        book.published = n;
        await pause(PAUSE_MS);
    }
}

const heard = (book, text) => book.seen.set(text, (book.seen.get(text) ?? 0) + 1);

function missing(book) {
    const all = [];
    for (let n = 1; n <= book.published; n++) if (!book.seen.has(String(n))) all.push(n);
    return all;
}

async function byNats(book) {
    const nc = await connect({ servers: addresses, user: username, pass: password,
        maxReconnectAttempts: -1, reconnectTimeWait: 100, timeout: 15_000 });
    const jsm = await nc.jetstreamManager({ timeout: 15_000 });
    await jsm.streams.add({ name: 'going', subjects: ['going.>'], num_replicas: 3 });
    await jsm.consumers.add('going', { durable_name: 'c', ack_policy: AckPolicy.Explicit, ack_wait: 5_000_000_000 });
    const js = nc.jetstream({ timeout: 6_000 });
    let done = false;
    const consuming = (async () => {
        while (!done) {
            try {
                const consumer = await js.consumers.get('going', 'c');
                while (!done) {
                    const message = await consumer.next({ expires: 2_000 });
                    if (message) {
                        heard(book, message.string()); // the answer to an acknowledgement may be lost, and it counts all the same
                        await message.ackAck();
                    }
                }
            } catch {
                await pause(50); // no node answers for a moment
            }
        }
    })();
    await publishAll('nats.js', book, (n) => js.publish('going.a', String(n), { msgID: `n-${n}` }));
    await until(() => `nats.js consumes ${missing(book)}`, () => missing(book).length === 0);
    done = true;
    await consuming;
    const { result } = await again('the state of the stream', () => jsm.streams.info('going'));
    assert.equal(result.state.messages, book.published, 'nats.js: each message is stored once');
    await nc.close();
}

async function bySdk(book) {
    const [first, port] = addresses[0].split(':');
    await memphis.connect({ host: first, port: Number(port), username, password, reconnect: true, maxReconnect: -1,
        reconnectIntervalMs: 200, timeoutMs: 6_000, suppressLogs: true });
    await memphis.station({ name: 'going-on', partitionsNumber: 2, replicas: 3 });
    const producer = await memphis.producer({ stationName: 'going-on', producerName: 'p' });
    const consumer = await memphis.consumer({ stationName: 'going-on', consumerName: 'c', consumerGroup: 'g', pullIntervalMs: 50,
        batchSize: 10, batchMaxTimeToWaitMs: 1_000, maxAckTimeMs: 5_000, maxMsgDeliveries: 100 });
    let done = false;
    const consuming = (async () => {
        while (!done) {
            try {
                for (const message of await consumer.fetch({ batchSize: 10 }) ?? []) {
                    message.ack();
                    heard(book, message.getData().toString());
                }
            } catch {
                await pause(50);
            }
        }
    })();
    await publishAll('the SDK', book, (n) => producer.produce({ message: Buffer.from(String(n)), asyncProduce: false,
        msgId: `m-${n}` }));
    await until(() => `the SDK consumes ${missing(book)}`, () => missing(book).length === 0);
    done = true;
    await consuming;
    await memphis.close();
}

const books = { nats: ledger(), sdk: ledger() };
createInterface({ input: process.stdin }).once('line', () => {
    stopped = true;
});
try {
    const going = Promise.all([byNats(books.nats), bySdk(books.sdk)]);
    const ready = until(() => `something passes: ${JSON.stringify(books)}`,
        () => books.nats.seen.size > 0 && books.sdk.seen.size > 0).then(() => console.log('READY'));
    await Promise.all([going, ready]);
    const counted = Object.fromEntries(Object.entries(books).map(([who, book]) => [who, { published: book.published,
        again: book.again, longestMs: book.longestMs, twice: [...book.seen.values()].filter((times) => times > 1).length }]));
    console.log(JSON.stringify({ ok: true, ...counted }));
    process.exit(0);
} catch (error) {
    console.error(error);
    process.exit(1);
}
