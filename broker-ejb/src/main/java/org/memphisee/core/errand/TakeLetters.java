package org.memphisee.core.errand;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.partition.log.StoredMessage;

/**
 * Messages of dead letters that are due to a group, for a member that asks for them; each counts as an attempt.
 *
 * @param group internal name
 * @param messages at most so many
 * @param bytes and about so many bytes; one is always given
 */
public record TakeLetters(String group, int messages, long bytes) implements Errand<List<TakeLetters.Taken>> {

    private static final int SLICE = 200;
    private static final long MOST_BYTES = 1 << 20;

    /** A message, and the number of its letter. */
    public record Taken(long id, StoredMessage message) { }

    static TakeLetters read(ErrandReader in) {
        return new TakeLetters(in.text(), in.i32(), in.i64());
    }

    @Override
    public ErrandKind kind() {
        return ErrandKind.TAKE_LETTERS;
    }

    @Override
    public void write(ErrandWriter out) {
        out.text(group).i32(messages).i64(bytes);
    }

    @Override
    public void on(PartitionOperations p, BrokerClock clock, Answer<List<Taken>> answer) {
        long now = clock.wallNanos();
        long left = Math.min(bytes, MOST_BYTES);
        List<Letter> taken = new ArrayList<>();
        LetterTries tries = new LetterTries(p, now);
        for (Letter letter : p.letters().due(Set.of(group), now, Math.min(SLICE, messages))) {
            if (!taken.isEmpty() && letter.size() > left) {
                break;
            }
            left -= letter.size();
            letter.group(group).ifPresent(g -> tries.tried(letter.id(), g));
            taken.add(letter);
        }
        Reading reading = new Reading(taken.size(), answer);
        for (int i = 0; i < taken.size(); i++) {
            int at = i;
            long id = taken.get(i).id();
            p.letters().read(id, read -> reading.read(at, read.found().map(message -> new Taken(id, message))));
        }
        reading.ended();
    }

    /** The shard's thread. */
    private static final class Reading {
        private final List<Optional<Taken>> found = new ArrayList<>();
        private final Answer<List<Taken>> answer;
        private int open;

        private Reading(int count, Answer<List<Taken>> answer) {
            this.answer = answer;
            this.open = count + 1;
            for (int i = 0; i < count; i++) {
                found.add(Optional.empty());
            }
        }

        private void read(int at, Optional<Taken> message) {
            found.set(at, message);
            ended();
        }

        private void ended() {
            if (--open == 0) {
                answer.known(found.stream().flatMap(Optional::stream).toList());
            }
        }
    }

    @Override
    public void writeAnswer(List<Taken> taken, ErrandWriter out) {
        out.list(taken, (to, one) -> to.i64(one.id()).message(one.message()));
    }

    @Override
    public List<Taken> readAnswer(ErrandReader in) {
        return in.list(from -> new Taken(from.i64(), from.message()));
    }
}
