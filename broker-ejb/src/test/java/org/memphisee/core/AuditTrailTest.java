package org.memphisee.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.access.AccessRefusal;
import org.memphisee.core.access.NewUser;
import org.memphisee.core.access.PermissionPatterns;
import org.memphisee.core.access.UserProfile;
import org.memphisee.core.api.Author;
import org.memphisee.core.audit.AuditEntry;
import org.memphisee.core.audit.AuditPage;
import org.memphisee.core.audit.AuditQuery;
import org.memphisee.core.audit.PastDefinition;
import org.memphisee.core.control.Authors;
import org.memphisee.core.log.SideLog;
import org.memphisee.core.log.StoreException;
import org.memphisee.store.memory.MemoryLogStore;

/** Who changed what, when and from where, over all doors of a whole broker. */
class AuditTrailTest {

    private static final AuditQuery ALL = new AuditQuery("", "", "", "", "", "", 0, 0, true);
    private static final AuditQuery CHANGES = new AuditQuery("", "", "", "", "", "", 0, 0, false);

    private final List<String> happened = new CopyOnWriteArrayList<>();
    private MemoryLogStore store = new MemoryLogStore(MemoryLogStore.Disk.FORGETS);
    private Broker broker;
    private CoreClient client;

    @BeforeEach
    void start() throws StoreException {
        broker = WholeBroker.open(WholeBroker.options(WholeBroker.SHARDS, 20_000_000), store, new WholeBroker.Events(happened));
        client = new CoreClient(broker, WholeBroker.SECRET);
    }

    @AfterEach
    void stop() {
        broker.close();
        assertEquals(List.of(), happened);
    }

    private void powerFails() throws StoreException {
        store.crash();
        broker.close();
        store = store.reopen();
        start();
    }

    private void station(String name) {
        assertEquals("", client.request("$memphis_station_creations", "{\"name\":\"" + name
            + "\",\"retention_type\":\"messages\",\"retention_value\":1000000,\"storage_type\":\"file\",\"replicas\":1,"
            + "\"idempotency_window_in_ms\":120000,\"partitions_number\":2,\"schema_name\":\"\",\"username\":\"root\"}"), "created");
    }

    private void stream(String name, int maxMsgs, String operation) {
        String answer = client.request("$JS.API.STREAM." + operation + "." + name, "{\"name\":\"" + name
            + "\",\"subjects\":[\"" + name + ".>\"],\"max_msgs\":" + maxMsgs + "}");
        assertFalse(answer.contains("\"error\""), answer);
    }

    private List<AuditEntry> find(AuditQuery query) {
        return CoreClient.get(broker.audit().find("root", query, 0, 100)).entries();
    }

    private AuditEntry latest(AuditQuery query) {
        return find(query).get(0);
    }

    private String at(String kind, String object, long nanos) {
        PastDefinition past = CoreClient.get(broker.audit().definitionAt("root", kind, object, nanos));
        assertTrue(past.known(), past.toString());
        return past.definition();
    }

    @Test
    void shouldTellWhoMadeAStationByWhichDoorAndFromWhere() throws Exception {
        station("orders");

        AuditEntry made = latest(AuditQuery.of("station", "orders"));

        assertEquals("station_created", made.action());
        assertEquals("root", made.by().user());
        assertEquals("jetstream", latestOfStream().by().door().label());
        assertEquals("127.0.0.1", made.by().address());
        assertEquals("", made.before());
        assertTrue(made.after().contains("\"retentionValue\":1000000"), made.after());
        assertEquals("sdk", made.by().door().label());
        assertTrue(made.atNanos() > 0);
    }

    private AuditEntry latestOfStream() {
        stream("plain", 5, "CREATE");
        return latest(AuditQuery.of("station", "plain"));
    }

    @Test
    void shouldTellWhoImportedEachThing() {
        Author by = new Author("root", Author.Door.MANAGEMENT, "10.0.0.7", "memphisee");
        CoreClient.get(broker.control().transfer().bringIn(by, ("{\"format\":\"memphisee.definitions\",\"version\":1,"
            + "\"users\":[{\"name\":\"u\"}],\"stations\":[{\"name\":\"imported\",\"groups\":[{\"name\":\"g\"}]}]}")
            .getBytes(java.nio.charset.StandardCharsets.UTF_8), org.memphisee.core.definitions.ConflictPolicy.FAIL, false));
        for (AuditQuery query : List.of(AuditQuery.of("station", "imported"), AuditQuery.of("group", "imported/g"), AuditQuery.of("user", "u"))) {
            assertEquals(by, latest(query).by());
        }
    }

