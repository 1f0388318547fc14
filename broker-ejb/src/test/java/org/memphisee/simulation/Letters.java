package org.memphisee.simulation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterGroup;
import org.memphisee.core.partition.PartitionHandle;
import org.memphisee.core.partition.log.MessageRead;

/** Looks at the dead letters of a partition and holds them against what was seen before and was published. */
final class Letters {

    private Letters() { }

    /** Whether the power is still there. */
    static boolean look(Story story, StreamModel s) {
        Optional<PartitionHandle> partition = story.broker.control().engine().registry().byName(s.name);
        if (partition.isEmpty() || partition.get().state().offline()) {
            return true;
        }
        List<Letter> letters = new ArrayList<>();
        Map<Long, MessageRead> read = new HashMap<>();
        partition.get().run(p -> {
            letters.addAll(p.letters().newest(Letter.Kind.UNACKED, Long.MAX_VALUE, Integer.MAX_VALUE));
            letters.forEach(l -> p.letters().read(l.id(), m -> read.put(l.id(), m)));
        });
        if (!story.pass(50 * Story.MILLI)) {
            return false;
        }
        Set<Long> sequences = new HashSet<>();
        for (Letter letter : letters) {
            if (!sequences.add(letter.sequence())) {
                story.wrong(s + " has two dead letters of " + letter.sequence());
            }
            judge(story, s, letter, read.get(letter.id()));
        }
        s.letters.forEach((sequence, groups) -> groups.forEach((group, id) -> {
            if (letters.stream().noneMatch(l -> l.id() == id && l.sequence() == sequence && l.group(group).isPresent())) {
                story.wrong(s + " has lost dead letter " + id + " of " + group + ", message " + sequence);
            }
        }));
        letters.forEach(l -> l.groups().forEach(g -> s.letters.computeIfAbsent(l.sequence(), n -> new HashMap<>()).put(g.name(), l.id())));
        return true;
    }

    private static void judge(Story story, StreamModel s, Letter letter, MessageRead read) {
        if (read == null || read.found().isEmpty()) {
            story.wrong(s + " does not give out " + letter + ": " + read);
            return;
        }
        String payload = Story.payload(new String(read.found().get().payload(), StandardCharsets.UTF_8));
        story.wrong(s.seen(payload, read.found().get().subject(), letter.sequence()));
        for (LetterGroup g : letter.groups()) {
            ConsumerModel c = s.consumers.get(g.name());
            if (c == null || !c.group) {
                story.wrong(s + " has a dead letter of a group that is not there: " + letter);
            } else if (g.cause() == LetterGroup.Cause.DELIVERIES && g.deliveries() != 0 && g.deliveries() < c.maxDeliver) {
                story.wrong(c + " has deliveries left: " + letter);
            }
        }
    }
}
