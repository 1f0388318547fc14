package org.memphisee.core.consumer;

/** Where a new consumer begins (jetstream-api.md 6.2); a start in the future is waited for. */
final class StartPosition {

    private StartPosition() { }

    static long resolve(ConsumerConfig config, PartitionView view) {
        long end = view.lastSequence() + 1;
        SubjectFilter filter = SubjectFilter.of(config.filterSubjects());
        return switch (config.deliverPolicy()) {
            case ALL -> view.firstSequence();
            case NEW -> end;
            case LAST -> {
                long last = view.lastMatching(filter);
                yield last == 0 ? end : last;
            }
            case BY_START_SEQUENCE -> Math.max(config.optStartSeq(), view.firstSequence());
            case BY_START_TIME -> view.firstSequenceAt(config.optStartTimeNanos());
            case LAST_PER_SUBJECT -> {
                if (view.onePerSubject()) {
                    yield view.firstSequence();
                }
                long[] chosen = view.lastPerSubject(filter);
                yield chosen.length == 0 ? end : chosen[0];
            }
        };
    }
}
