package org.memphisee.core.deadletters;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.memphisee.core.access.AccessRefusal;
import org.memphisee.core.access.StationAccess;
import org.memphisee.core.access.Users;
import org.memphisee.core.api.AnsweredPublisher;
import org.memphisee.core.api.Author;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.NotedActions;
import org.memphisee.core.control.StationDefinition;
import org.memphisee.core.control.StationLayout;
import org.memphisee.core.control.SystemEvent.ActionTaken;
import org.memphisee.core.errand.AnyPartition;
import org.memphisee.core.errand.DropLetters;
import org.memphisee.core.errand.Errand;
import org.memphisee.core.errand.FindLetter;
import org.memphisee.core.errand.GiveUpMessage;
import org.memphisee.core.errand.KeepViolation;
import org.memphisee.core.errand.MarkLetters;
import org.memphisee.core.errand.ReadLetter;
import org.memphisee.core.errand.ReadLetters;
import org.memphisee.core.errand.SettleLetter;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterGroup;
import org.memphisee.core.letters.RetryPolicy;
import org.memphisee.core.notices.PacedAlerts;
import org.memphisee.core.partition.log.StoredMessage;
import org.memphisee.core.schema.SchemaGates;
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
    /** Letters that an entry of the audit names. */
    private static final int NAMED = 100;

    private final ControlEngine engine;
    private final StationAccess access;
    private final AnsweredPublisher publisher;
    private final Tasks tasks;
    private final LetterPlaces places;
    private final LetterPost post;
    private final LetterAlerts alerts;
    private final LetterRetries retries;
    private final NotedActions notes;

    /**
     * Dead letters of all stations. Makes its kind of task known to {@code tasks}, which must not have started yet.
     *
     * @param gates tell of messages that did not fit their schemas
     * @param alerts told of what comes
     * @param keptHours how long letters are kept
     */
    public DeadLetters(ControlEngine engine, Users users, AnsweredPublisher publisher, Tasks tasks, SchemaGates gates,
                       PacedAlerts alerts, LongSupplier keptHours) {
        this.engine = engine;
        this.access = new StationAccess(users);
        this.publisher = publisher;
        this.tasks = tasks;
        this.places = new LetterPlaces(engine);
        this.post = new LetterPost(engine, publisher, places);
        this.alerts = new LetterAlerts(engine, gates, alerts);
        this.notes = new NotedActions(engine);
        this.retries = new LetterRetries(engine, access, keptHours);
        tasks.register(new TaskKind(RESEND_ALL, "Resend All DLS Messages", "Resend all unacked messages operation", true,
            state -> new ResendAll(engine)));
    }

    /** Looks for letters that are to go somewhere, and for news that people should hear of; every second. */
    public void look() {
        post.look();
        engine.resume(alerts::look);
    }

    /** When letters are given to their groups again by themselves. */
    public LetterRetries retries() {
        return retries;
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
        return RequestRefusal.of(all(looked.stream().map(p -> letters(p, kind, below, limit, new ArrayList<>())).toList()).thenCompose(lists -> {
            List<Found> found = new ArrayList<>();
            for (int i = 0; i < looked.size(); i++) {
                Partition p = looked.get(i);
                lists.get(i).forEach(letter -> found.add(new Found(p, letter)));
            }
            found.sort(Comparator.comparingLong((Found f) -> f.letter().id()).reversed());
            List<CompletableFuture<DeadLetter>> rows = new ArrayList<>();
            long bytes = 0;
            for (Found f : found.subList(0, Math.min(limit, found.size()))) {
                bytes += f.letter().size();
                rows.add(bytes <= MAX_BYTES ? read(station.name(), f) : CompletableFuture.completedFuture(new DeadLetter(
                    station.name(), f.partition().number(), f.letter(), Optional.empty(), "not read: the list is too long")));
            }
            return all(rows);
        }));
    }

    /** As many as are wanted of one partition, the newest first. */
    private static CompletableFuture<List<Letter>> letters(Partition p, Letter.Kind kind, long below, int limit, List<Letter> before) {
        return p.partition().runNow(new ReadLetters(kind, below, limit - before.size())).thenCompose(some -> {
            before.addAll(some.letters());
            return some.more() ? letters(p, kind, before.get(before.size() - 1).id(), limit, before)
                : CompletableFuture.completedFuture(before);
        });
    }

    private record Partition(AnyPartition partition, int number) { }

    private record Found(Partition partition, Letter letter) { }

    private List<Partition> partitions(StationView station, int partition) {
        List<Partition> found = new ArrayList<>();
        for (int i = 0; i < station.streams().size(); i++) {
            int number = station.nativeStation() ? station.partitions().get(i) : 0;
            if (partition == -1 || !station.nativeStation() || number == partition) {
                places.stream(station.streams().get(i)).ifPresent(p -> found.add(new Partition(p, number)));
            }
        }
        return found;
    }

    private static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> some) {
        return CompletableFuture.allOf(some.toArray(CompletableFuture[]::new))
            .thenApply(done -> some.stream().map(CompletableFuture::join).toList());
    }

    /** One that went meanwhile is shown as it was. */
    private static CompletableFuture<DeadLetter> read(String station, Found found) {
        return found.partition().partition().runNow(new ReadLetter(found.letter().id(), true)).thenApply(read -> DeadLetter.of(station,
            found.partition().number(), read.orElseGet(() -> new ReadLetter.Found(found.letter(), Optional.empty(), ""))));
    }

    /**
     * One letter with its message; empty when there is none with this number, or the user may not read its station.
     *
     * @param station external name of the only station to look in, empty for all
     */
    public CompletableFuture<Optional<DeadLetter>> find(String user, String station, long id) {
        return places.find(station, id, true).thenApply(found -> found.map(place -> {
            access.requireRead(user, place.station());
            return DeadLetter.of(place.station(), place.number(), place.found());
        }));
    }

    /**
     * Who gave up a message that is in its station still, without the message; empty when nobody did. Who may read was asked before.
     *
     * @param partition number of the partition, -1 for a stream of a plain client
     */
    public CompletableFuture<Optional<DeadLetter>> ofMessage(StationView station, int partition, long sequence) {
        return partitions(station, partition).stream().findFirst().map(p -> RequestRefusal.of(p.partition().runNow(
            new FindLetter(sequence)).thenApply(found -> found.map(letter -> new DeadLetter(station.name(), p.number(), letter,
            Optional.empty(), ""))))).orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
    }

    // ---- changing

    /**
     * Has letters sent again to the groups that gave them up, each until a member of it acknowledges; durable.
     *
     * @param by who asks
     * @param ids letters of the station; others are left alone
     * @return how many letters wait for a member now
     */
    public CompletableFuture<Integer> resend(Author by, StationView station, Set<Long> ids) {
        access.requireWrite(by.user(), station.name());
        return notes.noted(by, action(station, ActionTaken.DEAD_LETTERS_RESENT, ids), () -> counted(station, p -> true,
            new MarkLetters(List.copyOf(ids))));
    }

    private static ActionTaken action(StationView station, String action, Set<Long> ids) {
        return new ActionTaken("station", station.name(), action, Map.of("letters", ids.stream().sorted().limit(NAMED)
            .map(String::valueOf).collect(Collectors.joining(",")), "count", Integer.toString(ids.size())));
    }

    /** Has all letters of a station sent again, as a task that goes on after a restart. */
    public CompletableFuture<TaskView> resendAll(Author by, StationView station) {
        access.requireWrite(by.user(), station.name());
        if (resendingAll(station.name())) { // which is refused, and nothing is noted of what is not done
            return tasks.begin(RESEND_ALL, station.name(), by.user(), Map.of());
        }
        ActionTaken event = new ActionTaken("station", station.name(), ActionTaken.DEAD_LETTERS_RESENT, Map.of("letters", "all"));
        return notes.noted(by, event, () -> tasks.begin(RESEND_ALL, station.name(), by.user(), Map.of()));
    }

    /** Whether all letters of a station are being marked to be sent again. */
    public boolean resendingAll(String station) {
        return tasks.list().stream().anyMatch(task -> task.kind().equals(RESEND_ALL) && task.station().equals(station)
            && task.state() == TaskView.State.RUNNING);
    }

    /**
     * Puts the message of a letter into its station again, for all groups, and drops the letter when it is stored.
     *
     * @param by who asks
     * @param headers in place of its own, null to keep those
     * @param payload in place of its own, null to keep that
     */
    public CompletableFuture<Void> putBack(Author by, StationView station, long id, Map<String, String> headers, byte[] payload) {
        access.requireWrite(by.user(), station.name());
        if (headers != null) {
            LetterHeaders.block(headers); // or it is refused before anything is read
        }
        String what = headers == null && payload == null ? "as it is" : headers == null ? "with another payload"
            : payload == null ? "with other headers" : "with other headers and another payload";
        ActionTaken event = new ActionTaken("station", station.name(), ActionTaken.DEAD_LETTER_PUT_BACK,
            Map.of("letters", Long.toString(id), "how", what));
        return there(station, id).thenCompose(there -> notes.noted(by, event, () -> putBack(station, id, headers, payload)));
    }

    /** Fails when there is no such letter: nothing is noted of what is not done. */
    private CompletableFuture<Void> there(StationView station, long id) {
        return places.find(station.name(), id, false).thenAccept(found -> found.orElseThrow(() -> new RequestRefusal(GONE)));
    }

    private CompletableFuture<Void> putBack(StationView station, long id, Map<String, String> headers, byte[] payload) {
        return places.find(station.name(), id, true).thenCompose(found -> {
            LetterPlaces.Place place = found.orElseThrow(() -> new RequestRefusal(GONE));
            StoredMessage message = place.found().message().orElseThrow(() ->
                new RequestRefusal(place.found().problem().isEmpty() ? GONE : place.found().problem()));
            return putBack(place, message, headers, payload);
        });
    }

    private CompletableFuture<Void> putBack(LetterPlaces.Place place, StoredMessage message, Map<String, String> headers, byte[] payload) {
        String producer = LetterHeaders.read(message.header()).getOrDefault("$memphis_producedBy", "unknown");
        byte[] block = LetterHeaders.with(headers == null ? message.header() : LetterHeaders.block(headers),
            Map.of("msg-id", "dls-" + place.letter().id(), "$memphis_producedBy", producer));
        return publisher.store(message.subject(), block, payload == null ? message.payload() : payload).thenCompose(error -> {
            if (!error.isEmpty()) {
                throw new RequestRefusal(error);
            }
            return place.partition().run(new DropLetters(DropLetters.Which.ANY_KIND, List.of(place.letter().id())))
                .handle((removed, why) -> null); // it is stored, whatever became of the letter
        });
    }

    /** Letters of a kind go, because {@code by} wants it. How many were there. */
    public CompletableFuture<Integer> drop(Author by, StationView station, Letter.Kind kind, Set<Long> ids) {
        access.requireWrite(by.user(), station.name());
        if (ids.isEmpty()) {
            return CompletableFuture.completedFuture(0);
        }
        ActionTaken event = action(station, ActionTaken.DEAD_LETTERS_DROPPED, ids);
        return notes.makingRoom(by, event, () -> counted(station, p -> true, new DropLetters(DropLetters.Which.of(kind), List.copyOf(ids))));
    }

    /** All letters of some partitions go, because {@code by} wants it; of all when none is named. How many there were. */
    public CompletableFuture<Integer> purge(Author by, StationView station, Set<Integer> numbers) {
        access.requireWrite(by.user(), station.name());
        ActionTaken event = new ActionTaken("station", station.name(), ActionTaken.DEAD_LETTERS_PURGED, Map.of("partitions",
            numbers.isEmpty() ? "all" : numbers.stream().sorted().map(String::valueOf).collect(Collectors.joining(","))));
        return notes.makingRoom(by, event, () -> counted(station, p -> numbers.isEmpty() || numbers.contains(p.number()),
            new DropLetters(DropLetters.Which.ALL, List.of())));
    }

    /** What an errand counts in some partitions. */
    private CompletableFuture<Integer> counted(StationView station, Predicate<Partition> which, Errand<Long> errand) {
        return RequestRefusal.of(all(partitions(station, -1).stream().filter(which).map(p -> p.partition().run(errand)).toList()))
            .thenApply(counts -> (int) counts.stream().mapToLong(Long::longValue).sum());
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
            AnyPartition at = engine.errands().partition(stream).orElse(null);
            if (at == null) {
                result.complete(false);
                return;
            }
            ending(result, at.run(new KeepViolation(stream + FINAL, header, payload, producer, error)));
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
                    .flatMap(s -> engine.errands().partition(s.name())).ifPresent(p ->
                        asked.add(p.run(new GiveUpMessage(StationLayout.internalName(group), sequence, reason))));
            }
            ending(result, all(asked).thenApply(answers -> answers.contains(true)));
        })));
        return result;
    }

    /**
     * A member has acknowledged a message that was sent again: its group has nothing to do with the letter any more.
     *
     * @param station external name of the only station to look in, empty for all
     * @return whether the group had to do with it, when that is durable
     */
    public CompletableFuture<Boolean> acknowledged(String user, String station, long id, String group) {
        return said(user, station, new SettleLetter(id, StationLayout.internalName(group), SettleLetter.ACKNOWLEDGED));
    }

    /** A member wants a message that was sent again not yet: the next attempt, if there is one, is after so many milliseconds. */
    public CompletableFuture<Boolean> later(String user, String station, long id, String group, long delayMillis) {
        long delay = TimeUnit.MILLISECONDS.toNanos(Math.min(Math.max(0, delayMillis), RetryPolicy.MOST_MILLIS));
        return said(user, station, new SettleLetter(id, StationLayout.internalName(group), delay));
    }

    private CompletableFuture<Boolean> said(String user, String station, SettleLetter errand) {
        LetterPlaces.Known known = places.remembered(errand.id()).filter(k -> station.isEmpty() || k.station().equals(station)).orElse(null);
        AnyPartition at = known == null ? null : places.stream(known.stream()).orElse(null);
        if (at != null) { // as most that was sent again: the partition is asked once, and says itself whether it has it
            try {
                access.requireRead(user, known.station());
            } catch (AccessRefusal refusal) {
                return CompletableFuture.failedFuture(refusal);
            }
            return settled(errand, at);
        }
        return places.find(station, errand.id(), false).thenCompose(found -> {
            if (found.isEmpty()) {
                return CompletableFuture.completedFuture(false);
            }
            LetterPlaces.Place place = found.get();
            access.requireRead(user, place.station());
            places.remember(errand.id(), new LetterPlaces.Known(place.partition().name(), place.station()));
            return settled(errand, place.partition());
        });
    }

    private CompletableFuture<Boolean> settled(SettleLetter errand, AnyPartition at) {
        return RequestRefusal.of(at.run(errand)).thenApply(known -> {
            if (known && errand.laterNanos() == SettleLetter.ACKNOWLEDGED) {
                places.forget(errand.id());
            }
            return known;
        });
    }

    /**
     * Messages that a group is to have again, for a member that asks for them; each counts as an attempt. Who may read was
     * asked before.
     *
     * @param station external name
     * @param streams its partitions
     * @param group internal name
     * @param messages at most so many
     * @param bytes and about so many bytes; one is always given
     */
    public CompletableFuture<List<Resent>> take(String station, List<String> streams, String group, int messages, long bytes) {
        return post.take(station, streams, group, messages, bytes);
    }

    /** Groups of a letter, by external name, that a member listens for now. */
    public Set<String> listening(DeadLetter letter) {
        Set<String> listening = new HashSet<>();
        letter.letter().groups().stream().map(LetterGroup::name).filter(g -> post.reached(letter.station(), g))
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

    private static void ending(CompletableFuture<Boolean> result, CompletableFuture<Boolean> errand) {
        RequestRefusal.of(errand).whenComplete((answer, failure) -> {
            if (failure == null) {
                result.complete(answer);
            } else {
                result.completeExceptionally(failure);
            }
        });
    }
}
