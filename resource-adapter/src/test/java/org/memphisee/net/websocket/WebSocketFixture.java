package org.memphisee.net.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

import org.junit.jupiter.api.AfterEach;
import org.memphisee.net.FanOutBroker;
import org.memphisee.net.NetCounters;
import org.memphisee.net.NetSettings;
import org.memphisee.net.WebSocketSettings;
import org.memphisee.net.listen.ClientListener;
import org.memphisee.net.listen.ListenException;
import org.memphisee.support.Await;
import org.memphisee.wire.WireSettings;

/** A WebSocket listener over a broker of the test, and the compression that clients do themselves. */
abstract class WebSocketFixture {

    static final WireSettings PATIENT = new WireSettings(4096, 60_000, 600_000, 600_000, 2);
    static final NetSettings SETTINGS = NetSettings.DEFAULTS.withAddress("127.0.0.1", 0).withWire(PATIENT)
            .withWebSocket(WebSocketSettings.on(0));
    static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";

    final NetCounters counters = new NetCounters();
    final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    final List<ClientListener> listeners = new ArrayList<>();
    FanOutBroker broker = new FanOutBroker(false);
    final ThreadFactory factory = task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
    };

    final int listen(NetSettings settings) throws ListenException {
        ClientListener listener = ClientListener.open(broker, settings, counters, factory);
        listeners.add(listener);
        return listener.webSocketPort().orElseThrow();
    }

    static NetSettings compressing() {
        return SETTINGS.withWebSocket(WebSocketSettings.on(0).withCompression(true));
    }

    @AfterEach
    void leavesNothingBehind() {
        listeners.forEach(ClientListener::close);
        Await.until("threads end", () -> threads.stream().noneMatch(Thread::isAlive));
        assertEquals(0, counters.connections());
        assertTrue(broker.sessions.isEmpty());
    }

    static byte[] deflate(byte[] bytes) {
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(bytes);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        byte[] piece = new byte[64 << 10];
        int count = deflater.deflate(piece, 0, piece.length, Deflater.SYNC_FLUSH);
        while (count > 0) {
            packed.write(piece, 0, count);
            count = deflater.deflate(piece, 0, piece.length, Deflater.SYNC_FLUSH);
        }
        deflater.end();
        byte[] all = packed.toByteArray();
        return java.util.Arrays.copyOf(all, all.length - 4); // RFC 7692, 7.2.1
    }

    static byte[] inflate(byte[] packed) throws Exception {
        Inflater inflater = new Inflater(true);
        inflater.setInput(ByteBuffer.allocate(packed.length + 4).put(packed).put(new byte[] {0, 0, -1, -1}).array());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] piece = new byte[8192];
        int count = inflater.inflate(piece);
        while (count > 0) {
            bytes.write(piece, 0, count);
            count = inflater.inflate(piece);
        }
        inflater.end();
        return bytes.toByteArray();
    }
}
