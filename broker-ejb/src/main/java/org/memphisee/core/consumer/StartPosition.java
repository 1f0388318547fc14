package org.memphisee.core.consumer;

import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.consumer.PartitionView.Lasts;

/** Where a new consumer begins (jetstream-api.md 6.2); a start in the future is waited for. */
final class StartPosition {

    private StartPosition() { }

    static void resolve(ConsumerConfig config, PartitionView view, Answer<Long> answer) {
        SubjectFilter filter = SubjectFilter.of(config.filterSubjects());
        switch (config.deliverPolicy()) {
            case ALL -> answer.known(view.firstSequence());
            case NEW -> answer.known(view.lastSequence() + 1);
            case LAST -> view.lastMatching(filter, new Answer<>() {
                @Override
                public void known(Long last) {
                    answer.known(last == 0 ? view.lastSequence() + 1 : last);
                }

                @Override
                public void unknown(String why) {
                    answer.unknown(why);
                }
            });
            case BY_START_SEQUENCE -> answer.known(Math.max(config.optStartSeq(), view.firstSequence()));
            case BY_START_TIME -> view.firstSequenceAt(config.optStartTimeNanos(), answer);
            case LAST_PER_SUBJECT -> firstOfLasts(filter, view, answer);
            default -> throw new IllegalStateException(config.deliverPolicy().toString());
        }
    }

    private static void firstOfLasts(SubjectFilter filter, PartitionView view, Answer<Long> answer) {
        if (view.onePerSubject()) {
            answer.known(view.firstSequence());
            return;
        }
        view.lastPerSubject(filter, new Answer<>() {
            @Override
            public void known(Lasts lasts) {
                answer.known(lasts.sequences().length == 0 ? lasts.upTo() + 1 : lasts.sequences()[0]);
            }

            @Override
            public void unknown(String why) {
                answer.unknown(why);
            }
        });
    }
}
