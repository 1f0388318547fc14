package org.memphisee.ra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.ServerSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.util.OptionalInt;
import java.util.function.Consumer;

import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.ResourceAdapterInternalException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memphisee.net.NetSettings;
import org.memphisee.net.listen.ListenException;
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
    private final NetSettings anyPort = NetSettings.DEFAULTS.withAddress("127.0.0.1", 0);

    /** Lends nothing: no test here needs a thread of it. */
    private final BootstrapContext container = (BootstrapContext) Proxy.newProxyInstance(
            BootstrapContext.class.getClassLoader(), new Class<?>[] {BootstrapContext.class}, (proxy, method, arguments) -> null);

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
        adapter.start(container);
        assertEquals(OptionalInt.empty(), control.boundPort());
        control.register(broker, anyPort);
        int port = control.boundPort().orElseThrow();
        assertTrue(connects(port));
        assertEquals(1, control.counters().totalConnections());
        control.unregister();
        control.unregister();
        assertEquals(OptionalInt.empty(), control.boundPort());
        assertTrue(!connects(port));
        control.register(broker, anyPort);
        assertTrue(connects(control.boundPort().orElseThrow()));
    }

    @Test
    void shouldCloseTheListenerOfABrokerThatNeverUnregistered() throws Exception {
        adapter.start(container);
        control.register(broker, anyPort);
        int port = control.boundPort().orElseThrow();
        Thread container = new Thread(() -> {
            Thread.currentThread().interrupt();
            adapter.stop();
        });
        container.start();
        container.join();
        assertTrue(!connects(port));
        assertThrows(IllegalStateException.class, () -> control.register(broker, anyPort));
    }

    @Test
    void shouldNameThePortThatIsInUseAndAllowAnotherTry() throws Exception {
        NetSettings taken;
        ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        try (other) {
            taken = NetSettings.DEFAULTS.withAddress("127.0.0.1", other.getLocalPort());
            NetSettings busy = taken;
            adapter.start(container);
            ListenException e = assertThrows(ListenException.class, () -> control.register(broker, busy));
            assertTrue(e.portInUse());
            assertEquals(other.getLocalPort(), e.port());
            assertEquals("127.0.0.1", e.host());
        }
        control.register(broker, taken);
        assertEquals(other.getLocalPort(), control.boundPort().orElseThrow());
    }

    @Test
    void shouldTakeOneBrokerOnly() throws Exception {
        assertThrows(IllegalStateException.class, () -> control.register(broker, anyPort));
        adapter.start(container);
        control.register(broker, anyPort);
        assertThrows(IllegalStateException.class, () -> control.register(broker, anyPort));
    }

    @Test
    void shouldRefuseAnActivationThatIsNotItsOwn() throws Exception {
        adapter.start(container);
        assertThrows(NotSupportedException.class, () -> adapter.endpointActivation(null, null));
        assertEquals(0, adapter.getXAResources(new jakarta.resource.spi.ActivationSpec[0]).length);
    }

    @Test
    void shouldNameTheModesThereAre() {
        adapter.setMode("other");
        ResourceAdapterInternalException e =
                assertThrows(ResourceAdapterInternalException.class, () -> adapter.start(container));
        assertTrue(e.getMessage().contains("client or in-process"), e.getMessage());
    }

    @Test
    void shouldNeedItsOwnAdapter() {
        assertSame(adapter, control.getResourceAdapter());
        assertThrows(ResourceException.class, () -> control.setResourceAdapter(null));
        assertThrows(IllegalStateException.class, () -> new RaControlObject().unregister());
    }
}
