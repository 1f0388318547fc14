package org.memphisee.core.deadletters;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import org.memphisee.core.access.StationAccess;
import org.memphisee.core.access.Users;
import org.memphisee.core.api.AnsweredPublisher;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.StationDefinition;
import org.memphisee.core.control.StationLayout;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterGroup;
import org.memphisee.core.partition.PartitionHandle;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.partition.log.StoredMessage;
import org.memphisee.core.stations.RequestRefusal;
import org.memphisee.core.stations.StationView;
import org.memphisee.core.stations.Target;
import org.memphisee.core.tasks.TaskKind;
import org.memphisee.core.tasks.TaskView;
import org.memphisee.core.tasks.Tasks;

/**
 * Dead letters for every door (features.md 5). Any thread; answers come on a thread of the broker and fail with a
 * {@link RequestRefusal}, an {@link org.memphisee.core.access.AccessRefusal} or a
 * {@link org.memphisee.core.control.ControlLoop.LoopFullException}. What is said to be done is durable.
 */
public final class DeadLetters {

    /** Name of the task that sends all letters of a station again. */
    public static final String RESEND_ALL = "resend_all_dls_msgs";
    /** What is said of a letter that is not there. */
    public static final String GONE = "The message was not found since it had probably already been deleted";
    /** Bytes of messages that one list reads at most. */
    private static final long MAX_BYTES = 16L << 20;
    private static final String FINAL = ".final";

    private final ControlEngine engine;
    private final StationAccess access;
    private final AnsweredPublisher publisher;
    private final Tasks tasks;
    private final LetterPlaces places;
    private final LetterPost post;

    /** Makes its kind of task known to {@code tasks}, which must not have started yet. */
    public DeadLetters(ControlEngine engine, Users users, AnsweredPublisher publisher, Tasks tasks) {
        this.engine = engine;
        this.access = new StationAccess(users);
        this.publisher = publisher;
        this.tasks = tasks;
        this.places = new LetterPlaces(engine);
        this.post = new LetterPost(engine, publisher, places);
        tasks.register(new TaskKind(RESEND_ALL, "Resend All DLS Messages", "Resend all unacked messages operation", true,
            state -> new ResendAll(engine, this)));
    }

    /** Looks for letters that are to go somewhere; every second. */
    public void look() {
        post.look();
    }

    // ---- looking

    /**
     * The newest letters of a kind, the newest first, with their messages as far as {@value #MAX_BYTES} bytes go.
     *
     * @param partition number of the only partition to look at, -1 for all
     * @param below only letters with smaller numbers, {@code Long.MAX_VALUE} for all
     * @param limit at most so many
     */
    public CompletableFuture<List<DeadLetter>> newest(StationView station, int partition, Letter.Kind kind, long below, int limit) {
        List<Partition> looked = partitions(station, partition);
        List<CompletableFuture<List<Letter>>> asked = new ArrayList<>();
        for (Partition p : looked) {
            CompletableFuture<List<Letter>> letters = new CompletableFuture<>();
            p.handle().run(operations -> letters.complete(operations.letters().newest(kind, below, limit)));
            asked.add(letters);
        }
        return all(asked).thenCompose(done -> {
            List<CompletableFuture<DeadLetter>> rows = new ArrayList<>();
            List<Found> found = new ArrayList<>();
            for (int i = 0; i < looked.size(); i++) {
                Partition p = looked.get(i);
                asked.get(i).join().forEach(letter -> found.add(new Found(p, letter)));
            }
            found.sort(Comparator.comparingLong((Found f) -> f.letter().id()).reversed());
            long bytes = 0;
            for (Found f : found.subList(0, Math.min(limit, found.size()))) {
                bytes += f.letter().size();
                rows.add(bytes <= MAX_BYTES ? read(station.name(), f) : CompletableFuture.completedFuture(new DeadLetter(
                    station.name(), f.partition().number(), f.letter(), Optional.empty(), "not read: the list is too long")));
            }
            return all(rows).thenApply(read -> rows.stream().map(CompletableFuture::join).toList());
        });
    }

    private record Partition(PartitionHandle handle, int number) { }

    private record Found(Partition partition, Letter letter) { }

    private List<Partition> partitions(StationView station, int partition) {
        List<Partition> found = new ArrayList<>();
        for (int i = 0; i < station.streams().size(); i++) {
            int number = station.nativeStation() ? station.partitions().get(i) : 0;
            if (partition == -1 || !station.nativeStation() || number == partition) {
                places.stream(station.streams().get(i)).ifPresent(handle -> found.add(new Partition(handle, number)));
            }
        }
        return found;
    }

    private static <T> CompletableFuture<Void> all(List<CompletableFuture<T>> some) {
        return CompletableFuture.allOf(some.toArray(CompletableFuture[]::new));
    }

