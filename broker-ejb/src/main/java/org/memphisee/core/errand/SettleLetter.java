package org.memphisee.core.errand;

import java.util.Optional;

import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.letters.LetterGroup;

/**
 * A member says what is to become of a message that came again; answered, when that is durable, with whether its group had to do
 * with it.
 *
 * @param id number of the letter
 * @param group internal name of the group
 * @param laterNanos so much later the next attempt is, if there is one; -1 when the member has acknowledged it
 */
public record SettleLetter(long id, String group, long laterNanos) implements Telling {

    /** It is acknowledged. */
    public static final long ACKNOWLEDGED = -1;

    static SettleLetter read(ErrandReader in) {
        return new SettleLetter(in.i64(), in.text(), in.i64());
    }

    @Override
    public ErrandKind kind() {
        return ErrandKind.SETTLE_LETTER;
    }

    @Override
    public void write(ErrandWriter out) {
        out.i64(id).text(group).i64(laterNanos);
    }

    @Override
    public void on(PartitionOperations p, BrokerClock clock, Answer<Boolean> answer) {
        boolean known = laterNanos == ACKNOWLEDGED ? p.letters().done(id, group) : later(p, clock.wallNanos() + laterNanos);
        p.whenCursorsDurable(() -> answer.known(known));
    }

    private boolean later(PartitionOperations p, long due) {
        Optional<LetterGroup> of = p.letters().get(id).flatMap(letter -> letter.group(group));
        return of.isPresent() && (!of.get().resending()
            || p.letters().replace(p.letters().get(id).orElseThrow().with(of.get().dueAt(due))));
    }
}
