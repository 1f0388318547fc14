package org.memphisee.core.wire;

import org.memphisee.core.api.JsonNumbers;

/** Reads the payload of MSG.NEXT (jetstream-api.md 6.9). Any thread. */
public final class PullRequests {

    private PullRequests() { }

    /** What a payload turned out to be. */
    public sealed interface Parsed { }

    /** A request for {@code Consumer.pull}. */
    public record Accepted(PullRequest request) implements Parsed { }

    /**
     * A mistake for {@code Consumer.badPull}.
     *
     * @param status header block {@code 400 Bad Request - …}
     */
    public record Refused(byte[] status) implements Parsed { }

    /** Parses a payload: nothing (one message), a number of messages or a JSON object. */
    public static Parsed parse(byte[] payload, String inbox) {
        return parse(payload, 0, payload.length, inbox);
    }

    /** Parses a slice, which is not kept. */
    public static Parsed parse(byte[] bytes, int offset, int length, String inbox) {
        if (length == 0) {
            return accepted(inbox, 1);
        }
        if (bytes[offset] != '{') {
            long batch = wholeNumber(bytes, offset, length);
            return batch < 0 ? refused("invalid batch") : accepted(inbox, batch);
        }
        Fields fields = new Fields();
        if (!JsonNumbers.read(bytes, offset, length, fields)) {
            return refused("invalid JSON");
        }
        // Written as a division because clients choose both numbers and the product may exceed a long.
        if (fields.idleHeartbeat > 0 && fields.idleHeartbeat > fields.expires / 2) {
            return refused("heartbeat value too large");
        }
        return new Accepted(new PullRequest(inbox, atLeastOne(fields.batch), Math.max(0, fields.expires), fields.noWait,
            Math.max(0, fields.maxBytes), Math.max(0, fields.idleHeartbeat)));
    }

    private static Parsed accepted(String inbox, long batch) {
        return new Accepted(new PullRequest(inbox, atLeastOne(batch), 0, false, 0, 0));
    }

    private static Parsed refused(String why) {
        return new Refused(StatusBlocks.of("400 Bad Request - " + why));
    }

    private static int atLeastOne(long batch) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, batch));
    }

    private static long wholeNumber(byte[] bytes, int offset, int length) {
        if (length > 18) {
            return -1;
        }
        long n = 0;
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return -1;
            }
            n = n * 10 + bytes[i] - '0';
        }
        return n;
    }

    /** The members of a request as they are read. */
    private static final class Fields implements JsonNumbers.Members {
        private long batch;
        private long expires;
        private boolean noWait;
        private long maxBytes;
        private long idleHeartbeat;

        @Override
        public boolean number(String name, long value) {
            switch (name) {
                case "batch" -> batch = value;
                case "expires" -> expires = value;
                case "max_bytes" -> maxBytes = value;
                case "idle_heartbeat" -> idleHeartbeat = value;
                case "no_wait" -> {
                    return false;
                }
                default -> { }
            }
            return true;
        }

        @Override
        public boolean bool(String name, boolean value) {
            if (name.equals("no_wait")) {
                noWait = value;
                return true;
            }
            return other(name);
        }

        @Override
        public boolean other(String name) {
            return switch (name) {
                case "batch", "expires", "no_wait", "max_bytes", "idle_heartbeat" -> false;
                default -> true;
            };
        }
    }
}
