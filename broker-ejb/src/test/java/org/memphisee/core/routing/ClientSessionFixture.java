package org.memphisee.core.routing;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.memphisee.core.access.LiveViewer;
import org.memphisee.core.access.Permissions;
import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.time.World;
import org.memphisee.port.AuthOutcome;
import org.memphisee.port.ConnectOptions;
import org.memphisee.port.PublishRequest;
import org.memphisee.port.SessionInfo;
import org.memphisee.port.SessionPort;
import org.memphisee.port.Verdict;

/** Sessions of clients that a test lets in, and what reaches them. */
abstract class ClientSessionFixture {

    final Router router = new Router(World.of(Thread::new).random());
    final List<String> left = new ArrayList<>();
    Permissions permissions = Permissions.UNRESTRICTED;
    LiveViewer.Access live = LiveViewer.Access.NONE;
    String connectionId = "";
    boolean welcome = true;
    final Sessions sessions = new Sessions(router, new OpenGate(), "memphis-0", "id", 1 << 20);

    final Client client(boolean pedantic, boolean echo, boolean noResponders) {
        RecordingSink sink = new RecordingSink();
        SessionPort session = sessions.open(SessionInfo.plain(1, "127.0.0.1", 1, SessionInfo.Transport.TCP), sink);
        session.authenticate(new ConnectOptions(false, pedantic, echo, true, noResponders, 1, "root", "x", "", "", "", "",
            false), outcome -> assertInstanceOf(AuthOutcome.Accepted.class, outcome));
        return new Client(sink, session);
    }

    final Client client() {
        return client(false, true, true);
    }

    static byte[] bytes(String s) {
        return s.getBytes(StandardCharsets.UTF_8);
    }

    record Client(RecordingSink sink, SessionPort session) {

        Verdict offer(String subject) {
            byte[] all = bytes(subject);
            return session.offer(new PublishRequest(all, 0, all.length, 0, 0, all.length, 0, 0));
        }

        void subscribe(String subject, String queue, String sid) {
            assertSame(Verdict.ACCEPTED, session.subscribe(bytes(subject), bytes(queue), bytes(sid)));
        }

        Verdict publish(String subject, String reply, String payload) {
            Verdict v = publishOnly(subject, reply, payload);
            session.readComplete();
            return v;
        }

        Verdict publishOnly(String subject, String reply, String payload) {
            byte[] all = bytes(subject + reply + payload);
            int s = bytes(subject).length;
            int r = bytes(reply).length;
            return session.publish(new PublishRequest(all, 0, s, s, r, s + r, 0, all.length - s - r));
        }

        List<String> sorted() {
            sink.frames.sort(null);
            return sink.frames;
        }
    }

    private final class OpenGate implements SessionGate {
        @Override
        public void authenticate(ConnectOptions options, SessionInfo session, Consumer<Decision> whenDone) {
            whenDone.accept(new Decision.Admitted(new ClientIdentity(options.user(), connectionId, "", "$memphis"),
                permissions, live, () -> welcome));
        }

        @Override
        public void left(ClientIdentity client) {
            left.add(client.user());
        }
    }
}
