package org.memphisee.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.memphisee.core.access.NewUser;
import org.memphisee.core.access.PermissionPatterns;
import org.memphisee.core.access.UserProfile;
import org.memphisee.core.api.Author;
import org.memphisee.core.log.StoreException;
import org.memphisee.store.memory.MemoryLogStore;

/**
 * What patterns of permissions cost who publishes: a user with many against one without, to one station and to more stations than a
 * connection remembers decisions of. The store is in memory, so that the disk's time hides nothing.
 */
public final class PermissionRateBench {

    private static final String PASSWORD = "Secret-1x";
    private static final int STATIONS = 200;
    private static final int PATTERNS = 20;
    private static final int WINDOW = 2_000;
    private static final int SECONDS = Integer.getInteger("bench.seconds", 3);
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);

    private PermissionRateBench() { }

    /** Prints a line for each round, and the middle of all. */
    public static void main(String[] arguments) throws StoreException {
        List<String> happened = Collections.synchronizedList(new ArrayList<>());
        try (Broker broker = WholeBroker.open(WholeBroker.options(1, 100_000_000), new MemoryLogStore(MemoryLogStore.Disk.FORGETS),
            new WholeBroker.Events(happened))) {
            CoreClient root = new CoreClient(broker, WholeBroker.SECRET);
            for (int i = 0; i < STATIONS; i++) {
                root.request("$memphis_station_creations", "{\"name\":\"shop" + i + "\",\"partitions_number\":1,"
                    + "\"retention_type\":\"messages\",\"retention_value\":1000,\"storage_type\":\"memory\"}");
            }
            List<String> patterns = Stream.concat(IntStream.range(1, PATTERNS).mapToObj(i -> "other" + i + ".*"), Stream.of("shop*")).toList();
            List<String> denied = IntStream.range(0, PATTERNS).mapToObj(i -> "secret" + i + ".*").toList();
            CoreClient free = client(broker, "free", PermissionPatterns.NONE);
            CoreClient limited = client(broker, "limited", new PermissionPatterns(patterns, patterns, denied, denied));
            compare("one station", free, limited, List.of("shop0$1.final"));
            compare(STATIONS + " stations in turn", free, limited, IntStream.range(0, STATIONS).mapToObj(i -> "shop" + i + "$1.final").toList());
        }
        if (!happened.isEmpty()) {
            throw new IllegalStateException(happened.toString());
        }
    }

    private static CoreClient client(Broker broker, String name, PermissionPatterns patterns) {
        CoreClient.get(broker.control().users().createUser(Author.named("root"), new NewUser(name, "application", PASSWORD,
            new UserProfile("", "", "", "", "root", 1, false), patterns)));
        return new CoreClient(broker, name, PASSWORD, "_INBOX." + name + ".");
    }

    /** In turn, and in the other order each time. */
    private static void compare(String what, CoreClient free, CoreClient limited, List<String> subjects) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            boolean first = round % 2 == 0;
            double one = PublishRate.of(first ? free : limited, subjects, "x".repeat(128), WINDOW, SECONDS);
            double two = PublishRate.of(first ? limited : free, subjects, "x".repeat(128), WINDOW, SECONDS);
            double without = first ? one : two;
            double with = first ? two : one;
            ratios.add(with / without);
            System.out.printf(Locale.ROOT, "%s, round %d: %,.0f msg/s without, %,.0f with %d patterns, %.3f%n", what, round, without, with,
                4 * PATTERNS, with / without);
        }
        Collections.sort(ratios);
        System.out.printf(Locale.ROOT, "%s: %.3f in the middle%n", what, ratios.get(ratios.size() / 2));
    }
}
