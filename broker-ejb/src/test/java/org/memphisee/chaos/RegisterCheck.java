package org.memphisee.chaos;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whether what clients were told about the last message of a subject can have happened in one order, each thing at one moment
 * between question and answer (Wing and Gong, with what was tried remembered). Kinds: {@code put} writes a value, {@code cas}
 * does so if the last sequence is still the expected one, {@code get} reads value and sequence, an empty value when there is
 * nothing. A refusal says that nothing was written, and nothing about what is there: a leader refuses also because of what is
 * on its way, and perhaps never arrives.
 */
final class RegisterCheck {

    private static final int MOST_STEPS = 2_000_000;

    /** @param last sequence, -1 for one that nobody was told */
    private record State(String value, long last) { }

    /** What was done already, and what the register is then. */
    private record Place(BitSet done, State state) { }

    private final List<Op> ops;
    private final Map<String, Long> sequences;
    private final Set<Place> tried = new HashSet<>();
    private int steps;

    private RegisterCheck(List<Op> ops, Map<String, Long> sequences) {
        this.ops = ops;
        this.sequences = sequences;
    }

    /** Looks at all keys. {@code detail} of a {@code cas} is the sequence that it expects. */
    static List<String> check(List<Op> ops) {
        Map<String, List<Op>> byKey = new TreeMap<>();
        Map<String, Long> sequences = new HashMap<>();
        List<String> wrong = new ArrayList<>();
        for (Op op : ops) {
            if (op.kind().equals("get") && !op.ok() || op.result() == Op.Result.REFUSED) {
                continue; // it did nothing
            }
            byKey.computeIfAbsent(op.key(), key -> new ArrayList<>()).add(op);
            if (op.ok() && !op.value().isEmpty()) {
                Long before = sequences.put(op.value(), op.number());
                if (before != null && before != op.number()) {
                    wrong.add("two sequences, " + before + " and: " + op);
                }
            }
        }
        byKey.forEach((key, of) -> {
            RegisterCheck check = new RegisterCheck(of.stream().sorted((a, b) -> Long.compare(a.begin(), b.begin())).toList(),
                sequences);
            if (!check.from(new BitSet(), new State("", 0))) {
                wrong.add("not in one order, " + key + (check.steps >= MOST_STEPS ? " (given up)" : "") + ":\n    "
                    + String.join("\n    ", check.ops.stream().map(Op::toString).toList()));
            }
        });
        return wrong;
    }

    private boolean from(BitSet done, State state) {
        long earliest = Long.MAX_VALUE;
        boolean all = true;
        for (int i = done.nextClearBit(0); i < ops.size(); i = done.nextClearBit(i + 1)) {
            Op op = ops.get(i);
            if (!op.unknown()) {
                all = false;
                earliest = Math.min(earliest, op.end());
            }
        }
        if (all) {
            return true;
        }
        if (++steps > MOST_STEPS || !tried.add(new Place((BitSet) done.clone(), state))) {
            return false;
        }
        for (int i = done.nextClearBit(0); i < ops.size() && ops.get(i).begin() <= earliest; i = done.nextClearBit(i + 1)) {
            State next = after(ops.get(i), state);
            if (next != null) {
                done.set(i);
                if (from(done, next)) {
                    return true;
                }
                done.clear(i);
            }
        }
        return false;
    }

    /** The register after something happened, null when it cannot happen now. */
    private State after(Op op, State state) {
        return switch (op.kind()) {
            case "get" -> op.value().equals(state.value) && (state.last < 0 || op.value().isEmpty() || op.number() == state.last)
                ? state : null;
            case "put" -> written(op, state);
            default -> state.last == Long.parseLong(op.detail()) ? written(op, state) : null;
        };
    }

    private State written(Op op, State state) {
        long sequence = sequences.getOrDefault(op.value(), -1L);
        return sequence >= 0 && sequence <= state.last ? null : new State(op.value(), sequence);
    }
}
