package org.memphisee.core.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.memphisee.core.wire.AckSubject;


/**
 * Sends what a consumer says about deliveries. Only the last word to each consumer state machine asks for an answer: that
 * comes when the state is durable, and with it everything said before (D20). The loop's thread only.
 */
final class Settling {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int TRIES = 2;

    private final LocalLoop loop;
    private final byte[] word;
    private final boolean[] settled;
    private final CompletableFuture<List<Boolean>> result;
    private int open;

    Settling(LocalLoop loop, LocalSettlement settlement, int deliveries, CompletableFuture<List<Boolean>> result) {
        this.loop = loop;
        this.word = settlement.word();
        this.settled = new boolean[deliveries];
        this.result = result;
    }

    /** Says it for each delivery; empty ones are skipped. */
    void send(List<String> ackSubjects) {
        Map<String, List<Integer>> byConsumer = new LinkedHashMap<>();
        AckSubject parsed = new AckSubject();
        for (int i = 0; i < ackSubjects.size(); i++) {
            byte[] subject = ackSubjects.get(i).getBytes(StandardCharsets.UTF_8);
            if (parsed.parse(subject, 0, subject.length)) {
                byConsumer.computeIfAbsent(parsed.stream() + '.' + parsed.consumer(), k -> new ArrayList<>()).add(i);
            }
        }
        open = byConsumer.size();
        if (open == 0) {
            complete();
        }
        byConsumer.values().forEach(indexes -> send(ackSubjects, indexes, TRIES));
    }

    private void send(List<String> ackSubjects, List<Integer> indexes, int tries) {
        int last = indexes.size() - 1;
        for (int i = 0; i < last; i++) {
            loop.acknowledge(ackSubjects.get(indexes.get(i)), word);
        }
        loop.acknowledge(ackSubjects.get(indexes.get(last)), word, PATIENCE_NANOS, durable -> {
            if (!durable && tries > 1) {
                send(ackSubjects, indexes, tries - 1);
                return;
            }
            indexes.forEach(i -> settled[i] = durable);
            if (--open == 0) {
                complete();
            }
        });
    }

    private void complete() {
        List<Boolean> all = new ArrayList<>(settled.length);
        for (boolean one : settled) {
            all.add(one);
        }
        result.complete(all);
    }
}
