package org.memphisee.core.stations;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.ControlLoop;
import org.memphisee.core.control.Definitions;
import org.memphisee.core.control.StationDefinition;
import org.memphisee.core.control.StationLayout;
import org.memphisee.core.control.StreamDefinition;
import org.memphisee.core.control.SystemEvent.GroupDefined;
import org.memphisee.core.control.SystemEvent.MemberRegistered;
import org.memphisee.core.control.SystemEvent.StationCreated;
import org.memphisee.core.errand.AnyPartition;
import org.memphisee.core.errand.ErrandUnavailable;
import org.memphisee.core.errand.PartitionFigures;
import org.memphisee.core.partition.letters.LetterFigures;
import org.memphisee.core.stream.StreamConfig;

/**
 * Stations for people: lists and overviews. Looking changes nothing. Any thread; answers come on the control loop or a
 * shard's thread, or fail with a {@link ControlLoop.LoopFullException}.
 */
public final class StationQueries {

    private static final long NANOS_PER_MILLI = 1_000_000L;
    /** Figures of other nodes that are so new are not brought again for a list, nanoseconds. */
    private static final long FRESH_NANOS = 500_000_000L;

    private final ControlEngine engine;
    private final Members members;

    StationQueries(ControlEngine engine, Members members) {
        this.engine = engine;
        this.members = members;
    }

    /** All stations, the newest first. */
    public CompletableFuture<List<StationView>> list() {
        CompletableFuture<Void> fresh = !engine.clustered() ? CompletableFuture.completedFuture(null)
            : engine.ask(() -> engine.definitions().streams().map(StreamDefinition::name).toList())
                .thenCompose(streams -> engine.errands().refresh(engine.errands().partitions(streams), FRESH_NANOS));
        return fresh.thenCompose(brought -> engine.ask(() -> {
            Set<Long> active = active();
            Definitions definitions = engine.definitions();
            List<StationView> views = new ArrayList<>();
            definitions.stations().forEach(station -> views.add(view(station, active)));
            definitions.plainStations().forEach(stream -> views.add(view(stream, active)));
            views.sort(Comparator.comparingLong(StationView::createdNanos).reversed());
            return views;
        }));
    }

    /** The station that a name means: {@link Target#find}. */
    public CompletableFuture<Optional<StationView>> find(String name) {
        return fresh(name).thenCompose(found -> engine.ask(() -> findOnLoop(name)));
    }

    /** Brings the figures of a station here. */
    private CompletableFuture<Void> fresh(String name) {
        return !engine.clustered() ? CompletableFuture.completedFuture(null) : engine.ask(() -> findOnLoop(name)).thenCompose(station ->
            engine.errands().refresh(engine.errands().partitions(station.map(StationView::streams).orElse(List.of())), 0));
    }

    /**
     * A station with its members and groups; empty when there is none.
     *
     * @param partition number of the only partition to look at, -1 for all
     */
    public CompletableFuture<Optional<StationOverview>> overview(String name, int partition) {
        CompletableFuture<Optional<StationOverview>> result = new CompletableFuture<>();
        fresh(name).thenCompose(brought -> engine.ask(() -> findOnLoop(name))).whenComplete((station, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else if (station.isEmpty()) {
                result.complete(Optional.empty());
            } else { // on the loop still
                overview(station.get(), partition, result);
            }
        });
        return result;
    }

