package org.memphisee.dashboard.live;

import java.util.Optional;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.JsonNode;

/** A topic that somebody follows, and how much of it was seen. Not thread-safe. */
final class Subscription {

    /** How many one page may have. */
    static final int MOST = 32;

    private static final int MAX_STATION_NAME = 256;
    private static final long SLOWEST_MILLIS = 60_000;
    /** A tick may come a little early. */
    private static final long EARLY_MILLIS = 200;

    private enum Topic { OVERVIEW, STATIONS, GROUPS, TASKS, NOTICES }

    private final int id;
    private final Topic topic;
    private final String station;
    private final long intervalMillis;
    private long seen;
    private long sentMillis;
    private String sentData;

    private Subscription(int id, Topic topic, String station, long intervalMillis, long seen) {
        this.id = id;
        this.topic = topic;
        this.station = station;
        this.intervalMillis = intervalMillis;
        this.seen = seen;
    }

    /**
     * What a page asks for: {@code id}, {@code topic} and {@code args}.
     *
     * @param seen number of the last sample that the page has, {@link Board#NOTHING} for none
     * @return empty for unknown topics and arguments
     */
    static Optional<Subscription> of(JsonNode wish, long seen) {
        int id = wish.path("id").asInt(-1);
        JsonNode args = wish.path("args");
        String station = args.path("station").asText("");
        Topic topic = switch (wish.path("topic").asText("")) {
            case "overview" -> Topic.OVERVIEW;
            case "stations" -> Topic.STATIONS;
            case "tasks" -> Topic.TASKS;
            case "notices" -> Topic.NOTICES;
            case "groups" -> station.isEmpty() || station.length() > MAX_STATION_NAME ? null : Topic.GROUPS;
            default -> null;
        };
        return id < 0 || topic == null ? Optional.empty() : Optional.of(new Subscription(id, topic, station,
            Math.min(Math.max(args.path("interval").asLong(0), 0), SLOWEST_MILLIS), Math.max(seen, Board.NOTHING)));
    }

    int id() {
        return id;
    }

    /** The station whose groups are followed. */
    Optional<String> watchedStation() {
        return topic == Topic.GROUPS ? Optional.of(station) : Optional.empty();
    }

    /**
     * What is new, as a frame; from then on it counts as seen.
     *
     * @param limit whether rows with a key may be seen; empty when all may
     * @param now milliseconds since the epoch
     * @return empty when nothing is new or the pace that was asked for is slower
     */
    Optional<String> frame(Sample sample, Optional<Predicate<String>> limit, long now) {
        if (seen == sample.number() || now - sentMillis < intervalMillis - EARLY_MILLIS) {
            return Optional.empty();
        }
        if (seen > sample.number()) {
            seen = Board.NOTHING; // of a broker that was started anew since
        }
        Optional<Board.Update> update = update(sample, limit);
        if (update.isEmpty()) {
            return Optional.empty();
        }
        seen = sample.number();
        sentMillis = now;
        return Optional.of("{\"id\":" + id + ",\"kind\":\"" + (update.get().snapshot() ? "snapshot" : "delta")
            + "\",\"seq\":" + sample.number() + ",\"at\":" + sample.atMillis() + ",\"data\":" + update.get().data() + "}");
    }

    private Optional<Board.Update> update(Sample sample, Optional<Predicate<String>> limit) {
        switch (topic) {
            case OVERVIEW -> {
                boolean first = seen == Board.NOTHING;
                String data = first ? sample.overview().substring(0, sample.overview().length() - 1) + ",\"history\":"
                    + sample.history() + "}" : sample.overview();
                return Optional.of(new Board.Update(first, data));
            }
            case STATIONS -> {
                return rows(sample.stations(), limit);
            }
            case TASKS -> {
                return rows(sample.tasks(), limit.map(TaskRows::visible));
            }
            case NOTICES -> {
                return rows(sample.notices(), limit.map(TaskRows::visible));
            }
            default -> {
                Board board = sample.groups().get(station);
                boolean allowed = limit.map(keys -> keys.test(station)).orElse(true);
                return board == null || !allowed ? Optional.empty() : board.since(seen);
            }
        }
    }

    private Optional<Board.Update> rows(Board board, Optional<Predicate<String>> limit) {
        return limit.map(allowed -> limited(board, allowed)).orElseGet(() -> board.since(seen));
    }

    /** Who may not see everything gets what may be seen as a whole, each time it differs: permissions change too. */
    private Optional<Board.Update> limited(Board board, Predicate<String> limit) {
        Board.Update update = board.visible(limit);
        if (update.data().equals(sentData)) {
            return Optional.empty();
        }
        sentData = update.data();
        return Optional.of(update);
    }
}
