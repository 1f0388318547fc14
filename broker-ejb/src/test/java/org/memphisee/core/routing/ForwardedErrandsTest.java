package org.memphisee.core.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import org.memphisee.core.control.FakePartitions;
import org.memphisee.core.errand.AnyPartition;
import org.memphisee.core.errand.Errand;
import org.memphisee.core.errand.Errands;
import org.memphisee.core.errand.KeepViolation;
import org.memphisee.core.errand.PurgeMessages;
import org.memphisee.core.errand.ReadConsumers;
import org.memphisee.core.errand.ReadMessage;

/** Errands that another node does, because it decides about their partition. */
class ForwardedErrandsTest extends RoutesFixture {

    private static final String NOBODY = "Stream S is temporarily unavailable, since no node decides about it at the moment: try again, and"
        + " if that does not help start the nodes that are missing";

    /** The shard of a node's partitions: does at once what it is given, unless it is told to wait. */
    private static final class Work extends AbstractExecutorService {
        final List<Runnable> waiting = new ArrayList<>();
        boolean waits;

        @Override
        public void execute(Runnable task) {
            if (waits) {
                waiting.add(task);
            } else {
                task.run();
                Lane.current().flush();
            }
        }

        void goOn() {
            waits = false;
            List.copyOf(waiting).forEach(this::execute);
            waiting.clear();
        }

        @Override
        public void shutdown() { }

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }

    private final Map<String, Work> work = new HashMap<>();
    private final Map<String, FakePartitions> partitions = new HashMap<>();
    private final Map<String, Errands> errands = new HashMap<>();

    private void begin() {
        start(1);
        nodes.values().forEach(node -> {
            work.put(node.name, new Work());
            FakePartitions own = new FakePartitions(work.get(node.name));
            own.create(7, 1, 0, 0, stream("S", 3), () -> { });
            partitions.put(node.name, own);
            Errands door = new Errands(own, node.shard.clock(), Runnable::run);
            door.among(id -> node.router.partitions().placed(id) != null && node.router.partitions().placed(id).here() != null, node.routes.errands(door));
            errands.put(node.name, door);
        });
        linkAll();
        define(7, "S");
        settle();
    }

    private void decides(String node) {
        serve(node, 7);
        leads(7, node);
        settle();
    }

    private void put(String node, String payload) {
        partitions.get(node).fake("S").put("S.x", "", payload);
    }

    private AnyPartition at(String node) {
        return errands.get(node).partition("S").orElseThrow();
    }

    private <A> CompletableFuture<A> run(String node, Errand<A> errand) {
        CompletableFuture<A> answer = at(node).run(errand);
        settle();
        return answer;
    }

    private static String failure(CompletableFuture<?> of) {
        assertTrue(of.isDone(), "it goes on");
        try {
            return "done: " + of.join();
        } catch (CompletionException e) {
            return e.getCause().getMessage();
        }
    }

    private static String text(CompletableFuture<ReadMessage.Found> read) {
        assertTrue(read.isDone(), "no answer");
        return read.join().message().map(m -> new String(m.payload())).orElse("nothing");
    }

    @Test
    void shouldBeDoneByTheNodeThatDecides() {
        begin();
        put("b", "of b");
        put("a", "of a");
        decides("b");

        assertEquals("of b", text(run("a", new ReadMessage(1))));
        assertEquals(1, run("a", new PurgeMessages(2)).join());
        assertEquals(0, partitions.get("b").fake("S").messages.size());
        assertEquals(1, partitions.get("a").fake("S").messages.size());
        assertEquals("nothing", text(run("b", new ReadMessage(1))));
    }

    @Test
    void shouldBringFiguresOnceForSomeTime() {
        begin();
        put("b", "m");
        decides("b");
        assertEquals(0, at("a").figures().state().messages(), "nothing is known yet");

        assertTrue(refresh("b", 0).isDone(), "of what is here nothing is brought");
        assertTrue(refresh("a", 0).isDone());
        assertEquals(1, at("a").figures().state().messages());
        put("b", "another");
        assertTrue(refresh("a", 500 * MILLIS).isDone(), "they are new enough");
        assertEquals(1, at("a").figures().state().messages());
        pass(501);
        work.get("b").waits = true;
        CompletableFuture<Void> first = refresh("a", 500 * MILLIS);
        CompletableFuture<Void> second = refresh("a", 500 * MILLIS);
        assertEquals(1, work.get("b").waiting.size(), "they are on their way");
        refresh("a", 0);
        assertEquals(2, work.get("b").waiting.size(), "who wants them from now on has them brought again");
        work.get("b").goOn();
        settle();
        assertTrue(first.isDone() && second.isDone());
        assertEquals(2, at("a").figures().state().messages());

        cease("b", 7);
        leads(7, "");
        assertTrue(refresh("a", 0).isDone(), "nobody is waited for");
        assertEquals(2, at("a").figures().state().messages(), "as they were");
    }

    private CompletableFuture<Void> refresh(String node, long maxAge) {
        CompletableFuture<Void> done = errands.get(node).refresh(List.of(at(node)), maxAge);
        settle();
        return done;
    }