    private static CompletableFuture<DeadLetter> read(String station, Found found) {
        CompletableFuture<DeadLetter> result = new CompletableFuture<>();
        found.partition().handle().run(p -> read(p, station, found.partition().number(), found.letter(), result::complete));
        return result;
    }

    private static void read(PartitionOperations p, String station, int number, Letter letter, Consumer<DeadLetter> whenRead) {
        p.letters().read(letter.id(), read -> whenRead.accept(DeadLetter.of(station, number, letter, read)));
    }

    /**
     * One letter with its message; empty when there is none with this number, or the user may not read its station.
     *
     * @param station external name of the only station to look in, empty for all
     */
    public CompletableFuture<Optional<DeadLetter>> find(String user, String station, long id) {
        return places.<DeadLetter>find(station, id, (p, place) -> {
            access.requireRead(user, place.station());
            CompletableFuture<DeadLetter> result = new CompletableFuture<>();
            read(p, place.station(), place.number(), place.letter(), result::complete);
            return result;
        });
    }

    // ---- changing

    /**
     * Has letters sent again to the groups that gave them up, each until a member of it acknowledges; durable.
     *
     * @param ids letters of the station; others are left alone
     * @return how many letters wait for a member now
     */
    public CompletableFuture<Integer> resend(String user, StationView station, Set<Long> ids) {
        access.requireWrite(user, station.name());
        return count(partitions(station, -1).stream().map(p -> changed(p.handle(), operations -> {
            int marked = 0;
            for (long id : ids) {
                marked += mark(operations, id) ? 1 : 0;
            }
            return marked;
        })).toList());
    }

    /** Marks a letter of which a group is left to be sent again. */
    boolean mark(PartitionOperations p, long id) {
        Letter letter = p.letters().get(id).orElse(null);
        if (letter == null || letter.kind() != Letter.Kind.UNACKED || letter.groups().isEmpty()) {
            return false;
        }
        Letter marked = letter.at(engine.clock().wallNanos());
        for (LetterGroup group : letter.groups()) {
            marked = marked.with(group.again(0, 0));
        }
        return p.letters().replace(marked);
    }

    /** Has all letters of a station sent again, as a task that goes on after a restart. */
    public CompletableFuture<TaskView> resendAll(String user, StationView station) {
        access.requireWrite(user, station.name());
        return tasks.begin(RESEND_ALL, station.name(), user, Map.of());
    }

    /** Whether all letters of a station are being marked to be sent again. */
    public boolean resendingAll(String station) {
        return tasks.list().stream().anyMatch(task -> task.kind().equals(RESEND_ALL) && task.station().equals(station)
            && task.state() == TaskView.State.RUNNING);
    }

    /**
     * Puts the message of a letter into its station again, for all groups, and drops the letter when it is stored.
     *
     * @param headers in place of its own, null to keep those
     * @param payload in place of its own, null to keep that
     */
    public CompletableFuture<Void> putBack(String user, StationView station, long id, Map<String, String> headers, byte[] payload) {
        access.requireWrite(user, station.name());
        if (headers != null) {
            LetterHeaders.block(headers); // or it is refused before anything is read
        }
        return places.<Boolean>find(station.name(), id, (p, place) -> {
            CompletableFuture<Boolean> result = new CompletableFuture<>();
            p.letters().read(id, read -> read.found().ifPresentOrElse(
                message -> putBack(place, message, headers, payload, result),
                () -> result.completeExceptionally(new RequestRefusal(read.problem().isEmpty() ? GONE : read.problem()))));
            return result;
        }).thenAccept(found -> {
            if (found.isEmpty()) {
                throw new RequestRefusal(GONE);
            }
        });
    }

    private void putBack(LetterPlaces.Place place, StoredMessage message, Map<String, String> headers, byte[] payload,
                         CompletableFuture<Boolean> result) {
        String producer = LetterHeaders.read(message.header()).getOrDefault("$memphis_producedBy", "unknown");
        byte[] block = LetterHeaders.with(headers == null ? message.header() : LetterHeaders.block(headers),
            Map.of("msg-id", "dls-" + place.letter().id(), "$memphis_producedBy", producer));
        publisher.store(message.subject(), block, payload == null ? message.payload() : payload)
            .whenComplete((error, failure) -> {
                if (failure != null || !error.isEmpty()) {
                    result.completeExceptionally(failure != null ? failure : new RequestRefusal(error));
                    return;
                }
                changed(place.partition(), p -> p.letters().remove(List.of(place.letter().id())))
                    .whenComplete((removed, why) -> result.complete(true)); // it is stored, whatever became of the letter
            });
    }

    /** Letters of a kind go. How many were there. */
    public CompletableFuture<Integer> drop(String user, StationView station, Letter.Kind kind, Set<Long> ids) {
        access.requireWrite(user, station.name());
        return count(partitions(station, -1).stream().map(p -> changed(p.handle(), operations -> operations.letters().remove(
            ids.stream().filter(id -> operations.letters().get(id).filter(l -> l.kind() == kind).isPresent()).toList()))).toList());
    }

