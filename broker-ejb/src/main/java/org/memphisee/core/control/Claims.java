package org.memphisee.core.control;

import java.util.ArrayList;
import java.util.List;

import org.memphisee.core.stream.StreamConfig;

/** What streams take, those included that are about to be made: subjects, places and memory. Control loop. */
public final class Claims {

    private final Definitions definitions;
    private final ControlSettings settings;
    private final StreamsBySubject subjects = new StreamsBySubject();
    private int streams;
    private long memory;

    Claims(Definitions definitions, ControlSettings settings) {
        this.definitions = definitions;
        this.settings = settings;
    }

    /** Whether an existing stream or one about to be made, other than the given partition, stores such a subject. */
    public boolean subjectsTaken(List<String> wanted, long exceptPartition) {
        return definitions.subjectsTaken(wanted, exceptPartition) || subjects.taken(wanted, exceptPartition);
    }

    /** Whether so many more streams may be made. */
    public boolean roomForStreams(int count) {
        return settings.maxStreams() < 0
            || (long) definitions.streamCount() + streams + count <= settings.maxStreams();
    }

    /**
     * Whether streams in memory may reserve so many bytes more with their limits, in place of what others reserve.
     *
     * @param insteadOf what an update gives back, 0 for none
     */
    public boolean roomForMemory(long bytes, long insteadOf) {
        long limit = settings.maxMemoryBytes();
        return limit < 0 || bytes <= insteadOf || reservedMemory() + bytes - insteadOf <= limit;
    }

    /** What streams in memory reserve with their limits of bytes, those included that are about to be made. */
    public long reservedMemory() {
        return memory + definitions.streams().mapToLong(s -> reserves(s.config())).sum();
    }

    /** What streams on disk may take by their limits of bytes. */
    public long reservedStorage() {
        return definitions.streams().map(StreamDefinition::config)
            .filter(c -> c.storage() == StreamConfig.Storage.FILE && c.maxBytes() > 0)
            .mapToLong(StreamConfig::maxBytes).reduce(0, Claims::sumUpToTheLargest);
    }

    /** The sum of two limits, which clients choose freely. */
    public static long sumUpToTheLargest(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    /** What a stream reserves in memory. */
    public static long reserves(StreamConfig config) {
        return config.storage() == StreamConfig.Storage.MEMORY ? Math.max(0, config.maxBytes()) : 0;
    }

    /** Whether something else has, by now, subjects of what an event makes. */
    boolean taken(SystemEvent event) {
        return claims(event).stream().anyMatch(claim -> subjectsTaken(claim.subjects(), claim.partition()));
    }

    /** What an event makes is about to be there. @return to be run when it is, or will not be */
    Runnable claim(SystemEvent event) {
        List<Claim> claims = claims(event);
        claims.forEach(claim -> subjects.put(claim.partition(), claim.subjects()));
        int more = event instanceof SystemEvent.StreamUpdated ? 0 : claims.size();
        long bytes = claims.stream().mapToLong(Claim::memory).sum();
        streams += more;
        memory += bytes;
        return () -> {
            claims.forEach(claim -> subjects.remove(claim.partition()));
            streams -= more;
            memory -= bytes;
        };
    }

    private record Claim(long partition, List<String> subjects, long memory) { }

    private static List<Claim> claims(SystemEvent event) {
        if (event instanceof SystemEvent.StreamCreated e) {
            return List.of(new Claim(e.partitionId(), e.config().subjects(), reserves(e.config())));
        }
        if (event instanceof SystemEvent.StreamRestored e) {
            return claims(e.stream());
        }
        if (event instanceof SystemEvent.StreamUpdated e) {
            return List.of(new Claim(e.partitionId(), e.config().subjects(), 0));
        }
        if (event instanceof SystemEvent.StationCreated e) {
            List<Claim> claims = new ArrayList<>();
            for (int i = 0; i < e.partitionIds().size(); i++) {
                StreamConfig stream = e.stream(i + 1);
                claims.add(new Claim(e.partitionIds().get(i), stream.subjects(), reserves(stream)));
            }
            return claims;
        }
        if (event instanceof SystemEvent.StationGrown e) {
            return grown(e);
        }
        return List.of();
    }

    private static List<Claim> grown(SystemEvent.StationGrown e) {
        List<Claim> claims = new ArrayList<>();
        int number = e.firstNumber();
        for (long partition : e.partitionIds()) {
            StreamConfig stream = SystemEvent.StationCreated.stream(e.config(), number++);
            claims.add(new Claim(partition, stream.subjects(), reserves(stream)));
        }
        return claims;
    }
}
