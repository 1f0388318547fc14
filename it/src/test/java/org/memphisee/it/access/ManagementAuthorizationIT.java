package org.memphisee.it.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memphisee.it.access.Management.Answer;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Brokers;

/**
 * Each operation of the management API × who asks: nobody, with an expired token, with a token of a user that is gone,
 * of another kind; with permission, without, and root.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class ManagementAuthorizationIT {
    private static final String PASSWORD = "Secret-1x";

    /** An operation that needs a token, with a request that changes nothing when it is let through. */
    private record Operation(String method, String path, String body) {
    }

    private static final List<Operation> OPERATIONS = List.of(
            new Operation("POST", "usermgmt/addUser", "{}"), new Operation("GET", "usermgmt/getAllUsers", ""),
            new Operation("GET", "usermgmt/getApplicationUsers", ""),
            new Operation("DELETE", "usermgmt/removeUser", "{}"), new Operation("DELETE", "usermgmt/removeMyUser", ""),
            new Operation("PUT", "usermgmt/changePassword", "{}"), new Operation("PUT", "usermgmt/editAvatar", "{}"),
            new Operation("POST", "usermgmt/doneNextSteps", ""), new Operation("POST", "usermgmt/skipGetStarted", ""),
            new Operation("POST", "usermgmt/sendTrace", "{}"), new Operation("GET", "stations/getStation", ""),
            new Operation("GET", "stations/getAllStations", ""), new Operation("GET", "stations/getStations", ""),
            new Operation("GET", "stations/getMessageDetails", ""),
            new Operation("POST", "stations/createStation", "{}"), new Operation("DELETE", "stations/removeStation", "{}"),
            new Operation("POST", "stations/addPartitions", "{}"),
            new Operation("PUT", "stations/updateStation", "{}"), new Operation("PUT", "stations/updateDlsConfig", "{}"),
            new Operation("POST", "stations/attachDlsStation", "{}"),
            new Operation("DELETE", "stations/detachDlsStation", "{}"),
            new Operation("DELETE", "stations/purgeStation", "{}"), new Operation("DELETE", "stations/removeMessages", "{}"),
            new Operation("POST", "stations/produce", "{}"), new Operation("GET", "stations/getConsumerGroups", ""),
            new Operation("POST", "stations/resetConsumerGroup", "{}"),
            new Operation("DELETE", "stations/removeConsumerGroup", "{}"),
            new Operation("POST", "stations/cleanDisconnectedClients", "{}"), new Operation("GET", "tags/getTags", ""),
            new Operation("GET", "tags/getUsedTags", ""), new Operation("POST", "tags/createNewTag", "{}"),
            new Operation("DELETE", "tags/removeTag", "{}"), new Operation("PUT", "tags/updateTagsForEntity", "{}"),
            new Operation("GET", "usermgmt/getFilterDetails", ""),
            new Operation("GET", "stations/getPoisonMessageJourney", ""),
            new Operation("POST", "stations/resendPoisonMessages", "{}"), new Operation("POST", "stations/dropDlsMessages", "{}"),
            new Operation("GET", "v2/dead-letters", ""),
            new Operation("POST", "v2/dead-letters/put-back", "{}"),
            new Operation("GET", "v2/dead-letters/retry", ""), new Operation("PUT", "v2/dead-letters/retry", "{}"),
            new Operation("POST", "stations/tierdStorageClicked", ""),
            new Operation("GET", "asyncTasks/getAsyncTasks", ""), new Operation("POST", "v2/tasks/cancel", "{'id':77}"),
            new Operation("GET", "v2/backups", ""), new Operation("POST", "v2/backups", ""),
            new Operation("GET", "v2/notices", ""), new Operation("POST", "integrations/createIntegration", "{}"),
            new Operation("POST", "integrations/updateIntegration", "{}"), new Operation("POST", "v2/integrations/test", "{}"),
            new Operation("DELETE", "integrations/disconnectIntegration", "{}"),
            new Operation("GET", "integrations/getIntegrationDetails", ""), new Operation("GET", "integrations/getAllIntegrations", ""),
            new Operation("GET", "integrations/getSourceCodeBranches", ""),
            new Operation("POST", "integrations/requestIntegration", "{}"), new Operation("GET", "integrations/getAuditLogs", ""),
            new Operation("GET", "monitoring/getGraphOverview", ""), new Operation("GET", "configurations/getClusterConfig", ""),
            new Operation("PUT", "configurations/editClusterConfig", "{}"), new Operation("GET", "v2/settings", ""),
            new Operation("POST", "v2/settings/reset", "{}"),
            new Operation("POST", "schemas/createNewSchema", "{}"), new Operation("GET", "schemas/getAllSchemas", ""),
            new Operation("GET", "schemas/getSchemaDetails", ""), new Operation("DELETE", "schemas/removeSchema", "{}"),
            new Operation("POST", "schemas/createNewVersion", "{}"), new Operation("PUT", "schemas/rollBackVersion", "{}"),
            new Operation("POST", "schemas/validateSchema", "{'schema_type':'x'}"),
            new Operation("GET", "schemas/compareVersions", ""), new Operation("PUT", "schemas/updateSchema", "{}"),
            new Operation("POST", "stations/useSchema", "{}"),
            new Operation("DELETE", "stations/removeSchemaFromStation", "{}"),
            new Operation("PUT", "stations/updateSchemaEnforcement", "{}"),
            new Operation("GET", "stations/getUpdatesForSchemaByStation", ""),
            new Operation("GET", "monitoring/getAvailableReplicas", ""),
            new Operation("GET", "monitoring/getSystemGeneralInfo", ""),
            new Operation("GET", "monitoring/getMainOverviewData", ""),
            new Operation("GET", "monitoring/getStationOverviewData", ""),
            new Operation("GET", "monitoring/getSystemLogs", ""), new Operation("GET", "v2/api-keys", ""), new Operation("POST", "v2/api-keys", "{'name':''}"),
            new Operation("DELETE", "v2/api-keys", "{'id':1}"),
            new Operation("GET", "v2/audit", ""), new Operation("GET", "v2/audit/definition", ""),
            new Operation("GET", "monitoring/downloadSystemLogs", ""), new Operation("PUT", "v2/users/rights", "{}"),
            new Operation("PUT", "usermgmt/editAnalytics", "{}"), new Operation("PUT", "usermgmt/editCompanyLogo", ""),
            new Operation("DELETE", "usermgmt/removeCompanyLogo", ""), new Operation("GET", "usermgmt/getCompanyLogo", ""),
            new Operation("GET", "producers/getAllProducers", ""), new Operation("GET", "producers/getAllProducersByStation", ""),
            new Operation("GET", "consumers/getAllConsumers", ""), new Operation("GET", "consumers/getAllConsumersByStation", ""),
            new Operation("GET", "functions/getAllFunctions", ""));

    /** What has another method than GET and changes nothing, or nothing but the caller's own. */
    private static final Set<String> NO_CHANGE = Set.of("usermgmt/changePassword", "usermgmt/editAvatar", "usermgmt/doneNextSteps",
            "usermgmt/skipGetStarted", "usermgmt/sendTrace", "stations/tierdStorageClicked", "schemas/validateSchema",
            "integrations/requestIntegration", "v2/api-keys");

    private static BrokerProcess broker;
    private static Management root;
    private static Management limited;

    @BeforeAll
    static void start() {
        Brokers.assumeMemphis(Brokers.shared());
        broker = (BrokerProcess) Brokers.shared();
        root = Management.root(broker);
        root.addUser("limited", "management", PASSWORD, ",'allow_read_permissions':['auth.in','auth.both'],"
                + "'allow_write_permissions':['auth.out','auth.both'],'deny_write_permissions':['auth.out.no']");
        for (String station : new String[] {"auth.in", "auth.out", "auth.both", "auth.other"}) {
            assertEquals(200, root.post("stations/createStation", "{'name':'" + station + "'}").code());
        }
        limited = Management.signIn(broker, "limited", PASSWORD);
    }

    @AfterAll
    static void clean() {
        if (root != null) {
            root.delete("usermgmt/removeUser", "{'username':'limited'}");
            for (String station : new String[] {"auth.in", "auth.out", "auth.both", "auth.other"}) {
                root.delete("stations/removeStation", "{'station_names':['" + station + "']}");
            }
        }
    }

    private static void assertUnauthorized(String who, Management management) {
        for (Operation operation : OPERATIONS) {
            Answer answer = management.call(operation.method(), operation.path(), operation.body());
            assertEquals("401 {\"message\":\"Unauthorized\"}", answer.code() + " " + answer.body(),
                    operation.path() + " of " + who);
        }
    }

    /** M-122. */
    @Test
    void shouldLetNobodyInWithoutAToken() {
        assertUnauthorized("nobody", Management.anonymous(broker));
    }

    @Test
    void shouldLetNobodyInWithAnExpiredToken() {
        assertUnauthorized("an expired token", Management.withToken(broker, Management.expired(broker, root.token())));
    }

    @Test
    void shouldLetNobodyInWithATokenThatIsNone() {
        List<String> tokens = new ArrayList<>(List.of("x", "a.b.c", root.token() + "x", root.token().substring(1)));
        String[] parts = root.token().split("\\.");
        tokens.add("eyJhbGciOiJub25lIn0." + parts[1] + '.');
        tokens.forEach(token -> assertUnauthorized(token, Management.withToken(broker, token)));
    }

    @Test
    void shouldLetNobodyInWithATokenOfAnotherKind() {
        String cookie = Management.anonymous(broker).post("usermgmt/login", "{'username':'root','password':'memphis'}")
                .header("Set-Cookie").replaceAll("^[^=]*=|;.*", "");
        assertUnauthorized("a refresh token", Management.withToken(broker, cookie));
    }

    @Test
    void shouldLetNoUserInThatIsGone() {
        root.addUser("gone", "management", PASSWORD, "");
        Management gone = Management.signIn(broker, "gone", PASSWORD);
        assertEquals(200, gone.get("usermgmt/getAllUsers").code());
        root.delete("usermgmt/removeUser", "{'username':'gone'}");
        assertUnauthorized("a user that is gone", gone);
        root.addUser("gone", "management", PASSWORD, "");
        assertUnauthorized("a user that is gone and came back", gone);
        root.delete("usermgmt/removeUser", "{'username':'gone'}");
    }

    @Test
    void shouldGiveApplicationUsersNoToken() {
        root.addUser("app-only", "application", PASSWORD, "");
        assertEquals(401, Management.anonymous(broker).post("usermgmt/login",
                "{'username':'app-only','password':'" + PASSWORD + "'}").code());
        root.delete("usermgmt/removeUser", "{'username':'app-only'}");
    }

    @Test
    void shouldLetPeopleInWithTheirToken() {
        for (Management management : List.of(root, limited)) {
            for (Operation operation : OPERATIONS) {
                int code = management.call(operation.method(), operation.path(), operation.body()).code();
                assertTrue(code == 200 || code == 400 || code == 406, operation.path() + ": " + code);
            }
        }
    }

    @Test
    void shouldLetViewersLookAtEverythingAndChangeNothing() {
        root.addUser("auth.viewer", "management", PASSWORD, ",'role':'viewer'");
        Management viewer = Management.signIn(broker, "auth.viewer", PASSWORD);
        for (Operation operation : OPERATIONS) {
            Answer answer = viewer.call(operation.method(), operation.path(), operation.body());
            boolean changes = !operation.method().equals("GET") && !NO_CHANGE.contains(operation.path());
            assertEquals(changes, text(answer).equals("406 {\"message\":\"user auth.viewer is not allowed to change anything, its role "
                    + "is viewer\"}"), operation.path() + ": " + text(answer));
        }
        assertEquals(200, viewer.get("stations/getStation?station_name=auth.other").code());
        assertEquals(200, viewer.get("monitoring/getSystemLogs?log_type=all&start_index=-1").code());
        assertTrue(viewer.get("monitoring/downloadSystemLogs").header("Content-Type").startsWith("text/plain"));
        assertEquals(200, root.put("v2/users/rights", "{'username':'auth.viewer','deny_write_permissions':['auth.other']}").code());
        assertEquals(200, viewer.post("stations/createStation", "{'name':'auth.made'}").code(), "no viewer any more");
        assertMayNot("auth.viewer", "auth.other", viewer.put("stations/updateDlsConfig", "{'station_name':'auth.other'}"));
        assertEquals(200, root.delete("stations/removeStation", "{'station_names':['auth.made']}").code());
        assertEquals(200, root.delete("usermgmt/removeUser", "{'username':'auth.viewer'}").code());
    }

    private static void assertMayNot(String user, String station, Answer answer) {
        assertEquals("406 {\"message\":\"user " + user + " is not allowed to access station " + station + "\"}", text(answer));
    }

    private static void assertMay(boolean may, String station, Answer answer) {
        String refusal = "{\"message\":\"user limited is not allowed to access station " + station + "\"}";
        assertEquals(may ? "200" : "406 " + refusal, may ? String.valueOf(answer.code())
                : answer.code() + " " + answer.body(), station);
    }

    @Test
    void shouldHoldPeopleWithPermissionsToThem() {
        for (String station : new String[] {"auth.in", "auth.out", "auth.both", "auth.other"}) {
            boolean read = station.equals("auth.in") || station.equals("auth.both");
            boolean use = read || station.equals("auth.out");
            assertMay(use, station, limited.get("stations/getStation?station_name=" + station));
            assertMay(use, station, limited.get("monitoring/getStationOverviewData?station_name=" + station
                    + "&partition_number=-1"));
            Answer message = limited.get("stations/getMessageDetails?station_name=" + station
                    + "&partition_number=1&message_seq=1");
            assertEquals(!read, message.body().contains("not allowed"), message.body());
            assertEquals(use, limited.get("stations/getStations").body().contains("\"name\":\"" + station + '"'));
            assertEquals(use, limited.get("stations/getAllStations").body().contains("\"name\":\"" + station + '"'));
            assertEquals(200, root.get("stations/getStation?station_name=" + station).code());
            assertEquals(use, limited.get("v2/audit?station=" + station).body().contains("station_created"), station);
            assertMay(use, station, limited.get("v2/audit/definition?kind=station&at=2100-01-01T00:00:00Z&object=" + station));
            boolean write = station.equals("auth.out") || station.equals("auth.both");
            assertMay(write, station, limited.put("stations/updateStation", "{'station_name':'" + station + "'}"));
            assertMay(write, station, limited.put("stations/updateDlsConfig", "{'station_name':'" + station + "'}"));
            String named = "'station_name':'" + station + "'";
            assertMay(write, station, limited.delete("stations/purgeStation", "{" + named + ",'purge_station':true}"));
            assertMay(write, station, limited.delete("stations/removeMessages", "{" + named + ",'messages':[]}"));
            assertMay(write, station, limited.post("stations/produce", "{" + named + ",'message_payload':'x','amount':1}"));
            assertMay(use, station, limited.get("stations/getConsumerGroups?station_name=" + station));
            assertMay(write, station, limited.put("tags/updateTagsForEntity", "{'entity_type':'station','entity_name':'"
                    + station + "','tags_to_add':[{'name':'auth'}]}"));
            for (Answer answer : List.of(limited.delete("stations/removeConsumerGroup", "{" + named + ",'group_name':'g'}"),
                    limited.post("stations/resetConsumerGroup", "{" + named + ",'group_name':'g','to':'end'}"))) {
                assertEquals("406 {\"message\":\"" + (read ? "Consumer group g does not exist"
                        : "user limited is not allowed to access station " + station) + "\"}", text(answer));
            }
        }
        root.post("schemas/createNewSchema", "{'name':'auth.schema','type':'json','schema_content':'{}'}");
        assertMay(false, "auth.in", limited.post("stations/useSchema",
                "{'station_names':['auth.both','auth.in'],'schema_name':'auth.schema'}"));
        assertEquals("406 {\"message\":\"Station auth.both has no schema\"}", text(limited.call("PUT",
                "stations/updateSchemaEnforcement", "{'station_name':'auth.both','enforcement':'off'}")), "all or none");
        assertMay(false, "auth.in", limited.delete("stations/removeSchemaFromStation", "{'station_name':'auth.in'}"));
        root.post("stations/useSchema", "{'station_names':['auth.in'],'schema_name':'auth.schema'}");
        assertMay(false, "auth.in", limited.delete("schemas/removeSchema", "{'schema_names':['auth.schema']}"));
        assertEquals(200, root.delete("schemas/removeSchema", "{'schema_names':['auth.schema']}").code());
        assertEquals("406 {\"message\":\"user limited is not allowed to see the server's log\"}",
                text(limited.get("monitoring/getSystemLogs?log_type=all&start_index=-1")));
        assertEquals("406 {\"message\":\"user limited is not allowed to ask about user root\"}",
                text(limited.get("v2/audit/definition?kind=user&at=2100-01-01T00:00:00Z&object=root")));
        assertMay(false, "auth.in", limited.delete("stations/removeStation", "{'station_names':['auth.both','auth.in']}"));
        assertEquals(200, root.get("stations/getStation?station_name=auth.both").code(), "all or none");
        for (String name : new String[] {"auth.new", "auth.out.no"}) {
            assertEquals("406 {\"message\":\"user limited is not allowed to create station " + name + "\"}",
                    text(limited.post("stations/createStation", "{'name':'" + name + "'}")));
            assertEquals(406, root.get("stations/getStation?station_name=" + name).code(), "nothing was made");
        }
        assertEquals(200, limited.delete("stations/removeStation", "{'station_names':['auth.out']}").code());
        assertEquals(200, limited.post("stations/createStation", "{'name':'auth.out'}").code());
    }

    /** What somebody may not do, nobody may do whom that one added; and whoever may do more stays. */
    @Test
    void shouldNotLetPeopleWithPermissionsRaiseThem() {
        root.addUser("auth.wide", "management", PASSWORD, "");
        String body = "{'username':'auth.raised','user_type':'%s','password':'" + PASSWORD + "'%s}";
        for (String type : new String[] {"management", "application"}) {
            for (String permissions : new String[] {"", ",'allow_read_permissions':['auth.*']",
                    ",'deny_read_permissions':['auth.in']", ",'allow_write_permissions':['auth.in']"}) {
                assertEquals("406 {\"message\":\"user limited is not allowed to give permissions that it does not have\"}",
                        text(limited.post("usermgmt/addUser", body.formatted(type, permissions))), type + permissions);
            }
        }
        assertEquals("406 {\"message\":\"user limited is not allowed to remove user auth.wide\"}",
                text(limited.delete("usermgmt/removeUser", "{'username':'auth.wide'}")));
        assertEquals("406 {\"message\":\"You can not remove the root user\"}",
                text(limited.delete("usermgmt/removeUser", "{'username':'root'}")));
        assertEquals(200, limited.post("usermgmt/addUser",
                body.formatted("management", ",'allow_read_permissions':['auth.in']")).code());
        assertEquals(200, limited.delete("usermgmt/removeUser", "{'username':'auth.raised'}").code());
        assertEquals(200, root.delete("usermgmt/removeUser", "{'username':'auth.wide'}").code());
    }

    private static String text(Answer answer) {
        return answer.code() + " " + answer.body();
    }
}
