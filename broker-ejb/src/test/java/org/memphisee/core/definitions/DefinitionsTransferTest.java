package org.memphisee.core.definitions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.memphisee.contract.GoldenFiles;
import org.memphisee.core.access.AccessRefusal;
import org.memphisee.core.access.AuthResult;
import org.memphisee.core.access.NewUser;
import org.memphisee.core.access.PermissionPatterns;
import org.memphisee.core.access.UserProfile;
import org.memphisee.core.api.Author;
import org.memphisee.core.control.Authors;
import org.memphisee.core.control.ControlFixture;
import org.memphisee.core.control.FakeApi;
import org.memphisee.core.control.FakeSystemLog;
import org.memphisee.core.control.PlaneFixture;
import org.memphisee.core.definitions.DefinitionsChange.Action;
import org.memphisee.core.definitions.DefinitionsChange.Kind;
import org.memphisee.core.definitions.DefinitionsChange.Result;
import org.memphisee.core.letters.RetryPolicy;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.schema.Compatibility;
import org.memphisee.core.schema.Enforcement;
import org.memphisee.core.settings.RuntimeSetting;
import org.memphisee.core.stations.GroupRequest;
import org.memphisee.core.stations.SchemaOrder;
import org.memphisee.core.stations.StationChange;
import org.memphisee.core.stations.StationOrder;
import org.memphisee.core.stations.Tag;

class DefinitionsTransferTest {

    private static final Author ROOT = Authors.of("root");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PASSWORD = "Secret-1x";
    private static final Path GOLDEN = Path.of("src/test/resources/golden/definitions-v1.json");

    private final PlaneFixture here = new PlaneFixture();
    private final PlaneFixture there = new PlaneFixture();

    @AfterEach
    void stop() {
        here.close();
        there.close();
    }

    /** One of everything. */
    private void define(PlaneFixture on) {
        FakeApi.await(on.plane.runtime().change(ROOT, Map.of(RuntimeSetting.LOG_DAYS, "9", RuntimeSetting.UI_HOST, "ui.example.com")));
        FakeApi.await(on.plane.users().createUser(ROOT, new NewUser("shop", "application", PASSWORD,
            new UserProfile("the shop", "sales", "", "sells", "root", 3, true),
            new PermissionPatterns(List.of("orders*"), List.of("orders*", "audit"), List.of("orders.secret"), List.of()))));
        FakeApi.await(on.plane.users().createUser(ROOT, new NewUser("ann", "management", PASSWORD, UserProfile.EMPTY,
            PermissionPatterns.NONE)));
        var stations = on.plane.memphis().administration();
        FakeApi.await(stations.tags().create(ROOT, new Tag("red", "255, 0, 0")));
        var schemas = on.plane.memphis().schemas();
        Tag blue = new Tag("blue", "0, 0, 255");
        FakeApi.await(schemas.create(ROOT, new SchemaOrder("order", "json", "{\"type\":\"object\"}", "", "backward", List.of(blue))));
        FakeApi.await(schemas.addVersion(ROOT, new SchemaOrder("order", "json", "{\"type\":[\"object\",\"null\"]}", "", "", List.of())));
        FakeApi.await(schemas.create(ROOT, new SchemaOrder("proto", "protobuf",
            "syntax = \"proto3\"; message A { string x = 1; } message B { A a = 1; }", "B", "", List.of())));
        FakeApi.await(stations.create(ROOT, new StationOrder("orders", "messages", 1000, "memory", 1, 3, 60_000, true, false, "",
            false, "interval", List.of(Tag.DEFAULT, new Tag("red", "1, 1, 1")))));
        FakeApi.await(stations.create(ROOT, new StationOrder("audit", "ack_based", 0, "file", 1, 1, 0, false, true, "orders", true,
            List.of())));
        FakeApi.await(stations.change(ROOT, StationChange.deadLetterStation("orders", "audit")));
        FakeApi.await(schemas.attach(ROOT, List.of("orders"), "order", Enforcement.WARN));
        FakeApi.await(schemas.activate(ROOT, "order", 2));
        FakeApi.await(stations.groups().define(ROOT, "orders", GroupRequest.of("billing", 5_000, 3, 1, -1)));
        FakeApi.await(stations.groups().define(ROOT, "orders", GroupRequest.of("late", 0, 0, 1, 10)));
    }

