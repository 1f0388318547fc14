package org.memphisee.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether a stream has what its publishers were told, and nothing else: each acknowledged message once, at the sequence that
 * was told; what nobody knows of at most once; what was refused not at all; and what one connection sent in the order in which
 * it was sent.
 */
final class SetCheck {

    private static final int ENOUGH = 20;

    /** A message that is there. */
    record Stored(long sequence, String value) { }

    private SetCheck() { }

    /**
     * @param ops publishes in the order in which each connection sent them; {@code key} is {@code id}
     *     for those that are repeated until they are acknowledged
     * @param there what each reading found, by who was read
     */
    static List<String> check(List<Op> ops, Map<String, List<Stored>> there) {
        List<String> wrong = new ArrayList<>();
        Map<String, Op> told = new HashMap<>();
        Map<String, Op> sent = new HashMap<>();
        Map<String, Op> mayBe = new HashMap<>();
        for (Op op : ops) {
            sent.put(op.value(), op);
            if (op.ok()) {
                Op before = told.put(op.value(), op);
                if (before != null && before.number() != op.number()) {
                    wrong.add("told two sequences: " + before + " and " + op);
                }
            }
            if (op.result() != Op.Result.REFUSED) {
                mayBe.put(op.value(), op);
            }
        }
        there.forEach((where, messages) -> look(where, messages, told, sent, mayBe, wrong));
        there.forEach((where, messages) -> order(where, messages, ops, wrong));
        List<List<Stored>> all = List.copyOf(there.values());
        for (int i = 1; i < all.size(); i++) {
            if (!all.get(i).equals(all.get(0))) {
                wrong.add("not the same at all: " + List.copyOf(there.keySet()).get(0) + " and " + List.copyOf(there.keySet())
                    .get(i));
            }
        }
        return wrong.size() > ENOUGH ? List.copyOf(wrong.subList(0, ENOUGH)) : wrong;
    }

    private static void look(String where, List<Stored> messages, Map<String, Op> told, Map<String, Op> sent, Map<String,
        Op> mayBe,
                             List<String> wrong) {
        Map<String, Long> at = new HashMap<>();
        long last = 0;
        for (Stored message : messages) {
            if (message.sequence() <= last) {
                wrong.add(where + ": " + message + " behind sequence " + last);
            }
            last = message.sequence();
            Long before = at.put(message.value(), message.sequence());
            if (before != null) {
                wrong.add(where + ": twice, at " + before + " too: " + message);
            }
            if (!mayBe.containsKey(message.value())) {
                wrong.add(where + ": " + (sent.containsKey(message.value()) ? "was refused" : "nobody sent it") + ": " + message);
            }
        }
        told.forEach((value, op) -> {
            Long sequence = at.get(value);
            if (sequence == null) {
                wrong.add(where + ": lost: " + op);
            } else if (sequence != op.number()) {
                wrong.add(where + ": at sequence " + sequence + ": " + op);
            }
        });
    }

    private static void order(String where, List<Stored> messages, List<Op> ops, List<String> wrong) {
        Map<String, Long> at = new HashMap<>();
        messages.forEach(message -> at.putIfAbsent(message.value(), message.sequence()));
        Map<String, Op> first = new HashMap<>();
        Map<String, Op> lastOf = new HashMap<>();
        for (Op op : ops) {
            Long sequence = at.get(op.value());
            if (first.putIfAbsent(op.value(), op) == null && sequence != null && !repeats(op)) {
                Op before = lastOf.put(op.client(), op);
                if (before != null && at.get(before.value()) > sequence) {
                    wrong.add(where + ": out of order: " + before + " is at " + at.get(before.value()) + ", and " + op + " at "
                        + sequence);
                }
            }
        }
    }

    /** One that was repeated may be there because of the repetition, behind what was sent before that. */
    private static boolean repeats(Op op) {
        return !op.ok() && op.key().equals("id");
    }
}
