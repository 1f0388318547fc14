package org.memphisee.core.subject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

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
}
