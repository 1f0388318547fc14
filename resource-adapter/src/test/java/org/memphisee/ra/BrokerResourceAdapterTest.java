package org.memphisee.ra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.util.OptionalInt;
import java.util.function.Consumer;

import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ResourceAdapterInternalException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memphisee.net.ListenException;
import org.memphisee.port.AuthOutcome;
import org.memphisee.port.BrokerPort;
import org.memphisee.port.ConnectOptions;
import org.memphisee.port.DeliverySink;
import org.memphisee.port.PublishRequest;
import org.memphisee.port.ServerIdentity;
import org.memphisee.port.SessionInfo;
import org.memphisee.port.SessionPort;
import org.memphisee.port.Verdict;

class BrokerResourceAdapterTest {

    private final BrokerResourceAdapter adapter = new BrokerResourceAdapter();
    private final RaControlObject control = new RaControlObject();
    private final BrokerPort broker = new SilentBroker();

    private static final class SilentBroker implements BrokerPort, SessionPort {
        @Override
        public ServerIdentity identity() {
            return new ServerIdentity("S", "memphis-0", "2.10.7", 1024, false);
        }

        @Override
        public SessionPort open(SessionInfo info, DeliverySink sink) {
            return this;
        }

        @Override
        public void authenticate(ConnectOptions options, Consumer<AuthOutcome> whenDone) {
            whenDone.accept(new AuthOutcome.Accepted());
        }

        @Override
        public Verdict publish(PublishRequest request) {
            return Verdict.ACCEPTED;
        }

        @Override
        public Verdict subscribe(byte[] subject, byte[] queue, byte[] sid) {
            return Verdict.ACCEPTED;
        }

        @Override
        public void unsubscribe(byte[] sid, long maxDeliveries) { }

        @Override
        public void readComplete() { }

        @Override
        public void close() { }
    }

    @BeforeEach
    void associate() throws ResourceException {
        adapter.setPort(0);
        control.setResourceAdapter(adapter);
    }

    @AfterEach
    void stop() {
        adapter.stop();
    }

    private static boolean connects(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.getInputStream().read() == 'I';
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void shouldListenFromRegisterToUnregister() throws Exception {
        adapter.start(null);
        assertEquals(OptionalInt.empty(), control.boundPort());
        control.register(broker);
        int port = control.boundPort().orElseThrow();
        assertTrue(connects(port));
        assertEquals(1, control.counters().totalConnections());
        control.unregister();
        control.unregister();
        assertEquals(OptionalInt.empty(), control.boundPort());
        assertTrue(!connects(port));
        control.register(broker);
        assertTrue(connects(control.boundPort().orElseThrow()));
    }

    @Test
    void shouldCloseTheListenerOfABrokerThatNeverUnregistered() throws Exception {
        adapter.start(null);
        control.register(broker);
        int port = control.boundPort().orElseThrow();
        Thread container = new Thread(() -> {
            Thread.currentThread().interrupt();
            adapter.stop();
        });
        container.start();
        container.join();
        assertTrue(!connects(port));
        assertThrows(IllegalStateException.class, () -> control.register(broker));
    }

    @Test
    void shouldNameThePortThatIsInUseAndAllowAnotherTry() throws Exception {
        ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        try (other) {
            adapter.setPort(other.getLocalPort());
            adapter.start(null);
            ListenException e = assertThrows(ListenException.class, () -> control.register(broker));
            assertTrue(e.portInUse());
            assertEquals(other.getLocalPort(), e.port());
            assertEquals("127.0.0.1", e.host());
        }
        control.register(broker);
        assertEquals(other.getLocalPort(), control.boundPort().orElseThrow());
    }

    @Test
    void shouldBindNothingWithoutAListener() throws Exception {
        adapter.setListen(false);
        adapter.start(null);
        control.register(broker);
        assertEquals(OptionalInt.empty(), control.boundPort());
        assertThrows(IllegalStateException.class, () -> control.register(broker));
        control.unregister();
        control.register(broker);
    }

    @Test
    void shouldTakeOneBrokerOnly() throws Exception {
        assertThrows(IllegalStateException.class, () -> control.register(broker));
        adapter.start(null);
        control.register(broker);
        assertThrows(IllegalStateException.class, () -> control.register(broker));
    }

    @Test
    void shouldCheckItsPropertiesWhenItStarts() {
        adapter.setMaxConnections(0);
        ResourceAdapterInternalException e =
                assertThrows(ResourceAdapterInternalException.class, () -> adapter.start(null));
        assertTrue(e.getMessage().contains("maxConnections"), e.getMessage());
    }

    @Test
    void shouldSayThatItActivatesNoEndpoints() throws Exception {
        adapter.start(null);
        NotSupportedException e =
                assertThrows(NotSupportedException.class, () -> adapter.endpointActivation(null, null));
        assertTrue(e.getMessage().contains("message-driven"), e.getMessage());
        assertEquals(0, adapter.getXAResources(new jakarta.resource.spi.ActivationSpec[0]).length);
    }

    @Test
    void shouldNeedItsOwnAdapter() {
        assertSame(adapter, control.getResourceAdapter());
        assertThrows(ResourceException.class, () -> control.setResourceAdapter(null));
        assertThrows(IllegalStateException.class, () -> new RaControlObject().unregister());
    }
}
