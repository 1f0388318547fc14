package org.memphisee.core.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.memphisee.core.access.LiveViewer;
import org.memphisee.core.access.Permissions;
import org.memphisee.port.Verdict;

/** W-00: what dashboards of Memphis may do on their live channel, and others may not. */
class LiveViewerSessionTest extends ClientSessionFixture {

    private Client viewer() {
        live = LiveViewer.Access.ONLY;
        permissions = Permissions.NOTHING;
        Client viewer = client();
        live = LiveViewer.Access.NONE;
        permissions = Permissions.UNRESTRICTED;
        return viewer;
    }

    private static Verdict subscribe(Client client, String pattern) {
        return client.session().subscribe(bytes(pattern), new byte[0], bytes("9"));
    }

    @Test
    void shouldFollowWhatBrokersTell() {
        Client viewer = viewer();
        viewer.subscribe("$memphis_ws_pubs.main_overview_data.memphis-0", "", "1");
        viewer.subscribe("_INBOX.mine.*", "", "2");
        assertSame(Verdict.ACCEPTED, viewer.publish("$memphis_ws_subs.main_overview_data", "_INBOX.mine.1", "SUB"));
        router.publish("$memphis_ws_pubs.main_overview_data.memphis-0", bytes("{}"));
        assertEquals(1, viewer.sink().frames.stream().filter(frame -> frame.contains("{}")).count());
    }

    @ParameterizedTest
    @ValueSource(strings = {">", "*", "orders.final", "orders$1.final", "_INBOX.>", "_INBOX.*", "$memphis_ws_subs.>",
        "$memphis_station_creations", "$memphis_sdk_clients_updates", "$JS.API.INFO", "$SYS.>"})
    void shouldHearNothingElse(String pattern) {
        assertInstanceOf(Verdict.Refused.class, subscribe(viewer(), pattern));
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders$1.final", "$memphis_station_creations", "$JS.API.INFO", "$JS.API.STREAM.NAMES",
        "$JS.ACK.s.c.1.1.1.1.0", "$JS.FC.s.c.1", "$SYS.REQ.USER.INFO", "$memphis_ws_pubs.main_overview_data.memphis-0", "x"})
    void shouldSayNothingElse(String subject) {
        assertInstanceOf(Verdict.Refused.class, viewer().publish(subject, "", "x"));
    }

    @Test
    void shouldBeForPeopleOnly() {
        Client app = client();
        assertInstanceOf(Verdict.Refused.class, subscribe(app, "$memphis_ws_pubs.>"));
        assertInstanceOf(Verdict.Refused.class, subscribe(app, "$memphis_ws_pubs.main_overview_data.memphis-0"));
        assertInstanceOf(Verdict.Refused.class, subscribe(app, "$memphis_ws_subs.>"));
        assertInstanceOf(Verdict.Refused.class, app.publish("$memphis_ws_pubs.main_overview_data.memphis-0", "", "lies"));
        app.subscribe(">", "", "1");
        router.publish("$memphis_ws_pubs.main_overview_data.memphis-0", bytes("{}"));
        assertEquals(List.of(), app.sink().frames);
        live = LiveViewer.Access.ALSO;
        assertSame(Verdict.ACCEPTED, subscribe(client(), "$memphis_ws_pubs.>"));
    }
}
