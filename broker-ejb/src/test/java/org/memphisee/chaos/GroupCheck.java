package org.memphisee.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether a consumer group got everything, and what clients were told of it never went back. Kinds: {@code publish} ({@code
 * number} is the sequence told), {@code deliver}, {@code ack} (of a sequence; {@code OK} when it was confirmed), and {@code
 * see} ({@code key} says of what a number was told that never falls).
 */
final class GroupCheck {

    private static final int ENOUGH = 20;

    private GroupCheck() { }

    /** @param settled from then on, nanoseconds, nothing that was confirmed before may come again */
    static List<String> check(List<Op> ops, long settled) {
        List<String> wrong = new ArrayList<>();
        Map<Long, Op> published = new HashMap<>();
        Set<Long> delivered = new HashSet<>();
        Map<Long, Op> confirmed = new HashMap<>();
        Map<String, List<Op>> seen = new HashMap<>();
        for (Op op : ops) {
            switch (op.kind()) {
                case "publish" -> {
                    if (op.ok()) {
                        published.put(op.number(), op);
                    }
                }
                case "deliver" -> delivered.add(op.number());
                case "ack" -> {
                    if (op.ok() && op.end() < settled) {
                        confirmed.putIfAbsent(op.number(), op);
                    }
                }
                case "see" -> {
                    if (op.ok()) {
                        seen.computeIfAbsent(op.key(), key -> new ArrayList<>()).add(op);
                    }
                }
                default -> throw new IllegalArgumentException(op.kind());
            }
        }
        published.forEach((sequence, op) -> {
            if (!delivered.contains(sequence)) {
                wrong.add("never delivered: " + op);
            }
        });
        for (Op op : ops) {
            if (op.kind().equals("deliver")) {
                Op ack = confirmed.get(op.number());
                if (op.begin() > settled && ack != null) {
                    wrong.add("comes again: " + op + ", of which was confirmed: " + ack);
                }
                Op publish = published.get(op.number());
                if (publish != null && !publish.value().equals(op.value())) {
                    wrong.add("another message: " + op + ", and " + publish);
                }
            }
        }
        seen.values().forEach(of -> falls(of, wrong));
        return wrong.size() > ENOUGH ? List.copyOf(wrong.subList(0, ENOUGH)) : wrong;
    }

    /** What was told later, by whoever, is not less than what was told before that was asked. */
    private static void falls(List<Op> seen, List<String> wrong) {
        List<Op> byEnd = seen.stream().sorted((a, b) -> Long.compare(a.end(), b.end())).toList();
        List<Op> byBegin = seen.stream().sorted((a, b) -> Long.compare(a.begin(), b.begin())).toList();
        Op most = null;
        int ended = 0;
        for (Op op : byBegin) {
            for (; ended < byEnd.size() && byEnd.get(ended).end() < op.begin(); ended++) {
                if (most == null || byEnd.get(ended).number() > most.number()) {
                    most = byEnd.get(ended);
                }
            }
            if (most != null && op.number() < most.number()) {
                wrong.add("fell: " + op + ", after " + most);
            }
        }
    }
}