    @Test
    void shouldShowWhatWasThereBeforeAndAfterwards() {
        stream("s", 5, "CREATE");
        stream("s", 7, "UPDATE");
        client.request("$JS.API.STREAM.DELETE.s", "");

        List<AuditEntry> all = find(AuditQuery.of("station", "s"));

        assertEquals(List.of("stream_deleted", "stream_updated", "stream_created"),
            all.stream().map(AuditEntry::action).toList());
        assertTrue(all.get(1).before().contains("\"maxMsgs\":5") && all.get(1).after().contains("\"maxMsgs\":7"), all.toString());
        assertTrue(all.get(0).before().contains("\"maxMsgs\":7"), all.toString());
        assertEquals("", all.get(0).after());
    }

    @Test
    void shouldTellWhatADefinitionWasEarlier() {
        stream("s", 5, "CREATE");
        long made = latest(AuditQuery.of("station", "s")).atNanos();
        stream("s", 7, "UPDATE");
        long changed = latest(AuditQuery.of("station", "s")).atNanos();
        client.request("$JS.API.STREAM.DELETE.s", "");
        long gone = latest(AuditQuery.of("station", "s")).atNanos();

        assertEquals("", at("station", "s", made - 1));
        assertTrue(at("station", "s", made).contains("\"maxMsgs\":5"));
        assertTrue(at("station", "s", changed).contains("\"maxMsgs\":7"));
        assertEquals("", at("station", "s", gone));
        assertEquals("", at("station", "never", gone));
        assertTrue(at("user", "root", gone).contains("\"type\":\"ROOT\""));
        assertFalse(CoreClient.get(broker.audit().definitionAt("root", "station", "s", 1)).known());
    }

    @Test
    void shouldNameWhoRemovedMessages() {
        stream("s", 50, "CREATE");
        CoreClient.get(client.ask("s.a", "one"));
        CoreClient.get(client.ask("s.a", "two"));
        assertTrue(client.request("$JS.API.STREAM.MSG.DELETE.s", "{\"seq\":1}").contains("\"success\":true"));
        assertTrue(client.request("$JS.API.STREAM.PURGE.s", "{\"filter\":\"s.a\"}").contains("\"purged\":1"));

        AuditEntry purged = latest(AuditQuery.of("station", "s"));

        assertEquals("messages_purged", purged.action());
        assertTrue(purged.after().contains("\"filter\":\"s.a\""), purged.after());
        assertEquals(List.of("messages_purged", "message_removed", "stream_created"),
            find(AuditQuery.ofStation("s")).stream().map(AuditEntry::action).toList());
    }

    @Test
    void shouldKeepUsersWithoutTheirPasswords() {
        NewUser ann = new NewUser("ann", "management", "Secret-1x", UserProfile.EMPTY, PermissionPatterns.NONE);
        CoreClient.get(broker.control().users().createUser(Authors.of("root"), ann));
        CoreClient.get(broker.control().users().changePassword(Authors.of("ann"), "ann", "Other-2yz"));
        CoreClient.get(broker.control().users().removeUser(Authors.of("root"), "ann"));

        List<AuditEntry> all = find(AuditQuery.of("user", "ann"));

        assertEquals(List.of("user_removed", "user_password_changed", "user_created"),
            all.stream().map(AuditEntry::action).toList());
        assertEquals("ann", all.get(1).by().user());
        assertFalse(all.toString().contains("pbkdf2"), all.toString());
        assertEquals(List.of("user_password_changed"), find(new AuditQuery("", "", "", "ann", "", "management", 0, 0, false))
            .stream().map(AuditEntry::action).toList());
    }

    @Test
    void shouldFindByTimeAndPageThroughBothLogs() {
        stream("first", 5, "CREATE");
        long then = latest(CHANGES).atNanos();
        station("orders");
        for (int i = 0; i < 10; i++) {
            client.request("$memphis_producer_creations", "{\"name\":\"p" + i + "\",\"station_name\":\"orders\","
                + "\"connection_id\":\"c\",\"producer_type\":\"application\",\"req_version\":4,\"username\":\"root\"}");
        }
        stream("last", 5, "CREATE");

        List<AuditEntry> whole = find(new AuditQuery("", "", "", "", "", "", then + 1, 0, true));
        assertEquals(12, whole.size(), whole.toString());
        assertEquals(10, find(AuditQuery.ofStation("orders")).stream().filter(e -> e.action().equals("member_registered")).count());
        List<String> paged = new CopyOnWriteArrayList<>();
        long next = 0;
        do {
            AuditPage page = CoreClient.get(broker.audit().find("root", ALL, next, 3));
            page.entries().forEach(entry -> paged.add(entry.number() + entry.action()));
            next = page.next();
        } while (next != 0);
        assertEquals(find(ALL).stream().map(entry -> entry.number() + entry.action()).toList(), paged);
    }