    private ObjectNode export(PlaneFixture from, boolean hashes) {
        return FakeApi.await(from.plane.transfer().export("root", "1.0.0", hashes)).put("time", "");
    }

    private DefinitionsReport bringIn(PlaneFixture into, JsonNode document, ConflictPolicy policy) {
        return FakeApi.await(into.plane.transfer().bringIn(ROOT, bytes(document), policy, false));
    }

    private static byte[] bytes(JsonNode document) {
        return document.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode document(String members) {
        return json("{'format':'memphisee.definitions','version':1," + members + "}");
    }

    private static Throwable refusal(CompletableFuture<?> asked) {
        return assertThrows(ExecutionException.class, () -> asked.get(20, TimeUnit.SECONDS)).getCause();
    }

    private Throwable refused(PlaneFixture by, JsonNode document, ConflictPolicy policy) {
        int before = by.log.size();
        Throwable refusal = refusal(by.plane.transfer().bringIn(ROOT, bytes(document), policy, false));
        assertEquals(before, by.log.size(), "nothing was changed");
        return refusal;
    }

    private boolean accepted(String user, String password) {
        return there.connect(user, password, "") instanceof AuthResult.Accepted;
    }

    private static Set<Action> actions(DefinitionsReport report) {
        return report.changes().stream().map(DefinitionsChange::action).collect(Collectors.toSet());
    }

    @Test
    void shouldBringEverythingIntoAnotherInstallation() {
        define(here);
        ObjectNode document = export(here, true);
        DefinitionsReport report = bringIn(there, document, ConflictPolicy.FAIL);
        assertEquals(Set.of(Action.CREATE), actions(report), () -> report.toString());
        assertTrue(report.changes().stream().allMatch(change -> change.result() == Result.DONE), () -> report.toString());
        assertEquals(document.toPrettyString(), export(there, true).toPrettyString());
        assertTrue(accepted("shop", PASSWORD), "the password came as a hash");
        assertFalse(accepted("shop", "Secret-2x"));
    }

    @Test
    void shouldDoNothingTheSecondTime() {
        define(here);
        ObjectNode document = export(here, true);
        bringIn(there, document, ConflictPolicy.FAIL);
        int events = there.log.size();
        assertEquals(Set.of(Action.SAME), actions(bringIn(there, document, ConflictPolicy.FAIL)));
        assertEquals(Set.of(Action.SAME), actions(bringIn(there, document, ConflictPolicy.UPDATE)));
        assertEquals(events, there.log.size());
        assertEquals(List.of(), FakeApi.await(there.plane.transfer().differences("root", bytes(document))));
    }

    /** What version 1 looks like; every later release reads it. */
    @Test
    void shouldReadAndWriteTheGoldenDocument() throws IOException {
        define(here);
        ObjectNode document = export(here, false);
        if (Boolean.getBoolean("memphisee.golden.write")) {
            Files.writeString(GOLDEN, document.toPrettyString() + "\n");
        }
        String golden = new String(GoldenFiles.bytes("/golden/definitions-v1.json"), StandardCharsets.UTF_8);
        assertEquals(golden, document.toPrettyString() + "\n");
        assertFalse(golden.contains("pbkdf2"), "no hashes unless asked for");
        bringIn(there, JSON.readTree(golden), ConflictPolicy.FAIL);
        assertEquals(golden, export(there, false).toPrettyString() + "\n");
    }

    @Test
    void shouldTellWithoutDoingAnything() {
        define(here);
        int before = there.log.size();
        DefinitionsReport report = FakeApi.await(there.plane.transfer().bringIn(ROOT, bytes(export(here, true)), ConflictPolicy.FAIL, true));
        assertEquals(Set.of(Action.CREATE), actions(report));
        assertTrue(report.changes().stream().allMatch(change -> change.result() == Result.NONE));
        assertEquals(before, there.log.size());
    }

    @Test
    void shouldChangeNothingWhenSomethingIsOtherwise() {
        bringIn(there, document("'stations':[{'name':'a','retention_value':60}]"), ConflictPolicy.FAIL);
        JsonNode other = document("'stations':[{'name':'b'},{'name':'a','retention_value':120}]");
        Throwable refusal = refused(there, other, ConflictPolicy.FAIL);
        assertInstanceOf(DocumentRefusal.class, refusal);
        assertTrue(refusal.getMessage().contains("station a: retention_value is 60 here and 120 in the document"), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("policy update"), "the remedy: " + refusal.getMessage());
    }

    @Test
    void shouldLeaveWhatIsThereOrChangeItAsAsked() {
        bringIn(there, document("'stations':[{'name':'a','retention_value':60}]"), ConflictPolicy.FAIL);
        JsonNode other = document("'stations':[{'name':'b'},{'name':'a','retention_value':120,'partitions':2,'tags':[{'name':'x'}],"
            + "'groups':[{'name':'g','max_deliveries':2}]}]");
        DefinitionsReport skipped = bringIn(there, other, ConflictPolicy.SKIP);
        assertEquals(List.of(Action.CREATE, Action.KEEP, Action.CREATE), skipped.changes().stream().map(DefinitionsChange::action).toList());
        assertEquals(60, export(there, false).at("/stations/0/retention_value").asInt());
        bringIn(there, other, ConflictPolicy.UPDATE);
        JsonNode a = export(there, false).at("/stations/0");
        assertEquals(120, a.path("retention_value").asInt());
        assertEquals(2, a.path("partitions").asInt());
        assertEquals("x", a.at("/tags/0/name").asText());
        assertEquals(1, a.path("tags").size());
        assertEquals(2, a.at("/groups/0/max_deliveries").asInt());
        bringIn(there, document("'stations':[{'name':'a','retention_value':120,'partitions':2,'tags':[{'name':'x'}],"
            + "'groups':[{'name':'g','max_deliveries':4}]}]"), ConflictPolicy.UPDATE);
        assertEquals(4, export(there, false).at("/stations/0/groups/0/max_deliveries").asInt());
    }

    @ParameterizedTest
    @ValueSource(strings = {"'stations':[{'name':'a','partitions':1}]|fewer partitions",
        "'stations':[{'name':'a','partitions':2,'storage_type':'memory'}]|storage_type of a station can not be changed",
        "'users':[{'name':'u','type':'management'}]|type of a user can not be changed",
        "'users':[{'name':'u','permissions':{'allow_read':['x']}}]|permissions of a user can not be changed by an import",
        "'schemas':[{'name':'s','versions':[{'content':'true'}]}]|give the schema another name",
        "'schemas':[{'name':'s','type':'graphql','versions':[{'content':'{}'}]}]|the language of a schema can not be changed"})
    void shouldChangeNothingWhenSomethingCanNotBeChanged(String text) {
        bringIn(there, document("'users':[{'name':'u'}],'stations':[{'name':'a','partitions':2}],'schemas':[{'name':'s','versions':"
            + "[{'content':'{}'}]}]"), ConflictPolicy.FAIL);
        String[] parts = text.split("\\|");
        Throwable refusal = refused(there, document("'tags':[{'name':'new'}]," + parts[0]), ConflictPolicy.UPDATE);
        assertTrue(refusal.getMessage().contains(parts[1]), refusal.getMessage());
    }

    @Test
    void shouldKeepWhoOnlyLooksAViewer() {
        bringIn(there, document("'users':[{'name':'eve','type':'management','role':'viewer'},{'name':'u'}]"), ConflictPolicy.FAIL);

        assertTrue(there.plane.users().find("eve").orElseThrow().viewer());
        JsonNode exported = export(there, false);
        assertEquals("viewer", exported.at("/users/0/role").asText());
        assertEquals("full", exported.at("/users/1/role").asText());
        Throwable refusal = refused(there, document("'users':[{'name':'eve','type':'management'}]"), ConflictPolicy.UPDATE);
        assertTrue(refusal.getMessage().contains("role of a user can not be changed"), refusal.getMessage());
        refused(there, document("'users':[{'name':'a','role':'viewer'}]"), ConflictPolicy.FAIL); // an application is none
    }

    @Test
    void shouldTakeASchemasHistoryAsItWasAndItsNewVersionsAsTheyMustBe() {
        bringIn(there, document("'schemas':[{'name':'s','compatibility':'full','versions':[{'content':'{}'},{'content':'false'}],"
            + "'active':1}]"), ConflictPolicy.FAIL); // the second never was compatible
        assertEquals(Compatibility.FULL, FakeApi.await(there.plane.memphis().schemas().find("s")).compatibility());
        assertEquals(1, export(there, false).at("/schemas/0/active").asInt());
        DefinitionsReport longer = bringIn(there, document("'schemas':[{'name':'s','compatibility':'full','versions':[{'content':'{}'},"
            + "{'content':'false'},{'content':'{\\\"a\\\":1}'}],'active':3}]"), ConflictPolicy.UPDATE);
        assertEquals(1, longer.failed().size());
        assertTrue(longer.failed().get(0).error().contains("not compatible"), longer.failed().get(0).error());
        DefinitionsReport shorter = bringIn(there, document("'schemas':[{'name':'s','compatibility':'full','versions':[{'content':'{}'}]}]"),
            ConflictPolicy.UPDATE);
        assertEquals(Set.of(Action.KEEP), actions(shorter));
    }

    @Test
    void shouldNotGiveAStationThatIsThereASchemaUnlessAskedToChangeIt() {
        bringIn(there, document("'stations':[{'name':'a'}],'schemas':[{'name':'s','versions':[{'content':'{}'}]}]"), ConflictPolicy.FAIL);
        JsonNode attached = document("'stations':[{'name':'a','schema':{'name':'s'}}]");
        assertTrue(refused(there, attached, ConflictPolicy.FAIL).getMessage().contains("the station has no schema here"));
        bringIn(there, attached, ConflictPolicy.SKIP);
        assertTrue(export(there, false).at("/stations/0/schema").isMissingNode());
        bringIn(there, attached, ConflictPolicy.UPDATE);
        assertEquals("s", export(there, false).at("/stations/0/schema/name").asText());
        assertEquals(Set.of(Action.SAME), actions(bringIn(there, attached, ConflictPolicy.FAIL)), "the version that nobody named is the one it has");
    }

    @Test
    void shouldMakeStationsThatAreEachOthersDeadLetterStation() {
        bringIn(there, document("'stations':[{'name':'a','dls_station':'b'},{'name':'b','dls_station':'a','retention_value':77}]"),
            ConflictPolicy.FAIL);
        JsonNode stations = export(there, false).path("stations");
        assertEquals("b", stations.at("/0/dls_station").asText());
        assertEquals("a", stations.at("/1/dls_station").asText());
        assertEquals(77, stations.at("/1/retention_value").asInt());
    }

    @Test
    void shouldLookAtEverythingBeforeItChangesAnything() {
        there.js("STREAM.CREATE.plain", "{'name':'plain','subjects':['p']}");
        Throwable refusal = refused(there, document("'settings':{'logs_retention':'1000','nonsense':1},'stations':[{'name':'fine'},"
            + "{'name':'plain'},{'name':'c','schema':{'name':'gone'}},{'name':'d','schema':{'name':'s','version':2}}],'schemas':[{'name':'s',"
            + "'versions':[{'content':'{'}]}]"), ConflictPolicy.UPDATE);
        String text = refusal.getMessage();
        for (String part : List.of("setting logs_retention: logs_retention has to be between 1 and 100 days", "setting nonsense: there is no setting",
            "station plain: a stream of a plain client has this name", "station c: its schema gone is neither here nor in the document",
            "station d: schema s has no version 2", "schema s, version 1: ")) {
            assertTrue(text.contains(part), part + "\n" + text);
        }
    }

    @Test
    void shouldTellWhatWasDoneWhenTheLogFailsOnTheWay() {
        there.log.hold();
        CompletableFuture<DefinitionsReport> asked = there.plane.transfer().bringIn(ROOT,
            bytes(document("'stations':[{'name':'a'},{'name':'b'},{'name':'c'}]")), ConflictPolicy.FAIL, false);
        PlaneFixture.until(() -> there.log.held() == 1);
        there.log.failWith(new StoreException("the disk is gone", null, false));
        there.log.release();
        DefinitionsReport report = FakeApi.await(asked);
        assertEquals(List.of(Result.DONE, Result.FAILED, Result.NOT_TRIED),
            report.changes().stream().map(DefinitionsChange::result).toList(), () -> report.toString());
        assertEquals(List.of("b"), report.failed().stream().map(DefinitionsChange::name).toList());
    }

    @Test
    void shouldLetOneImportAtATimeGoOn() {
        there.log.hold();
        CompletableFuture<DefinitionsReport> first = there.plane.transfer().bringIn(ROOT, bytes(document("'stations':[{'name':'a'}]")),
            ConflictPolicy.FAIL, false);
        PlaneFixture.until(() -> there.log.held() == 1);
        assertTrue(refusal(there.plane.transfer().bringIn(ROOT, bytes(document("'stations':[{'name':'b'}]")), ConflictPolicy.FAIL, false))
            .getMessage().contains("try again"));
        there.log.release();
        FakeApi.await(first);
        bringIn(there, document("'stations':[{'name':'b'}]"), ConflictPolicy.FAIL);
    }

    @Test
    void shouldLetOnlyPeopleWithoutLimitsInAndHashesOnlyToRoot() {
        define(there);
        FakeApi.await(there.plane.users().createUser(ROOT, new NewUser("limited", "management", PASSWORD, UserProfile.EMPTY,
            new PermissionPatterns(List.of("a"), List.of("a"), List.of(), List.of()))));
        DefinitionsTransfer transfer = there.plane.transfer();
        byte[] nothing = bytes(document("'stations':[]"));
        assertInstanceOf(AccessRefusal.class, refusal(transfer.export("limited", "1", false)));
        assertInstanceOf(AccessRefusal.class, refusal(transfer.export("nobody", "1", false)));
        assertInstanceOf(AccessRefusal.class, refusal(transfer.differences("limited", nothing)));
        assertInstanceOf(AccessRefusal.class, refusal(transfer.bringIn(Authors.of("limited"), nothing, ConflictPolicy.SKIP, true)));
        assertInstanceOf(AccessRefusal.class, refusal(transfer.export("ann", "1", true)));
        FakeApi.await(there.plane.users().createUser("plain", "application", PASSWORD, Map.of()));
        FakeApi.await(here.plane.users().createUser("plain", "application", "Secret-2x", Map.of()));
        byte[] other = bytes(document("'users':[{'name':'plain','password_hash':'" + hash(here, "plain") + "'}]"));
        assertInstanceOf(AccessRefusal.class, refusal(transfer.bringIn(Authors.of("ann"), other, ConflictPolicy.UPDATE, false)));
        assertTrue(accepted("plain", PASSWORD));
        assertTrue(FakeApi.await(transfer.export("ann", "1", false)).path("stations").size() > 0);
    }

    private String hash(PlaneFixture of, String user) {
        for (JsonNode found : export(of, true).path("users")) {
            if (found.path("name").asText().equals(user)) {
                return found.path("password_hash").asText();
            }
        }
        throw new AssertionError(user);
    }

    @Test
    void shouldGiveAUserThatIsThereThePasswordOfTheDocumentWhenRootAsks() {
        bringIn(there, document("'users':[{'name':'u','password':'Secret-1x','description':'old'}]"), ConflictPolicy.FAIL);
        assertTrue(accepted("u", PASSWORD));
        FakeApi.await(here.plane.users().createUser("u", "application", "Secret-2x", Map.of()));
        bringIn(there, document("'users':[{'name':'u','password_hash':'" + hash(here, "u") + "','description':'new'}]"),
            ConflictPolicy.UPDATE);
        assertTrue(accepted("u", "Secret-2x"));
        assertFalse(accepted("u", PASSWORD));
        assertEquals("new", there.plane.users().find("u").orElseThrow().profile().description());
    }

    @Test
    void shouldMakeAUserWithoutPasswordThatNobodyCanBe() {
        bringIn(there, document("'users':[{'name':'u'}]"), ConflictPolicy.FAIL);
        assertFalse(accepted("u", ""));
        FakeApi.await(there.plane.users().changePassword(ROOT, "u", PASSWORD));
        assertTrue(accepted("u", PASSWORD));
    }

    private RetryPolicy retry(PlaneFixture of, String station) {
        return FakeApi.await(of.plane.memphis().administration().queries().find(station).thenCompose(found ->
            of.plane.deadLetters().retries().of("root", found.orElseThrow())));
    }

    @Test
    void shouldBringInWhenDeadLettersComeAgainByThemselves() {
        RetryPolicy policy = new RetryPolicy(List.of(1_000L, 60_000L), 5);
        define(here);
        FakeApi.await(here.plane.memphis().administration().queries().find("orders").thenCompose(found ->
            here.plane.deadLetters().retries().set(ROOT, found.orElseThrow(), policy)));
        ObjectNode document = export(here, true);
        assertEquals("{\"delays_ms\":[1000,60000],\"maximum\":5}", document.get("stations").get(1).get("dls_retry").toString());
        assertFalse(document.get("stations").get(0).has("dls_retry"), "nothing is said of never");
        bringIn(there, document, ConflictPolicy.FAIL);
        assertEquals(policy, retry(there, "orders"));
        assertEquals(document, export(there, true));
        assertEquals(Set.of(Action.SAME), actions(bringIn(there, document, ConflictPolicy.FAIL)));

        JsonNode other = document("'stations':[{'name':'orders','retention_type':'messages','retention_value':1000,'storage_type':'memory',"
            + "'partitions':3,'idempotency_window_ms':60000,'dls_schemaverse':false,'dls_station':'audit','durability':'interval',"
            + "'tags':[{'name':'default'},{'name':'red'}],'dls_retry':{'delays_ms':[],'maximum':0}}]");
        assertTrue(refused(there, other, ConflictPolicy.FAIL).getMessage().contains("delays_ms is [1000,60000] here and [] in the document"));
        bringIn(there, other, ConflictPolicy.SKIP);
        assertEquals(policy, retry(there, "orders"));
        bringIn(there, other, ConflictPolicy.UPDATE);
        assertEquals(RetryPolicy.NONE, retry(there, "orders"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'delays_ms':[999],'maximum':1}|a delay has to be 1 to 86400 seconds",
        "{'delays_ms':[1000],'maximum':0}|maximum has to be 1 to 100 attempts", "{'delays_ms':[],'maximum':3}|delays has to be a list",
        "{'delays_ms':[3600000],'maximum':1}|is not shorter than dead letters are kept, which is 1 hours",
        "{'delays_ms':['x'],'maximum':1}|a list of whole numbers is needed", "{'delay':[1],'maximum':1}|there is no such member"})
    void shouldRefuseRetriesThatAStationMayNotSay(String asked) {
        String[] parts = asked.split("\\|");
        Throwable refusal = refused(there, document("'settings':{'dls_retention':'1'},'stations':[{'name':'new','dls_retry':"
            + parts[0] + "}]"), ConflictPolicy.FAIL);
        assertTrue(refusal.getMessage().contains(parts[1]), refusal.getMessage());
    }

    @Test
    void shouldTellWhatIsOnlyHere() {
        define(there);
        List<DefinitionsChange> differences = FakeApi.await(there.plane.transfer().differences("root",
            bytes(document("'stations':[{'name':'new'}],'tags':[{'name':'red','color':'1, 2, 3'}]"))));
        Map<String, Action> found = differences.stream().collect(Collectors.toMap(c -> c.kind() + " " + c.name(), DefinitionsChange::action));
        assertEquals(Action.CREATE, found.get(Kind.STATION + " new"));
        assertEquals(Action.KEEP, found.get(Kind.TAG + " red"));
        assertEquals(Action.ONLY_HERE, found.get(Kind.STATION + " orders"));
        assertEquals(Action.ONLY_HERE, found.get(Kind.GROUP + " orders/billing"));
        assertEquals(Action.ONLY_HERE, found.get(Kind.ATTACHMENT + " orders"));
        assertEquals(Action.ONLY_HERE, found.get(Kind.USER + " ann"));
        assertEquals(Action.ONLY_HERE, found.get(Kind.SETTING + " logs_retention"));
    }

    @Test
    void shouldKnowWhetherAnythingIsDefined() {
        assertTrue(FakeApi.await(here.plane.transfer().empty()));
        bringIn(here, document("'tags':[{'name':'x'}]"), ConflictPolicy.FAIL);
        assertFalse(FakeApi.await(here.plane.transfer().empty()));
    }

    @Test
    void shouldKeepWhatWasImportedOverARestart() {
        define(here);
        ObjectNode document = export(here, true);
        bringIn(there, document, ConflictPolicy.FAIL);
        FakeSystemLog log = there.log;
        there.close();
        try (PlaneFixture again = new PlaneFixture(log, ControlFixture.settings())) {
            assertEquals(document.toPrettyString(), export(again, true).toPrettyString());
        }
    }
}