    private void overview(StationView station, int partition, CompletableFuture<Optional<StationOverview>> result) {
        List<StationOverview.MemberView> own = new ArrayList<>();
        members.all().forEach((member, active) -> {
            if (member.stationId() == station.id()) {
                own.add(new StationOverview.MemberView(member, active));
            }
        });
        List<GroupDefined> groups = List.copyOf(engine.definitions().groups(station.id()).values());
        Set<String> active = new HashSet<>();
        groups.stream().map(GroupDefined::name).filter(group -> members.active(station.id(), group))
            .forEach(active::add);
        List<String> deadLettersOf = !station.nativeStation() ? List.of() : engine.definitions().stations()
            .filter(other -> other.created().dlsStation().equals(station.name())).map(StationDefinition::name).toList();
        List<String> streams = streams(station, partition);
        Sums sums = sums(streams);
        List<CompletableFuture<List<StationConsumers.Found>>> asked = new ArrayList<>();
        for (AnyPartition looked : engine.errands().partitions(streams)) { // what is not known at the moment is not shown
            asked.add(new StationConsumers(true, false).of(looked)
                .exceptionallyCompose(why -> ErrandUnavailable.in(why).isPresent() ? CompletableFuture.completedFuture(List.of())
                    : CompletableFuture.failedFuture(why)));
        }
        List<String> nodes = nodes(streams, partition);
        RequestRefusal.of(StationConsumers.joined(asked)).whenComplete((lists, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
                return;
            }
            List<StationConsumers.Found> consumers = lists.stream().flatMap(List::stream).toList();
            result.complete(Optional.of(new StationOverview(station, sums.messages(), sums.bytes(), sums.letters(), deadLettersOf, own,
                GroupViews.of(station, groups, active, consumers), nodes.isEmpty() ? "" : nodes.get(0),
                nodes.stream().skip(1).toList())));
        });
    }

    /** Producers and consumers whose connection is there, of all stations. */
    public CompletableFuture<List<Members.Member>> connected() {
        return engine.ask(() -> members.all().entrySet().stream().filter(Map.Entry::getValue).map(Map.Entry::getKey)
            .sorted(Comparator.comparing(Members.Member::name).thenComparing(Members.Member::stationId)).toList());
    }

    /** Producers and consumers that are registered, of all stations, whether their connection is there or not; the oldest first. */
    public CompletableFuture<List<RegisteredClient>> registered() {
        return engine.ask(() -> members.all().entrySet().stream().map(entry -> registered(entry.getKey(), entry.getValue()))
            .sorted(Comparator.comparingLong(client -> client.member().id())).toList());
    }

    private RegisteredClient registered(Members.Member member, boolean active) {
        GroupDefined group = member.producer() ? null : engine.definitions().groups(member.stationId()).get(member.group());
        long created = engine.definitions().members().byId(member.id()).map(MemberRegistered::createdNanos).orElse(0L);
        return group == null ? new RegisteredClient(member, active, members.address(member), created, 0, 0)
            : new RegisteredClient(member, active, members.address(member), created, group.maxAckTimeMillis(),
                group.maxDeliveries());
    }

    /** Streams of one partition or of all; none when there is no such partition. */
    static List<String> streams(StationView station, int partition) {
        if (partition == -1 || !station.nativeStation()) {
            return station.streams();
        }
        return station.streams().stream()
            .filter(stream -> stream.equals(StationLayout.streamName(station.name(), partition))).toList();
    }

    Optional<StationView> findOnLoop(String name) {
        Definitions definitions = engine.definitions();
        return Target.find(definitions, name).flatMap(target -> target.nativeStation()
            ? definitions.stationById(target.id()).map(station -> view(station, active()))
            : definitions.streamById(target.id()).map(stream -> view(stream, active())));
    }

    /** Stations that somebody is connected to. */
    private Set<Long> active() {
        Set<Long> active = new HashSet<>();
        for (Map.Entry<Members.Member, Boolean> member : members.all().entrySet()) {
            if (member.getValue()) {
                active.add(member.getKey().stationId());
            }
        }
        return active;
    }

    private StationView view(StationDefinition station, Set<Long> active) {
        StationCreated c = station.created();
        List<String> streams = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        boolean whole = station.livePartitions().size() == c.partitionIds().size();
        Set<Long> live = whole ? Set.of() : new HashSet<>(station.livePartitions());
        IntStream.range(0, c.partitionIds().size())
            .filter(i -> whole || live.contains(c.partitionIds().get(i))).forEach(i -> {
                streams.add(StationLayout.streamName(c.name(), i + 1));
                numbers.add(i + 1);
            });
        Sums sums = sums(streams);
        return new StationView(c.id(), c.name(), true,
            StationRetention.of(c.retentionType(), c.retentionValue()), c.storage(), c.replicas(),
            c.idempotencyWindowMillis(), c.dlsPoison(), c.dlsSchemaverse(), c.dlsStation(), c.tieredStorage(),
            c.config().durability(), c.createdBy(), c.createdNanos(), c.version(), tags(c), numbers, streams, sums.messages(), sums.bytes(),
            active.contains(c.id()), sums.letters());
    }

    private static List<Tag> tags(StationCreated c) {
        return c.tags().stream().map(name -> Tag.stored(name, c.tagColors().get(name))).toList();
    }

    private StationView view(StreamDefinition stream, Set<Long> active) {
        StreamConfig config = stream.config();
        Sums sums = sums(List.of(stream.name()));
        return new StationView(stream.partitionId(), StationLayout.externalName(stream.name()), false,
            StationRetention.of(config), config.storage(), config.replicas(), config.duplicateWindowNanos() / NANOS_PER_MILLI, false, false, "",
            false, config.durability(), stream.createdBy(), stream.createdNanos(), 0, List.of(), List.of(), List.of(stream.name()), sums.messages(),
            sums.bytes(), active.contains(stream.partitionId()), sums.letters());
    }

    /** The node that decides about the only partition, empty for none, then the others that have it; nothing for all partitions. */
    private List<String> nodes(List<String> streams, int partition) {
        if (partition == -1 || streams.isEmpty()) {
            return List.of();
        }
        if (!engine.clustered()) {
            return List.of(engine.settings().serverName());
        }
        long id = engine.definitions().stream(streams.get(0)).map(StreamDefinition::partitionId).orElse(0L);
        String leader = engine.view().leader(id);
        return Stream.concat(Stream.of(leader), engine.view().members(id).stream().filter(member -> !member.equals(leader))).toList();
    }

    private record Sums(long messages, long bytes, DeadLetterCounts letters) { }

    private Sums sums(List<String> streams) {
        long messages = 0;
        long bytes = 0;
        long unacked = 0;
        long schema = 0;
        long notKept = 0;
        long forRoom = 0;
        for (AnyPartition partition : engine.errands().partitions(streams)) {
            PartitionFigures figures = partition.figures();
            messages += figures.state().messages();
            bytes += figures.state().bytes();
            LetterFigures letters = figures.letters();
            unacked += letters.unacked();
            schema += letters.schema();
            notKept += letters.notKept();
            forRoom += letters.forRoom();
        }
        return new Sums(messages, bytes, new DeadLetterCounts(unacked, schema, notKept, forRoom));
    }
}
