// nats.js over TLS: one round trip.   node tls.mjs HOST PORT CA [CERT KEY] [first]
// "first" begins with the handshake instead of waiting for INFO.
import { createRequire } from 'node:module';
import assert from 'node:assert/strict';

const { connect } = createRequire(import.meta.url)('nats');
const first = process.argv.at(-1) === 'first';
const [host, port, caFile, certFile, keyFile] = process.argv.slice(2, first ? -1 : undefined);
const watchdog = setTimeout(() => {
    console.error('tls: no round trip within 60 s');
    process.exit(2);
}, 60_000);
try {
    const tls = { caFile, handshakeFirst: first, ...(certFile ? { certFile, keyFile } : {}) };
    const nc = await connect({
        servers: `${host}:${port}`, user: process.env.MEMPHIS_USER ?? 'root', pass: process.env.MEMPHIS_PASSWORD ?? 'memphis',
        timeout: 15_000, tls,
    });
    const name = `tls-${process.pid}-${Date.now()}`;
    const jsm = await nc.jetstreamManager({ timeout: 15_000 });
    await jsm.streams.add({ name, subjects: [`${name}.>`] });
    assert.equal((await nc.jetstream().publish(`${name}.a`, 'hello')).seq, 1);
    await jsm.streams.delete(name);
    await nc.close();
    clearTimeout(watchdog);
    console.log(JSON.stringify({ ok: true, first, certificate: Boolean(certFile) }));
    process.exit(0);
} catch (error) {
    console.error(error);
    process.exit(1);
}
