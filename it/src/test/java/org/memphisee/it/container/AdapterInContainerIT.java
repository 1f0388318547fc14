package org.memphisee.it.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.function.Consumer;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.jboss.shrinkwrap.api.spec.ResourceAdapterArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
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
import org.memphisee.ra.RaControl;

/**
 * The resource adapter alone in the container: another application than ours embeds it, finds its administered object
 * and switches it on and off. These tests run inside the server.
 */
@ExtendWith(ArquillianExtension.class)
public class AdapterInContainerIT {
    private static final int READ_MILLIS = 10_000;

    private RaControl adapter;

    /** The packaged adapter beside a web module with this class. */
    @Deployment
    public static EnterpriseArchive application() {
        return ShrinkWrap.create(EnterpriseArchive.class, "adaptertest.ear")
                .addAsModule(ShrinkWrap.create(ZipImporter.class, "ra.rar")
                        .importFrom(new File(System.getProperty("it.adapter.rar"))).as(ResourceAdapterArchive.class))
                .addAsModule(ShrinkWrap.create(WebArchive.class, "test.war")
                        .addClasses(AdapterInContainerIT.class, Refusing.class, RefusingSession.class));
    }

    @BeforeEach
    void findTheAdapter() throws NamingException {
        adapter = (RaControl) new InitialContext().lookup("test/raControl");
    }

    @AfterEach
    void switchItOff() {
        adapter.unregister();
    }

    private static NetSettings onAnyPort() {
        return NetSettings.DEFAULTS.withAddress("127.0.0.1", 0);
    }

    private int register() throws ListenException {
        adapter.register(new Refusing(), onAnyPort());
        return adapter.boundPort().orElseThrow();
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(READ_MILLIS);
        return socket;
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    @Test
    public void shouldNotListenBeforeABrokerIsRegistered() {
        assertEquals(OptionalInt.empty(), adapter.boundPort());
    }

    @Test
    public void shouldGreetClientsWithTheIdentityOfTheRegisteredBroker() throws Exception {
        try (Socket client = connect(register())) {
            String info = reader(client).readLine();
            assertTrue(info.startsWith("INFO {"), info);
            assertTrue(info.contains("\"server_name\":\"in-container\""), info);
        }
    }

    @Test
    public void shouldAskTheBrokerWhoMayComeIn() throws Exception {
        try (Socket client = connect(register())) {
            BufferedReader lines = reader(client);
            lines.readLine();
            client.getOutputStream().write("CONNECT {\"verbose\":false}\r\n".getBytes(StandardCharsets.US_ASCII));
            assertEquals("-ERR 'Closed for Tests'", lines.readLine());
            assertEquals(-1, lines.read());
        }
    }

    @Test
    public void shouldCloseItsPortWhenTheBrokerLeaves() throws Exception {
        int port = register();
        adapter.unregister();
        assertEquals(OptionalInt.empty(), adapter.boundPort());
        assertThrows(ConnectException.class, () -> connect(port).close());
        try (Socket client = connect(register())) {
            assertTrue(reader(client).readLine().startsWith("INFO {"));
        }
    }

    @Test
    public void shouldServeOneBrokerAtATime() throws Exception {
        register();
        assertThrows(IllegalStateException.class, () -> adapter.register(new Refusing(), onAnyPort()));
    }

    @Test
    public void shouldSayWhichPortIsInUseAndCanBeRegisteredAgain() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            NetSettings settings = onAnyPort().withAddress("127.0.0.1", taken.getLocalPort());
            ListenException refusal = assertThrows(ListenException.class,
                    () -> adapter.register(new Refusing(), settings));
            assertTrue(refusal.getMessage().contains(Integer.toString(taken.getLocalPort())), refusal.getMessage());
        }
        assertTrue(register() > 0);
    }

    /** A broker that lets nobody in. */
    static final class Refusing implements BrokerPort {
        @Override
        public ServerIdentity identity() {
            return new ServerIdentity("ID", "in-container", "2.10.7", 1 << 20, true);
        }

        @Override
        public SessionPort open(SessionInfo info, DeliverySink sink) {
            return new RefusingSession();
        }
    }

    /** Its side of a connection. */
    static final class RefusingSession implements SessionPort {
        @Override
        public void authenticate(ConnectOptions options, Consumer<AuthOutcome> whenDone) {
            whenDone.accept(new AuthOutcome.Refused("Closed for Tests"));
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
        public void unsubscribe(byte[] sid, long maxDeliveries) {
            // nobody has subscribed
        }

        @Override
        public void readComplete() {
            // nothing is held back
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
