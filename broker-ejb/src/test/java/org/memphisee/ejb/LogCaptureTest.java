package org.memphisee.ejb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

import org.junit.jupiter.api.Test;

import org.memphisee.core.Broker;
import org.memphisee.core.BrokerEvents;
import org.memphisee.core.BrokerOptions;
import org.memphisee.core.control.ControlSettings;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.observe.ServerLog.Line;
import org.memphisee.core.observe.ServerLog.Type;
import org.memphisee.store.memory.MemoryLogStore;
import org.memphisee.support.Await;

class LogCaptureTest {

    private final List<String> happened = new CopyOnWriteArrayList<>();

    @Test
    void shouldTellLinesForOperatorsFromThoseOfTheInsides() {
        assertEquals(Type.INFO, LogCapture.type(Level.INFO, "MEE0008: Ready after 3 s"));
        assertEquals(Type.WARN, LogCapture.type(Level.WARNING, "MEE0402: A configured signing secret"));
        assertEquals(Type.ERR, LogCapture.type(Level.SEVERE, "MEE0007: The broker did not start"));
        assertEquals(Type.SYS, LogCapture.type(Level.SEVERE, "request to $JS.API.INFO failed"));
    }

    private static List<Line> lines(Broker broker, String source) {
        return broker.serverLog().find("root", EnumSet.allOf(Type.class), source, -1).orTimeout(10, TimeUnit.SECONDS).join();
    }

    /** F-240: people filter by it. */
    @Test
    void shouldKeepWhatTheGatewaySaysUnderItsName() throws Exception {
        ControlSettings control = ControlSettings.of("Secret-1x", ControlSettings.AuthMode.USER_PASSWORD, "", "memphis-0")
            .withPasswordIterations(1_000);
        Broker broker = Broker.open(new BrokerOptions("memphis-0", 1 << 20, 1, 32 << 20, 8 << 20, 32 << 20, 100_000_000, 1_000_000, 0, 0, false,
            control), new MemoryLogStore(MemoryLogStore.Disk.FORGETS), Thread::new, new Events());
        LogCapture capture = LogCapture.begin(broker.serverLog());
        try {
            Logger.getLogger("org.memphisee.gateway.rest.Refusals").log(Level.SEVERE, "a request failed", new IllegalStateException("why"));
            Logger.getLogger("org.memphisee.net.http.HttpConnection").warning("a connection");
            Logger.getLogger("org.memphisee.gateway.metrics.Selection").warning("MEE0001: of the exporter");
            Await.until("three lines", () -> lines(broker, "").size() == 3);
            assertEquals(List.of("WARN a connection", "ERR a request failed (java.lang.IllegalStateException: why)"),
                lines(broker, "rest-gateway").stream().map(line -> line.type() + " " + line.data()).toList());
            assertEquals(List.of("MEE0001: of the exporter"), lines(broker, "memphis-0").stream().map(Line::data).toList());
        } finally {
            capture.close();
            broker.close();
        }
        assertEquals(List.of(), happened);
    }

    private final class Events implements BrokerEvents {
        @Override
        public void storageFull(boolean full) { }

        @Override
        public void partitionFrozen(String stream, StoreException cause) {
            happened.add(stream + ": " + cause);
        }

        @Override
        public void unexpected(String where, Throwable cause) {
            happened.add(where + ": " + cause);
        }
    }
}