    @Test
    void shouldLoseNoChangeThatWasAnsweredWhenThePowerFails() throws Exception {
        stream("s", 5, "CREATE");
        powerFails();
        stream("t", 5, "CREATE");

        assertEquals("root", latest(AuditQuery.of("station", "s")).by().user());
        assertEquals(List.of("t", "s"), find(new AuditQuery("station", "", "", "", "", "", 0, 0, false)).stream()
            .map(entry -> entry.subject().object()).toList());
    }

    @Test
    void shouldShowWhoHasLimitsOnlyStationsThatItMayUse() {
        stream("a", 5, "CREATE");
        stream("b", 5, "CREATE");
        CoreClient.get(broker.control().users().createUser(Authors.of("root"), new NewUser("lim", "management", "Secret-1x",
            UserProfile.EMPTY, new PermissionPatterns(List.of("a"), List.of(), List.of(), List.of()))));

        assertEquals(List.of("a"), CoreClient.get(broker.audit().find("lim", ALL, 0, 100)).entries().stream()
            .map(entry -> entry.subject().object()).toList());
        assertThrows(AccessRefusal.class, () -> broker.audit().definitionAt("lim", "station", "b", Long.MAX_VALUE));
        assertThrows(AccessRefusal.class, () -> broker.audit().definitionAt("lim", "user", "root", Long.MAX_VALUE));
    }

    @Test
    void shouldNotLetBusyClientsPushChangesOut() {
        broker.sideLogs().limit(SideLog.ACTIVITY, 1_000, 20_000);
        stream("s", 50, "CREATE");
        for (int i = 0; i < 200; i++) {
            client.request("$JS.API.STREAM.MSG.DELETE.s", "{\"seq\":" + (i + 1) + "}");
        }

        assertTrue(broker.sideLogs().bytes(SideLog.ACTIVITY) <= 20_000);
        assertEquals("stream_created", latest(CHANGES).action());
        assertTrue(find(ALL).size() < 100);
    }

    private static byte[] picture(int seed) throws IOException {
        BufferedImage image = new BufferedImage(100, 100, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            image.setRGB(i % 100, i / 100, random.nextInt());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(image, "png", out));
        return out.toByteArray();
    }

    /** Whoever has something to hide must not push it out of the log with large pictures. */
    @Test
    void shouldNotLetPicturesPushChangesOut() throws Exception {
        broker.sideLogs().limit(SideLog.AUDIT, 1_000, 30_000);
        stream("s", 50, "CREATE");
        for (int i = 0; i < 5; i++) {
            byte[] picture = picture(i);
            assertTrue(picture.length > 30_000, "larger than the log: " + picture.length);
            CoreClient.get(broker.control().runtime().logo().put(Authors.of("ann"), picture));
        }

        AuditEntry change = latest(CHANGES);
        assertEquals("company_logo_changed", change.action());
        assertEquals("ann", change.by().user());
        assertTrue(find(CHANGES).stream().anyMatch(entry -> entry.action().equals("stream_created")));
        AuditEntry activity = latest(ALL);
        assertEquals("setting_changed", activity.action());
        assertTrue(activity.after().length() < 200, "pages of entries would be huge: " + activity.after().length());
        String shown = broker.control().runtime().logo().uri();
        powerFails();
        assertEquals(shown, broker.control().runtime().logo().uri());
        CoreClient.get(broker.control().runtime().logo().remove(Authors.of("bob")));
        assertEquals("", latest(CHANGES).before());
        assertEquals("bob", latest(CHANGES).by().user());
        assertFalse(CoreClient.get(broker.audit().definitionAt("root", "setting", "company_logo", Long.MAX_VALUE)).known());
    }

    @Test
    void shouldNameTheBrokerForWhatItDoesByItself() {
        AuditEntry root = find(AuditQuery.of("user", "root")).stream().reduce((a, b) -> b).orElseThrow();

        assertEquals("user_created", root.action());
        assertEquals("broker", root.by().door().label());
    }
}
