package org.memphisee.core.errand;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.time.BrokerClock;

/**
 * The consumers of a partition and where they are, at most {@link #MOST} by name.
 *
 * @param exactly whether what has to be read to be counted is waited for, with the age of the oldest message that waits
 * @param after only those whose names come behind this one, empty for all
 */
public record ReadConsumers(boolean exactly, String after) implements Errand<List<ConsumerFigures>> {

    /** Consumers in one answer. */
    public static final int MOST = 500;

    static ReadConsumers read(ErrandReader in) {
        return new ReadConsumers(in.flag(), in.text());
    }

    @Override
    public ErrandKind kind() {
        return ErrandKind.CONSUMERS;
    }

    @Override
    public void write(ErrandWriter out) {
        out.flag(exactly).text(after);
    }

    @Override
    public void on(PartitionOperations p, BrokerClock clock, Answer<List<ConsumerFigures>> answer) {
        if (!exactly) {
            long last = p.state().lastSeq();
            answer.known(some(p).stream().map(info -> ConsumerFigures.of(info, last, 0)).toList());
            return;
        }
        p.whenCounted(() -> new Ages(p, clock.wallNanos(), some(p), answer).next());
    }

    private List<ConsumerInfo> some(PartitionOperations p) {
        return p.consumerInfos().stream().filter(info -> info.config().name().compareTo(after) > 0)
            .sorted(Comparator.comparing((ConsumerInfo info) -> info.config().name())).limit(MOST).toList();
    }

    /** The first message behind the floor is not acknowledged: its age is the lag in time. */
    private static final class Ages {
        private final PartitionOperations p;
        private final long now;
        private final long last;
        private final List<ConsumerInfo> infos;
        private final Answer<List<ConsumerFigures>> answer;
        private final List<ConsumerFigures> found = new ArrayList<>();

        private Ages(PartitionOperations p, long now, List<ConsumerInfo> infos, Answer<List<ConsumerFigures>> answer) {
            this.p = p;
            this.now = now;
            this.last = p.state().lastSeq();
            this.infos = infos;
            this.answer = answer;
        }

        private void next() {
            while (found.size() < infos.size()) {
                ConsumerInfo info = infos.get(found.size());
                if (info.lag() > 0 && info.ackFloorStreamSeq() < last) {
                    int before = found.size();
                    boolean[] during = {true};
                    read(info, during);
                    during[0] = false;
                    if (found.size() == before) {
                        return; // a record is being loaded; its answer goes on
                    }
                } else {
                    found.add(ConsumerFigures.of(info, last, 0));
                }
            }
            answer.known(found);
        }

        private void read(ConsumerInfo info, boolean[] during) {
            String filter = info.config().filterSubjects().size() == 1 ? info.config().filterSubjects().get(0) : "";
            p.nextMessage(info.ackFloorStreamSeq() + 1, filter, read -> {
                found.add(ConsumerFigures.of(info, last, read.found().map(m -> Math.max(0, now - m.timestampNanos()))
                    .orElse(0L)));
                if (!during[0]) {
                    next();
                }
            });
        }
    }

    @Override
    public void writeAnswer(List<ConsumerFigures> consumers, ErrandWriter out) {
        out.list(consumers, (to, one) -> one.write(to));
    }

    @Override
    public List<ConsumerFigures> readAnswer(ErrandReader in) {
        return in.list(ConsumerFigures::read);
    }
}
