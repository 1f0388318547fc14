package org.memphisee.core.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.memphisee.core.access.PermissionPatterns;
import org.memphisee.core.access.Permissions;
import org.memphisee.port.AuthOutcome;
import org.memphisee.port.ConnectOptions;
import org.memphisee.port.SessionInfo;
import org.memphisee.port.SessionPort;
import org.memphisee.port.Verdict;

/** What a client is told that may not, and what becomes of clients whose user goes. */
class ClientSessionPermissionsTest extends ClientSessionFixture {

    private Client limited(String name) {
        permissions = Permissions.of(new PermissionPatterns(List.of("in*"), List.of("out*"), List.of(), List.of()));
        connectionId = name;
        return client();
    }

    @Test
    void shouldTellPlainClientsWithTheirWordsWhatTheyMayNot() {
        Client a = limited("");
        assertEquals(new Verdict.Refused("Permissions Violation for Publish to \"in$1.final\""),
            a.publish("in$1.final", "", "x"));
        assertEquals(new Verdict.Refused("Permissions Violation for Publish to \"out$1.final\""),
            a.publish("out$1.final", "in$1.final", "a reply that would be stored"));
        assertEquals(new Verdict.Refused("Permissions Violation for Subscription to \"out$1.>\""),
            a.session().subscribe(bytes("out$1.>"), bytes(""), bytes("1")));
        assertEquals(new Verdict.Refused("Permissions Violation for Subscription to \"out$1.>\" using queue \"q\""),
            a.session().subscribe(bytes("out$1.>"), bytes("q"), bytes("1")));
        assertSame(Verdict.ACCEPTED, a.publish("out$1.final", "_INBOX.a.1", "x"));
        a.subscribe("in$1.>", "", "2");
    }

    @Test
    void shouldTellSdksWithTheirWordsWhatTheyMayNot() {
        String text = "Permissions Violation - cant access the requested station, please contact your Memphis administrator";
        Client a = limited("uuid");
        assertEquals(new Verdict.Refused(text), a.publish("in$1.final", "", "x"));
        assertEquals(new Verdict.Refused(text), a.publish("out$1.final", "other", "x"));
        assertEquals(new Verdict.Refused(text), a.session().subscribe(bytes("other"), bytes(""), bytes("1")));
        assertEquals(new Verdict.Refused("Permissions Violation for Subscription to \"other\" using queue \"q\""),
            a.session().subscribe(bytes("other"), bytes("q"), bytes("1")));
    }

    @Test
    void shouldDropWhatIsRefused() {
        Client reader = client();
        reader.subscribe(">", "", "1");
        Client a = limited("");
        a.publish("in$1.final", "", "refused");
        a.publish("in$1.final", "", "refused again");
        a.publish("out$1.final", "", "taken");
        a.publish("out$1.final", "", "taken again");
        assertEquals(List.of("1 out$1.final taken", "1 out$1.final taken again"), reader.sink().frames);
    }

    @Test
    void shouldLetOnlyReadersAcknowledge() {
        Client a = limited("");
        assertSame(Verdict.ACCEPTED, a.publish("$JS.ACK.in$1.c.1.1.1.1.0", "", "+ACK"));
        assertSame(Verdict.ACCEPTED, a.publish("$JS.ACK._.hash.in$1.c.1.1.1.1.0", "", "+ACK"));
        assertSame(Verdict.ACCEPTED, a.publish("$JS.FC.in$1.c.x", "", ""));
        for (String subject : List.of("$JS.ACK.out$1.c.1.1.1.1.0", "$JS.ACK._.hash.out$1.c.1.1.1.1.0", "$JS.ACK.in$1",
            "$JS.FC.out$1.c.x", "$JS.FC.out$1")) {
            assertInstanceOf(Verdict.Refused.class, a.publish(subject, "", "+ACK"), subject);
        }
    }

    @Test
    void shouldCutAllConnectionsOfAUserAndNoOthers() {
        Client a = client();
        Client b = client();
        sessions.cut("nobody");
        assertEquals(List.of(), a.sink().frames);
        b.session().close();
        sessions.cut("root");
        assertEquals(List.of("closed Authorization Violation"), a.sink().frames);
        assertEquals(List.of(), b.sink().frames);
    }

    @Test
    void shouldRefuseAUserThatWasRemovedWhileItConnected() {
        welcome = false;
        SessionPort session = sessions.open(SessionInfo.plain(1, "127.0.0.1", 1, SessionInfo.Transport.TCP),
            new RecordingSink());
        List<AuthOutcome> outcomes = new ArrayList<>();
        session.authenticate(new ConnectOptions(false, false, true, true, true, 1, "root", "x", "", "", "", "", false),
            outcomes::add);
        assertEquals(List.of(new AuthOutcome.Refused("Authorization Violation")), outcomes);
        session.close();
        assertEquals(List.of("root"), left);
    }
}
