package org.memphisee.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.access.AccessRefusal;
import org.memphisee.core.access.NewUser;
import org.memphisee.core.access.PermissionPatterns;
import org.memphisee.core.access.UserProfile;
import org.memphisee.core.control.Authors;
import org.memphisee.core.log.SideLog;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.observe.ServerLog;
import org.memphisee.core.observe.ServerLog.Line;
import org.memphisee.core.observe.ServerLog.Type;
import org.memphisee.store.memory.MemoryLogStore;

/** What the server said, kept in the log. */
class ServerLogTest {

    private static final Set<Type> ALL = EnumSet.allOf(Type.class);

    private final List<String> happened = new CopyOnWriteArrayList<>();
    private MemoryLogStore store = new MemoryLogStore(MemoryLogStore.Disk.KEEPS);
    private Broker broker;

    @BeforeEach
    void start() throws StoreException {
        broker = WholeBroker.open(WholeBroker.options(WholeBroker.SHARDS, 20_000_000), store, new WholeBroker.Events(happened));
    }

    @AfterEach
    void stop() {
        broker.close();
        assertEquals(List.of(), happened);
    }

    private ServerLog log() {
        return broker.serverLog();
    }

    private List<Line> find(Set<Type> types, String source, long start) {
        return CoreClient.get(log().find("root", types, source, start));
    }

    /** Waits until the log writer has written what was said. */
    private void written() {
        new CoreClient(broker, WholeBroker.SECRET).request("$JS.API.STREAM.CREATE.w" + System.nanoTime(), "{}");
        CoreClient.get(broker.control().users().changeProfile(Authors.of("root"), "root", p -> p.withAvatar(7)));
    }

    @Test
    void shouldShowLinesByKindAndSourceTheLatestFirst() {
        log().add(Type.INFO, "one");
        log().add(Type.ERR, "two");
        log().add(Type.SYS, "three");
        written();

        assertEquals(List.of("three", "two", "one"), find(ALL, "", -1).stream().map(Line::data).toList());
        assertEquals(List.of("two"), find(EnumSet.of(Type.ERR), "", -1).stream().map(Line::data).toList());
        assertEquals(3, find(ALL, "test", -1).size());
        assertEquals(List.of(), find(ALL, "memphis-1", -1));
        assertEquals(List.of("two", "one"), find(ALL, "", 2).stream().map(Line::data).toList());
    }

    @Test
    void shouldGivePagesOfAHundredThatFollowEachOther() {
        for (int i = 0; i < 150; i++) {
            log().add(Type.INFO, "line " + i);
        }
        written();

        List<Line> first = find(ALL, "", -1);
        List<Line> second = find(ALL, "", first.get(99).number() - 1);

        assertEquals(100, first.size());
        assertEquals("line 149", first.get(0).data());
        assertEquals(50, second.size());
        assertEquals("line 0", second.get(49).data());
    }

    @Test
    void shouldGiveThemAllInTheirOrderPartByPart() {
        for (int i = 0; i < 150; i++) {
            log().add(i % 2 == 0 ? Type.INFO : Type.ERR, "line " + i);
        }
        written();
        List<String> read = new ArrayList<>();
        long next = 0;
        int parts = 0;
        do {
            ServerLog.Part part = CoreClient.get(log().part("root", ALL, "", next, 40));
            part.lines().forEach(line -> read.add(line.data()));
            next = part.next();
            parts++;
        } while (next > 0);
        assertEquals(IntStream.range(0, 150).mapToObj(i -> "line " + i).toList(), read);
        assertEquals(4, parts);
        assertEquals(75, CoreClient.get(log().part("root", EnumSet.of(Type.ERR), "test", 0, 200)).lines().size());
        assertEquals(List.of(), CoreClient.get(log().part("root", ALL, "memphis-1", 0, 200)).lines());
    }

    @Test
    void shouldKeepLinesOverARestart() throws StoreException {
        log().add(Type.WARN, "before");
        broker.close();
        store.close();
        store = store.reopen();
        start();
        log().add(Type.WARN, "after");
        written();

        assertEquals(List.of("after", "before"), find(ALL, "", -1).stream().map(Line::data).toList());
    }

    @Test
    void shouldBoundFloodsAndLongLines() {
        for (int i = 0; i < 100_000; i++) {
            log().add(Type.INFO, "x".repeat(10_000));
        }
        written();

        assertTrue(broker.sideLogs().bytes(SideLog.SERVER) < 60L * 200 * 9_000);
        assertEquals(8_195, find(ALL, "", -1).get(0).data().length());
    }

    @Test
    void shouldRefusePeopleWithLimits() {
        CoreClient.get(broker.control().users().createUser(Authors.of("root"), new NewUser("lim", "management", "Secret-1x",
            UserProfile.EMPTY, new PermissionPatterns(List.of("a"), List.of(), List.of(), List.of()))));

        assertThrows(AccessRefusal.class, () -> log().find("lim", ALL, "", -1));
        assertThrows(AccessRefusal.class, () -> log().part("lim", ALL, "", 0, 200));
    }
}