    /** All letters of some partitions go; of all when none is named. How many there were. */
    public CompletableFuture<Integer> purge(String user, StationView station, Set<Integer> numbers) {
        access.requireWrite(user, station.name());
        return count(partitions(station, -1).stream().filter(p -> numbers.isEmpty() || numbers.contains(p.number()))
            .map(p -> changed(p.handle(), operations -> operations.letters().removeAll())).toList());
    }

    private interface Change {
        int on(PartitionOperations partition);
    }

    private static CompletableFuture<Integer> changed(PartitionHandle handle, Change change) {
        CompletableFuture<Integer> result = new CompletableFuture<>();
        handle.run(p -> {
            int done = change.on(p);
            if (done == 0) {
                result.complete(0);
            } else {
                p.whenCursorsDurable(() -> result.complete(done));
            }
        });
        return result;
    }

    private static CompletableFuture<Integer> count(List<CompletableFuture<Integer>> some) {
        return all(some).thenApply(done -> some.stream().mapToInt(CompletableFuture::join).sum());
    }

    // ---- what SDKs and validators say

    /**
     * A message violates the schema of its station and is not stored: it is kept as a dead letter if the station keeps such.
     *
     * @param user who sent it; must be allowed to produce
     * @param station external name
     * @param partition number of the partition it was meant for, less than 1 for any
     * @param producer name of the producer, empty when its headers tell
     * @param header complete header block, empty for none
     * @param error what the schema said
     * @return whether it is kept, when that is durable
     */
    public CompletableFuture<Boolean> schemaViolation(String user, String station, int partition, String producer, byte[] header,
                                                      byte[] payload, String error) {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        guarded(result, () -> engine.submit(() -> guarded(result, () -> {
            StationDefinition found = Target.find(engine.definitions(), station).filter(Target::nativeStation)
                .flatMap(t -> engine.definitions().stationById(t.id())).orElse(null);
            if (found == null || !found.created().dlsSchemaverse()) {
                result.complete(false);
                return;
            }
            access.requireWrite(user, found.name());
            int count = found.created().partitionIds().size();
            String stream = StationLayout.streamName(found.name(), partition < 1 || partition > count ? 1 : partition);
            PartitionHandle handle = engine.registry().byName(stream).orElse(null);
            if (handle == null) {
                result.complete(false);
                return;
            }
            handle.run(p -> {
                if (!p.letters().violation(stream + FINAL, header, payload, producer, error, () -> result.complete(true))) {
                    result.complete(false);
                }
            });
        })));
        return result;
    }

    /**
     * A member tells why its group gives a message up.
     *
     * @param station name as the SDK says it
     * @param partition number of the partition, less than 1 when the SDK does not say
     * @param group external or internal name of the group
     * @return whether some partition knew the message
     */
    public CompletableFuture<Boolean> gaveUp(String user, String station, int partition, String group, long sequence, String reason) {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        guarded(result, () -> engine.submit(() -> guarded(result, () -> {
            Target target = Target.find(engine.definitions(), StationLayout.externalName(station)).orElse(null);
            if (target == null) {
                result.complete(false);
                return;
            }
            access.requireRead(user, target.name());
            List<CompletableFuture<Boolean>> asked = new ArrayList<>();
            for (long id : engine.definitions().partitionsOf(target.id())) {
                engine.definitions().streamById(id).filter(s -> partition < 1 || !s.owned() || s.number() == partition)
                    .flatMap(s -> engine.registry().byName(s.name())).ifPresent(handle -> {
                        CompletableFuture<Boolean> known = new CompletableFuture<>();
                        handle.run(p -> known.complete(p.gaveUp(StationLayout.internalName(group), sequence, reason)));
                        asked.add(known);
                    });
            }
            all(asked).thenAccept(done -> result.complete(asked.stream().anyMatch(CompletableFuture::join)));
        })));
        return result;
    }

    /** A member has acknowledged a message that was sent again: its group has nothing to do with the letter any more. */
    public CompletableFuture<Boolean> acknowledged(String user, long id, String group) {
        return places.<Boolean>find("", id, (p, place) -> {
            access.requireRead(user, place.station());
            boolean done = p.letters().done(id, StationLayout.internalName(group));
            return CompletableFuture.completedFuture(done);
        }).thenApply(found -> found.orElse(false));
    }

    /** Groups of a letter, by external name, that a member listens for now. */
    public Set<String> listening(DeadLetter letter) {
        Set<String> listening = new HashSet<>();
        letter.letter().groups().stream().map(LetterGroup::name).filter(g -> post.listening(letter.station(), g).isPresent())
            .forEach(g -> listening.add(StationLayout.externalName(g)));
        return listening;
    }

    private static void guarded(CompletableFuture<?> result, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
    }
}
