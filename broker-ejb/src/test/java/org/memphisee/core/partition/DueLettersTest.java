package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterGroup;
import org.memphisee.core.letters.RetryPolicy;

/** Letters that groups get again by themselves: when, and which. */
class DueLettersTest extends DeadLettersFixture {

    private void retry(RetryPolicy policy) {
        f.partition.run(p -> p.retryDeadLetters(policy));
        f.settle();
    }

    private List<Long> due(String group) {
        return on(() -> f.partition.letters().due(Set.of(group), f.clock.wallNanos(), 100)).stream().map(Letter::sequence).toList();
    }

    private Set<String> groupsDue() {
        return on(() -> f.partition.letters().due(f.clock.wallNanos()));
    }

    @Test
    void shouldHaveGroupsWaitForTheirNextAttemptWhileTheStationSaysSo() {
        group(5, "g");
        store("a", "b", "c");
        say(next("g"), "+TERM");
        f.advance(SECOND);
        retry(new RetryPolicy(List.of(60_000L), 2));
        say(next("g"), "+TERM");
        f.advance(SECOND);
        assertEquals(1, figures().toResend(), "what was there before is left to people");
        assertEquals(List.of(), due("g"));
        assertEquals(Set.of(), groupsDue());
        f.advance(30 * SECOND);
        say(next("g"), "+TERM");
        f.advance(SECOND);
        f.advance(29 * SECOND);
        assertEquals(Set.of("g"), groupsDue());
        assertEquals(List.of(2L), due("g"));
        assertEquals(List.of(), due("h"));
        f.crash(); // the process knows nothing of the policy until it is told
        assertEquals(List.of(2L), due("g"));
        f.advance(40 * SECOND);
        assertEquals(List.of(2L, 3L), due("g"));
        assertEquals(List.of(2L), on(() -> f.partition.letters().due(Set.of("g"), f.clock.wallNanos(), 1)).stream()
            .map(Letter::sequence).toList());
        retry(RetryPolicy.NONE);
        assertEquals(Set.of(), groupsDue());
        assertEquals(0, figures().toResend());
        f.advance(SECOND);
        f.crash();
        assertEquals(List.of(LetterGroup.Again.NO, LetterGroup.Again.NO, LetterGroup.Again.NO),
            letters().stream().map(l -> l.groups().get(0).again()).toList());
    }

    @Test
    void shouldKnowWhenTheNextAttemptIsAfterEachChange() {
        group(5, "g");
        retry(new RetryPolicy(List.of(60_000L), 2));
        store("a", "b");
        useUp("g");
        long first = letters().get(0).id();
        f.advance(60 * SECOND);
        assertEquals(List.of(1L, 2L), due("g"));
        on(() -> {
            Letter letter = f.partition.letters().get(first).orElseThrow();
            return f.partition.letters().replace(letter.with(letter.groups().get(0).dueAt(f.clock.wallNanos() + 100 * SECOND)));
        });
        assertEquals(List.of(2L), due("g"));
        long second = letters().get(1).id();
        assertEquals(1, on(() -> f.partition.letters().remove(List.of(second))));
        assertEquals(List.of(), due("g"));
        assertEquals(Set.of(), groupsDue(), "nobody looks at all letters for nothing");
        f.advance(101 * SECOND);
        assertEquals(List.of(1L), due("g"));
        assertTrue(on(() -> f.partition.letters().done(first, "g")));
        assertEquals(Set.of(), groupsDue());
    }
}
