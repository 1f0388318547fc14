package org.memphisee.cluster.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.cluster.jgroups.ChannelCluster;
import org.memphisee.core.cluster.UndecidedException;
import org.memphisee.core.cluster.UndecidedException.Outcome;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.time.World;
import org.memphisee.store.je.JeLogStore;
import org.memphisee.store.je.JeStoreSettings;
import org.memphisee.store.journal.DiskJournalFiles;
import org.memphisee.support.Await;

/** Three nodes in one JVM with threads, TCP and disks of their own. */
class MetaTcpTest {

    private static final List<String> NAMES = List.of("a", "b", "c");

    @TempDir
    Path data;
    private ChannelCluster links;
    private final Map<String, MetaLife> lives = new ConcurrentHashMap<>();
    private final Map<String, JeLogStore> stores = new HashMap<>();
    private final Map<Long, SystemEvent> events = new ConcurrentHashMap<>();

    private MetaSettings settings = MetaSettings.DEFAULT;

    /** Three nodes that serve. */
    private void form() throws Exception {
        links = new ChannelCluster(name -> lives.get(name).groups);
        for (String name : NAMES) {
            start(name);
        }
        until("all serve", () -> lives.values().stream().allMatch(life -> life.serving));
    }

    private void start(String name) throws Exception {
        JeLogStore store = JeLogStore.open(new JeStoreSettings(data.resolve(name + "-log"), 16L << 20, 0, task ->
            new Thread(task, "drop")));
        stores.put(name, store);
        MetaLife life = new MetaLife(name, NAMES, World.of(Thread::new), store, DiskJournalFiles.of(data.resolve(name + "-raft")),
            (index, event) -> {
                SystemEvent other = events.putIfAbsent(index, event);
                if (other != null && !other.equals(event)) {
                    throw new AssertionError("event " + index + " is " + event + " on " + name + " and was " + other);
                }
            }, settings);
        lives.put(name, life);
        links.start(name);
        life.groups.over(links.links(name));
    }

    private void stop(String name) throws Exception {
        MetaLife life = lives.remove(name);
        life.close();
        links.kill(name);
        stores.remove(name).close();
        assertEquals(List.of(), life.failures);
    }

    @AfterEach
    void end() throws Exception {
        for (String name : List.copyOf(lives.keySet())) {
            stop(name);
        }
        links.close();
    }

    private void until(String what, java.util.function.BooleanSupplier condition) {
        Await.until(what, condition);
    }

    private String ask(String node, String request) throws Exception {
        return asked(node, request).get(20, TimeUnit.SECONDS);
    }

    private CompletableFuture<String> asked(String node, String request) {
        CompletableFuture<String> told = new CompletableFuture<>();
        MetaLife life = lives.get(node);
        life.ask(request, new MetaAnswer() {
            @Override
            public void answered(byte[] answer) {
                String name = request.split(" ")[1];
                boolean there = life.definitions().station(name).isPresent() || life.definitions().user(name).isPresent();
                told.complete(new String(answer, StandardCharsets.UTF_8) + (there ? ", seen" : ", not seen"));
            }

            @Override
            public void failed(UndecidedException why) {
                told.completeExceptionally(why);
            }
        });
        return told;
    }

    private String leader() {
        until("somebody leads", () -> !lives.values().iterator().next().meta.leader().isEmpty());
        return lives.values().iterator().next().meta.leader();
    }

    private void same() {
        until("all have folded the same", () -> lives.values().stream().map(life -> life.log.folded()).distinct().count() == 1);
        assertEquals(1, lives.values().stream().map(life -> life.snapshot().events()).distinct().count());
    }

    @Test
    void shouldAnswerAtAnyNodeWhenThatNodeSeesIt() throws Exception {
        form();
        for (String name : NAMES) {
            assertEquals("made, seen", ask(name, "station s-" + name));
            assertEquals("made, seen", ask(name, "user u-" + name));
            assertEquals("there is, seen", ask(name, "user u-" + name));
        }
        for (String name : NAMES) {
            assertEquals("gone, not seen", ask(name, "nostation s-" + name));
        }
        same();
        assertEquals(3, lives.get("b").snapshot().events().size());
    }

    @Test
    void shouldMakeOneOfTwoThatAreAskedForAtTheSameTime() throws Exception {
        form();
        CompletableFuture<String> one = asked("b", "station same");
        CompletableFuture<String> other = asked("c", "station same");
        assertEquals(java.util.Set.of("made, seen", "there is, seen"), java.util.Set.of(one.get(20, TimeUnit.SECONDS),
            other.get(20, TimeUnit.SECONDS)));
        same();
    }

    @Test
    void shouldGoOnWhenTheLeaderStopsAndHaveEverythingAfterItIsBack() throws Exception {
        form();
        assertEquals("made, seen", ask("b", "station before"));
        String first = leader();
        stop(first);
        String left = lives.keySet().iterator().next();
        assertEquals("made, seen", ask(left, "station meanwhile"));
        start(first);
        until("it serves again", () -> lives.get(first).serving);
        assertEquals("there is, seen", ask(first, "station meanwhile"));
        assertEquals("gone, not seen", ask(first, "nostation before"));
        same();
    }

    @Test
    void shouldHaveEverythingAfterAllWereStopped() throws Exception {
        form();
        for (int i = 0; i < 30; i++) {
            assertEquals("made, seen", ask(NAMES.get(i % 3), "station s" + i));
        }
        same();
        List<SystemEvent> before = lives.get("a").snapshot().events();
        for (String name : NAMES) {
            stop(name);
        }
        for (String name : NAMES) {
            start(name);
        }
        until("all serve", () -> lives.values().stream().allMatch(life -> life.serving));
        assertEquals("there is, seen", ask("c", "station s29"));
        same();
        assertEquals(before, lives.get("b").snapshot().events());
    }

    @Test
    void shouldRefuseWithARemedyWhereNoMajorityIs() throws Exception {
        MetaSettings usual = MetaSettings.DEFAULT; // nobody comes: there is nothing to wait for
        settings = new MetaSettings(usual.holdNanos() / 4, usual.decideNanos() / 4, usual.askedAtOnce(), usual.askedBytes());
        form();
        String left = leader();
        for (String name : NAMES) {
            if (!name.equals(left)) {
                stop(name);
            }
        }
        CompletableFuture<String> told = asked(left, "station alone");
        UndecidedException why = (UndecidedException) told.handle((answer, failure) -> failure).get(20, TimeUnit.SECONDS);
        assertTrue(why.outcome() == Outcome.REFUSED || why.outcome() == Outcome.UNKNOWN, why.toString());
        until("it does not lead", () -> lives.get(left).meta.leader().isEmpty());
        why = (UndecidedException) asked(left, "station later").handle((answer, failure) -> failure).get(20, TimeUnit.SECONDS);
        assertEquals(Outcome.REFUSED, why.outcome());
        assertTrue(why.getMessage().contains("when a majority of the nodes is linked; ask again"), why.getMessage());
    }
}
