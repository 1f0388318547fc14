package org.memphisee.core.subject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

import org.memphisee.stress.Races;

class SubjectTreeTest {

    private final SubjectTree<String> tree = new SubjectTree<>();

    private void add(String pattern, String value) {
        tree.add(pattern.getBytes(StandardCharsets.UTF_8), value);
    }

    private void remove(String pattern, String value) {
        tree.remove(pattern.getBytes(StandardCharsets.UTF_8), value);
    }

    private List<String> match(String subject) {
        return match(tree, subject);
    }

    private static List<String> match(SubjectTree<String> tree, String subject) {
        byte[] b = ("xx" + subject + "yy").getBytes(StandardCharsets.UTF_8);
        List<String> found = new ArrayList<>();
        tree.match(b, 2, b.length - 4, found::add);
        found.sort(null);
        return found;
    }

    @Test
    void shouldFindEveryPatternThatMatches() {
        List.of("a.b", "a.*", "*.b", "a.>", ">", "a.b.c", "*").forEach(p -> add(p, p));
        assertEquals(List.of("*.b", ">", "a.*", "a.>", "a.b"), match("a.b"));
        assertEquals(List.of("*", ">"), match("a"));
        assertEquals(List.of(">", "a.>", "a.b.c"), match("a.b.c"));
    }

    @Test
    void shouldForgetWhatWasRemovedAndKeepTheRest() {
        String first = new String("v");
        String second = new String("v");
        add("a.b", first);
        add("a.b", second);
        remove("a.b", first);
        assertEquals(List.of("v"), match("a.b"));
        remove("a.b", second);
        assertEquals(List.of(), match("a.b"));
        remove("a.b", second);
        remove("never.there", second);
    }

    @RepeatedTest(50)
    void shouldAgreeWithMatchingEachPatternByItself(RepetitionInfo run) {
        Random random = new Random(run.getCurrentRepetition());
        Map<String, String> model = new HashMap<>();
        String[] tokens = {"a", "b", "c", "*", "dd"};
        for (int i = 0; i < 400; i++) {
            StringBuilder p = new StringBuilder(tokens[random.nextInt(tokens.length)]);
            for (int k = random.nextInt(4); k > 0; k--) {
                p.append('.').append(tokens[random.nextInt(tokens.length)]);
            }
            if (random.nextInt(4) == 0) {
                p.append(".>");
            }
            String pattern = p.toString();
            String known = model.remove(pattern);
            if (known == null) {
                String value = new String(pattern);
                model.put(pattern, value);
                add(pattern, value);
            } else {
                remove(pattern, known);
            }
            String subject = pattern.replace("*", "b").replace(">", "c");
            List<String> expected = model.keySet().stream().filter(x -> Subjects.matches(x, subject)).sorted().toList();
            assertEquals(expected, match(subject), () -> "seed " + run.getCurrentRepetition() + ", subject " + subject);
        }
    }

    @Test
    void shouldAlwaysFindWhatStaysWhileOtherThingsComeAndGo() throws InterruptedException {
        add("stays.here", "s");
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<String> missed = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            while (!stop.get()) {
                if (!match(tree, "stays.here").equals(List.of("s"))) {
                    missed.set("missed");
                }
            }
        });
        reader.start();
        for (int i = 0; i < 20_000; i++) {
            String value = "v" + i;
            add("stays.s" + i % 97, value);
            add("go." + i, value);
            remove("go." + i, value);
            remove("stays.s" + i % 97, value);
        }
        stop.set(true);
        reader.join();
        assertTrue(missed.get() == null);
    }

    /** One thread binds and takes back, one looks a subject up and goes through all. */
    private static final class Round implements Races.Round {
        private static final int PASSES = 200;
        private static final Set<String> MATCHING = Set.of("stays", "a.*", "a.>", "*.b", "a.b", ">");
        private static final Set<String> BOUND = Set.of("stays", "a.*", "a.>", "*.b", "a.b", ">", "a.b.c", "x.y");

        private final SubjectTree<String> tree = new SubjectTree<>();
        private final Set<String> faults = new TreeSet<>();

        private Round() {
            tree.add(bytes("a.b"), "stays");
        }

        private static byte[] bytes(String pattern) {
            return pattern.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public List<Runnable> actors() {
            return List.of(() -> {
                for (int i = 0; i < PASSES; i++) {
                    for (String pattern : List.of("a.*", "a.>", "*.b", "a.b", "a.b.c", "x.y", ">")) {
                        tree.add(bytes(pattern), pattern);
                    }
                    for (String pattern : List.of("a.b", ">", "a.>", "a.b.c", "*.b", "x.y", "a.*")) {
                        tree.remove(bytes(pattern), pattern);
                    }
                }
            }, () -> {
                for (int i = 0; i < 4 * PASSES; i++) {
                    List<String> found = new ArrayList<>();
                    tree.match(bytes("a.b"), 0, 3, found::add);
                    faults.add(fault(found, MATCHING));
                    if (i % 4 == 0) {
                        List<String> bound = new ArrayList<>();
                        tree.forEach(bound::add);
                        faults.add(fault(bound, BOUND));
                    }
                }
            });
        }

        @Override
        public String outcome() {
            return String.join("", faults);
        }

        private static String fault(List<String> found, Set<String> possible) {
            boolean whole = found.contains("stays") && Set.copyOf(found).size() == found.size() && possible.containsAll(found);
            return whole ? "" : found.toString();
        }
    }

    /**
     * A reader reads each link of a node once, and what it finds there was whole when it was linked: nodes before their
     * links, lists of values as new arrays. A branch is cut only when nothing is bound below it, so what stays is found on
     * every way; each value hangs at one node, and each node at one link, so nothing is found twice.
     */
    @Test
    void shouldShowReadersWhatStaysOnceAndNothingTwiceWhileOneThreadChangesIt() throws InterruptedException {
        Map<String, Long> outcomes = Races.count(Round::new);
        assertEquals(Set.of(""), outcomes.keySet(), outcomes.toString());
    }
}