    @Test
    void shouldWaitForSomebodyWhoDecidesAndSayWhatHelps() {
        begin();
        CompletableFuture<ReadMessage.Found> patient = run("a", new ReadMessage(1));
        assertEquals(NOBODY, failure(now(new ReadMessage(1))), "who does not wait is told at once");
        pass(2_000);
        assertFalse(patient.isDone());
        put("c", "late");
        decides("c");
        assertEquals("late", text(patient));

        cease("c", 7);
        leads(7, "");
        CompletableFuture<Long> purge = run("a", new PurgeMessages(2));
        pass(3_900);
        assertFalse(purge.isDone());
        pass(200);
        assertEquals(NOBODY, failure(purge));
    }

    private <A> CompletableFuture<A> now(Errand<A> errand) {
        CompletableFuture<A> answer = at("a").runNow(errand);
        settle();
        return answer;
    }

    @Test
    void shouldLookAtTheNextLeaderWhenTheFirstOneWentAway() {
        begin();
        put("c", "of c");
        work.get("b").waits = true;
        decides("b");
        CompletableFuture<ReadMessage.Found> read = run("a", new ReadMessage(1));
        links.cut("a", "b");
        settle();
        assertFalse(read.isDone());
        decides("c");
        pass(50);
        settle();
        assertEquals("of c", text(read));
        work.get("b").goOn();
        settle();
        assertEquals(List.of(), reported);
    }

    @Test
    void shouldNotBeDoneTwiceWhenItRemovesMessages() {
        begin();
        put("c", "of c");
        work.get("b").waits = true;
        decides("b");
        CompletableFuture<Long> purge = run("a", new PurgeMessages(2));
        links.cut("a", "b");
        settle();
        decides("c");
        pass(50);
        settle();
        assertEquals("Node b, which decides about stream S, went away before it answered, so that it is not known whether anything was"
            + " changed: look what is there, and try again", failure(purge));
        assertEquals(1, partitions.get("c").fake("S").messages.size());
    }

    @Test
    void shouldGoOnLookingWhenTheNodeDoesNotDecideAnyMore() {
        begin();
        put("c", "of c");
        leads(7, "b");
        settle();
        CompletableFuture<ReadMessage.Found> read = run("a", new ReadMessage(1));
        pass(100);
        settle();
        assertFalse(read.isDone());
        decides("c");
        pass(50);
        settle();
        assertEquals("of c", text(read));
    }

    @Test
    void shouldEndWhenTheNodeIsSilent() {
        begin();
        work.get("b").waits = true;
        decides("b");
        CompletableFuture<ReadMessage.Found> patient = run("a", new ReadMessage(1));
        CompletableFuture<ReadMessage.Found> hurried = now(new ReadMessage(1));
        pass(2_100);
        assertTrue(failure(hurried).startsWith("Node b, which decides about stream S, does not answer: try again"), failure(hurried));
        assertFalse(patient.isDone());
        pass(8_000);
        assertTrue(failure(patient).startsWith("Node b, which decides about stream S, does not answer: try again"), failure(patient));
    }

    @Test
    void shouldDoNoMoreAtATimeThanAnswersMayTake() {
        settings = new RoutesSettings(4_000 * MILLIS, 1_000 * MILLIS, 2 * MILLIS, 1_000 * MILLIS, 1 << 20, 8 << 20, 4 << 20, 600 << 10,
            8 << 20);
        begin();
        work.get("b").waits = true;
        decides("b");
        CompletableFuture<?> first = run("a", new ReadConsumers(false, ""));
        CompletableFuture<?> second = run("a", new ReadConsumers(false, ""));
        CompletableFuture<?> third = run("a", new ReadConsumers(false, ""));
        assertEquals(2, work.get("b").waiting.size(), "the third would take too much memory");
        CompletableFuture<?> ofAnother = run("c", new ReadConsumers(false, ""));
        assertEquals(3, work.get("b").waiting.size(), "which is nobody's fault but its own");
        pass(100);
        settle();
        work.get("b").goOn();
        settle();
        assertTrue(first.isDone() && second.isDone() && ofAnother.isDone() && !third.isDone());
        pass(50);
        settle();
        assertTrue(third.isDone(), "it was asked again");

        work.get("b").waits = true;
        run("a", new ReadConsumers(false, ""));
        run("a", new ReadConsumers(false, ""));
        CompletableFuture<?> late = run("a", new ReadConsumers(false, ""));
        pass(10_100);
        assertEquals("The broker is busy, try again", failure(late));
    }

    @Test
    void shouldTakeNoMoreThanMayWait() {
        begin();
        byte[] large = new byte[5 << 20];
        CompletableFuture<Boolean> first = run("a", new KeepViolation("S.x", large, new byte[0], "", ""));
        assertEquals("The broker is busy, try again", failure(run("a", new KeepViolation("S.x", large, new byte[0], "", ""))));
        pass(4_100);
        assertEquals(NOBODY, failure(first));
        assertFalse(run("a", new KeepViolation("S.x", large, new byte[0], "", "")).isDone(), "there is room again");
    }

    @Test
    void shouldEndWhenTheStreamIsRemoved() {
        begin();
        decides("b");
        nodes.get("a").router.partitions().closeElsewhere(7);
        assertEquals("The partition does not exist any more", failure(run("a", new ReadMessage(1))));
        nodes.get("b").routes.close();
        settle();
    }
}
