// Dead letters through the Memphis SDK for Node and the management API. Run by NodeClientsIT:
//
//   node memphis-letters.mjs HOST PORT DASHBOARD_PORT
//
// A member dead-letters a message; people see why; the dead-letter station has a copy; it is sent again to the group that gave it up,
// which acknowledges it. Then the station says that this is done by itself, and it is; the audit has who did what. Prints one JSON
// line; exits with 1 at the first mismatch.
import { createRequire } from 'node:module';
import assert from 'node:assert/strict';

const { memphis } = createRequire(import.meta.url)('memphis-dev');

const [host, portText, dashboard] = process.argv.slice(2);
const username = process.env.MEMPHIS_USER ?? 'root';
const password = process.env.MEMPHIS_PASSWORD ?? 'memphis';
const STATION = 'letters.station';
const DEAD = 'letters.dead';
const GROUP = 'letters.group';
const WAIT_MS = 60_000;

let token = '';

async function api(method, path, body) {
    const answer = await fetch(`http://${host}:${dashboard}/api/${path}`, { method,
        headers: { 'Content-Type': 'application/json', ...token && { Authorization: `Bearer ${token}` } },
        ...body && { body: JSON.stringify(body) } });
    const text = await answer.text();
    assert.equal(answer.status, 200, `${method} ${path}: ${text}`);
    return JSON.parse(text);
}

async function until(what, question) {
    const end = Date.now() + WAIT_MS;
    for (;;) {
        const found = await question();
        if (found) return found;
        if (Date.now() > end) throw new Error(`not within ${WAIT_MS} ms: ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

const letters = async () => (await api('GET', `v2/dead-letters?station_name=${STATION}`)).messages;
const next = (consumer) => until('a message', async () => (await consumer.fetch({ batchSize: 1 }))[0]);

token = (await api('POST', 'usermgmt/login', { username, password })).jwt;
await memphis.connect({ host, port: Number(portText), username, password, timeoutMs: 15_000, suppressLogs: true });
await memphis.station({ name: STATION, partitionsNumber: 1, sendPoisonMsgToDls: true, dlsStation: DEAD });
const producer = await memphis.producer({ stationName: STATION, producerName: 'letters-producer' });
const headers = memphis.headers();
headers.add('colour', 'blue');
await producer.produce({ message: Buffer.from('seven'), headers, asyncProduce: false });
const consumer = await memphis.consumer({ stationName: STATION, consumerName: 'letters-member', consumerGroup: GROUP,
    batchMaxTimeToWaitMs: 1000, maxAckTimeMs: 30_000, maxMsgDeliveries: 2 });
(await next(consumer)).deadLetter('no good');

const letter = await until('the dead letter and its reason', async () => (await letters()).find((l) => l.validation_error === 'no good'));
assert.equal(Buffer.from(letter.message.data, 'hex').toString(), 'seven');
assert.equal(letter.message.headers.colour, 'blue');
assert.deepEqual(letter.groups, [GROUP]);
const journey = await api('GET', `stations/getPoisonMessageJourney?message_id=${letter.id}`);
assert.equal(journey.producer.name, 'letters-producer');
assert.equal(journey.poisoned_cgs[0].cg_name, GROUP);
assert.equal(journey.poisoned_cgs[0].listening, true, 'the SDK listens for messages that come again');

const undertaker = await memphis.consumer({ stationName: DEAD, consumerName: 'letters-undertaker', batchMaxTimeToWaitMs: 1000 });
const copy = await next(undertaker);
assert.equal(copy.getData().toString(), 'seven');
assert.equal(copy.getHeaders().station, STATION);
assert.equal(copy.getHeaders().type, 'unacked');
copy.ack();

await api('POST', 'stations/resendPoisonMessages', { station_name: STATION, poison_message_ids: [letter.id] });
const again = await next(consumer);
assert.equal(again.getData().toString(), 'seven');
again.ack();
await until('the letter is gone', async () => (await letters()).length === 0);

const retry = { station_name: STATION, delays_sec: [1], maximum: 3 };
await api('PUT', 'v2/dead-letters/retry', retry);
assert.deepEqual(await api('GET', `v2/dead-letters/retry?station_name=${STATION}`), retry);
await producer.produce({ message: Buffer.from('eight'), asyncProduce: false });
(await next(consumer)).deadLetter('not yet');
const waiting = await until('the second dead letter', async () => (await letters())[0]);
const waits = (await api('GET', `stations/getPoisonMessageJourney?message_id=${waiting.id}`)).poisoned_cgs[0];
assert.equal(waits.again, 'by_itself');
const byItself = await next(consumer);
assert.equal(byItself.getData().toString(), 'eight');
byItself.ack();
await until('the second letter is gone', async () => (await letters()).length === 0);
const audit = (await api('GET', `v2/audit?kind=station&object=${STATION}`));
const actions = JSON.stringify(audit);
for (const action of ['dead_letters_resent', 'dead_letter_retry_set']) assert.ok(actions.includes(`"action":"${action}"`), actions);

const overview = await api('GET', `monitoring/getStationOverviewData?station_name=${STATION}&partition_number=-1`);
assert.equal(overview.total_dls_messages, 0);
await memphis.close();
for (const name of [STATION, DEAD]) await api('DELETE', 'stations/removeStation', { station_names: [name] });
console.log(JSON.stringify({ ok: true, letter: letter.id }));
process.exit(0);
