package org.memphisee.core.control;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

import org.memphisee.core.consumer.PartitionView;
import org.memphisee.core.letters.RetryPolicy;
import org.memphisee.core.partition.PartitionDefiner;
import org.memphisee.core.partition.PartitionDefining;
import org.memphisee.core.partition.PartitionHandle;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.partition.PartitionRegistry;

/**
 * Makes durable events true in the partitions. A change of many partitions is done in slices with other work of the
 * control loop in between. Control loop only; completion is told on a shard's thread.
 */
final class Effects {

    /** Partitions touched in one go: some milliseconds, not more. */
    private static final int SLICE = 64;

    /** Something to do in one partition; says when it is done, with the partition where it was done on its shard. */
    private interface Step {
        void run(Consumer<Optional<PartitionOperations>> done);
    }

    private final PartitionRegistry registry;
    private final Definitions definitions;
    private final ControlLoop loop;
    private final DefinitionAdvisories advisories;
    private final SchemaEffects schemas;
    /** Events of which something is still to be handed over. */
    private final TreeSet<Long> open = new TreeSet<>();
    private long begun;
    private long handed;
    private LongConsumer handsOver = index -> { };
    private LongConsumer handedOver = index -> { };

    Effects(PartitionRegistry registry, Definitions definitions, ControlLoop loop, DefinitionAdvisories advisories,
            SchemaEffects schemas) {
        this.schemas = schemas;
        this.registry = registry;
        this.definitions = definitions;
        this.loop = loop;
        this.advisories = advisories;
    }

    // ---- how far what is defined has reached the partitions

    /**
     * Control loop.
     *
     * @param begins told of each event before what follows from it is handed to partitions
     * @param ended told of the last event with which all that follows from events was
     */
    void whenHandedOver(LongConsumer begins, LongConsumer ended) {
        handsOver = begins;
        handedOver = ended;
    }

    /** Everything up to an event is in the definitions, and made effective by {@link #performAll}. */
    void recovered(long index) {
        begun = index;
        open.add(index);
        registry.groups(definitions.replicationGroups(), false);
    }

    private long begin() {
        open.add(++begun);
        handsOver.accept(begun);
        return begun;
    }

    private void handed(long event) {
        open.remove(event);
        long now = open.isEmpty() ? begun : open.first() - 1;
        if (now != handed) {
            handed = now;
            handedOver.accept(now);
        }
    }

    /** What a removal has to undo; asked before the event is folded. */
    Plan before(SystemEvent event) {
        Plan plan = new Plan();
        if (event instanceof SystemEvent.StreamDeleted e) {
            plan.removeStream(e.partitionId());
        } else if (event instanceof SystemEvent.StationDeleted e) {
            definitions.partitionsOf(e.id()).forEach(plan::removeStream);
        } else if (event instanceof SystemEvent.StationUpdated e) {
            plan.updatesStreams = definitions.stationById(e.id())
                .filter(station -> !station.created().config().equals(e.config())).isPresent();
        } else if (event instanceof SystemEvent.ConsumerRemoved e) {
            definitions.consumers(e.partitionId()).stream().filter(c -> c.consumerId() == e.consumerId()).findFirst()
                .ifPresent(c -> plan.removeConsumer(e.partitionId(), c.name()));
        } else if (event instanceof SystemEvent.GroupRemoved e) {
            String consumer = StationLayout.internalName(e.name());
            definitions.partitionsOf(e.stationId()).stream()
                .filter(partition -> definitions.consumer(partition, consumer).isPresent())
                .forEach(partition -> plan.removeConsumer(partition, consumer));
        }
        return plan;
    }

    /** Completes the plan after the event was folded, and carries it out. */
    void perform(SystemEvent event, Plan plan, ChangeResult result) {
        long index = begin();
        Runnable handedOver = () -> handed(index);
        if (event instanceof SystemEvent.StationGrown e) {
            schemas.perform(event, () -> grow(e, index, result));
            return;
        }
        plan.event = index;
        plan.whenHandedOver = handedOver;
        if (event instanceof ClusterEvent.ReplicationGroupsFormed e) {
            registry.groups(e.groups(), true);
        }
        if (event instanceof SystemEvent.StreamCreated e) {
            plan.createStream(e.partitionId());
        } else if (event instanceof SystemEvent.StreamRestored e) {
            plan.restoreStream(e);
        } else if (event instanceof SystemEvent.StationCreated e) {
            e.partitionIds().forEach(plan::createStream);
        } else if (event instanceof SystemEvent.StreamUpdated e) {
            plan.updateStream(e.partitionId());
        } else if (event instanceof SystemEvent.StationUpdated e) {
            definitions.partitionsOf(e.id()).forEach(plan.updatesStreams ? plan::updateStream : plan::deadLetters);
        } else if (event instanceof SystemEvent.DeadLetterRetrySet e) {
            definitions.partitionsOf(e.stationId()).forEach(plan::letters);
        } else if (event instanceof SystemEvent.ConsumerDefined e) {
            plan.addConsumer(e.partitionId(), e.config().name());
        } else if (event instanceof SystemEvent.ConsumerUpdated e) {
            plan.updateConsumer(e.partitionId(), e.config().name());
        } else if (event instanceof SystemEvent.GroupDefined e) {
            forGroup(e.stationId(), e.name(), plan::addConsumer, new HashSet<>(e.consumerIds()));
        } else if (event instanceof SystemEvent.GroupUpdated e) {
            String consumer = StationLayout.internalName(e.name());
            definitions.partitionsOf(e.stationId()).stream()
                .filter(partition -> definitions.consumer(partition, consumer).isPresent())
                .forEach(partition -> plan.updateConsumer(partition, consumer));
        }
        schemas.perform(event, () -> plan.run(result)); // nothing is published before somebody looks
    }

    /** The ids that are known have to be known to all partitions before a new one takes a message. */
    private void grow(SystemEvent.StationGrown e, long index, ChangeResult result) {
        Plan sharing = new Plan();
        List<Long> more = e.partitionIds();
        definitions.partitionsOf(e.stationId()).stream().filter(id -> !more.contains(id))
            .forEach(id -> sharing.share(id, e.stationId()));
        sharing.run(() -> loop.resume(() -> {
            Plan plan = new Plan();
            plan.event = index;
            plan.whenHandedOver = () -> handed(index);
            for (long id : more) {
                if (definitions.streamById(id).isPresent()) { // else it went meanwhile
                    plan.createStream(id);
                    definitions.consumers(id).forEach(consumer -> plan.addConsumer(id, consumer.name()));
                }
            }
            plan.run(result);
        }));
    }

    /** Brings all that was recovered into being: streams, then their consumers. */
    void performAll(Runnable done) {
        schemas.performAll(() -> performStreams(done));
    }

    private void performStreams(Runnable done) {
        Plan plan = new Plan();
        long all = open.first(); // what is decided with them must not come before one of them is there
        plan.whenHandedOver = () -> handed(all);
        definitions.streams().forEach(stream -> plan.openStream(stream.partitionId(), () -> { }));
        definitions.streams().forEach(stream -> {
            definitions.consumers(stream.partitionId())
                .forEach(consumer -> plan.openConsumer(stream.partitionId(), consumer.name()));
            plan.opened(stream.partitionId());
        });
        plan.run(done);
    }

    /** Adds a consumer that no event records and that starts where it starts now. */
    void addUnlogged(ConsumerDefinition consumer, ChangeResult result) {
        PartitionHandle handle = handle(consumer.partitionId());
        handle.run(partition -> partition.resolveStart(consumer.config(), new PartitionView.Answer<>() {
            @Override
            public void known(Long start) {
                partition.addConsumer(consumer.consumerId(), consumer.config(), consumer.createdNanos(), start, () -> {
                    advisories.consumerCreated(handle.name(), consumer.name());
                    result.effectiveOn(partition);
                });
            }

            @Override
            public void unknown(String why) { // whoever looks for the consumer finds that it is not there
                result.effectiveOn(partition);
            }
        }));
    }

    /** Changes a consumer that no event records. */
    void updateUnlogged(ConsumerDefinition consumer, ChangeResult result) {
        handle(consumer.partitionId()).run(partition -> {
            partition.updateConsumer(consumer.name(), consumer.config());
            result.effectiveOn(partition);
        });
    }

    /** Removes a consumer that no event records. */
    void removeUnlogged(long partitionId, String name, ChangeResult result) {
        PartitionHandle handle = handle(partitionId);
        handle.run(partition -> {
            partition.removeConsumer(name);
            advisories.consumerDeleted(handle.name(), name);
            result.effectiveOn(partition);
        });
    }

    private interface ConsumerStep {
        void add(long partition, String consumer);
    }

    private void forGroup(long stationId, String group, ConsumerStep step, Set<Long> consumerIds) {
        String consumer = StationLayout.internalName(group);
        for (long partition : definitions.partitionsOf(stationId)) {
            definitions.consumer(partition, consumer).filter(c -> consumerIds.contains(c.consumerId()))
                .ifPresent(c -> step.add(partition, consumer));
        }
    }

    private PartitionHandle handle(long partitionId) {
        String name = definitions.streamById(partitionId).orElseThrow().name();
        return registry.byName(name).orElseThrow(() -> new IllegalStateException("stream " + name + " is not open"));
    }

    /** The way to a partition, wherever it is. */
    private PartitionDefiner definer(long partitionId) {
        String name = definitions.streamById(partitionId).orElseThrow().name();
        return registry.definer(name).orElseThrow(() -> new IllegalStateException("stream " + name + " is not open"));
    }

    /** Steps in order, and their execution. */
    final class Plan {
        private final List<Step> steps = new ArrayList<>();
        /** Of a station that is updated: whether its partitions are too. */
        private boolean updatesStreams;
        /** What it follows from. */
        private long event;
        /** Partitions of which something is defined. */
        private final Set<Long> touched = new HashSet<>();
        /** Told when all steps were begun, in order. Control loop. */
        private Runnable whenHandedOver = () -> { };

        private void createStream(long id) {
            String name = definitions.streamById(id).orElseThrow().name();
            openStream(id, () -> advisories.streamCreated(name));
            opened(id);
        }

        private void restoreStream(SystemEvent.StreamRestored e) {
            long id = e.stream().partitionId();
            openStream(id, () -> advisories.streamCreated(e.stream().config().name()));
            e.consumers().forEach(consumer -> addConsumer(id, consumer.config().name()));
            opened(id);
        }

        private void opened(long id) {
            Consumer<PartitionDefining> letters = lettersOf(definitions.streamById(id).orElseThrow());
            steps.add(done -> definer(id).define(partition -> {
                try {
                    letters.accept(partition);
                    partition.opened();
                } finally {
                    done.accept(Optional.empty()); // whatever it met: a start waits for all of them
                }
            }));
        }

        private void openStream(long id, Runnable after) {
            touched.add(id);
            StreamDefinition stream = definitions.streamById(id).orElseThrow();
            long station = definitions.partitionsOf(stream.stationId()).size() > 1 ? stream.stationId() : 0;
            steps.add(done -> registry.create(id, stream.placement(), station, stream.createdNanos(), stream.config(), () -> {
                after.run();
                done.accept(Optional.empty());
            }));
        }

        /** Its message ids are those of the whole station from then on. */
        private void share(long id, long station) {
            steps.add(done -> registry.share(id, station, () -> done.accept(Optional.empty())));
        }

        private void updateStream(long id) {
            touched.add(id);
            definitions.streamById(id).ifPresent(stream -> steps.add(done -> registry.update(id, stream.config(), () -> {
                advisories.streamUpdated(stream.name());
                done.accept(Optional.empty());
            })));
            deadLetters(id);
        }

        /** What becomes of its dead letters. */
        private void letters(long id) {
            touched.add(id);
            definitions.streamById(id).map(this::lettersOf).ifPresent(letters -> steps.add(done -> definer(id).define(partition -> {
                letters.accept(partition);
                done.accept(partition.operations());
            })));
        }

        /** Tells a partition what becomes of its dead letters, as it is defined now. */
        private Consumer<PartitionDefining> lettersOf(StreamDefinition stream) {
            boolean copied = definitions.copiesDeadLetters(stream);
            boolean failures = definitions.keepsSchemaFailures(stream);
            RetryPolicy retry = definitions.retries().of(stream.owned() ? stream.stationId() : stream.partitionId());
            return partition -> {
                partition.retryDeadLetters(retry);
                partition.copyDeadLetters(copied);
                partition.keepSchemaFailures(failures);
            };
        }

        /** What becomes of its dead letters, and of what its consumers give up. */
        private void deadLetters(long id) {
            letters(id);
            for (ConsumerDefinition c : definitions.consumers(id)) {
                boolean kept = definitions.keepsDeadLetters(c);
                steps.add(done -> definer(id).define(partition -> {
                    partition.deadLetters(c.name(), kept);
                    done.accept(partition.operations());
                }));
            }
        }

        private void removeStream(long id) {
            definitions.streamById(id).ifPresent(stream -> steps.add(done -> registry.remove(id, () -> {
                advisories.streamDeleted(stream.name());
                done.accept(Optional.empty());
            })));
        }

        private void openConsumer(long partitionId, String name) {
            addConsumer(partitionId, name, () -> { });
        }

        private void addConsumer(long partitionId, String name) {
            String stream = definitions.streamById(partitionId).map(StreamDefinition::name).orElse("");
            addConsumer(partitionId, name, () -> advisories.consumerCreated(stream, name));
        }

        private void addConsumer(long partitionId, String name, Runnable after) {
            touched.add(partitionId);
            definitions.consumer(partitionId, name).ifPresent(c -> steps.add(done ->
                definer(partitionId).define(partition -> {
                    boolean begun = false;
                    try {
                        partition.deadLetters(name, definitions.keepsDeadLetters(c));
                        partition.addConsumer(c.consumerId(), c.config(), c.createdNanos(), c.startSequence(), () -> {
                            after.run();
                            done.accept(partition.operations());
                        });
                        begun = true;
                    } finally {
                        if (!begun) {
                            done.accept(partition.operations()); // whatever it met: a start waits for all of them
                        }
                    }
                })));
        }

        private void updateConsumer(long partitionId, String name) {
            consumer(partitionId, name, (partition, c) -> partition.updateConsumer(name, c.config()), () -> { });
        }

        private void consumer(long partitionId, String name,
                              BiConsumer<PartitionDefining, ConsumerDefinition> action, Runnable after) {
            touched.add(partitionId);
            definitions.consumer(partitionId, name).ifPresent(c -> steps.add(done ->
                definer(partitionId).define(partition -> {
                    try {
                        action.accept(partition, c);
                        after.run();
                    } finally {
                        done.accept(partition.operations());
                    }
                })));
        }

        private void removeConsumer(long partitionId, String name) {
            String stream = definitions.streamById(partitionId).map(StreamDefinition::name).orElse("");
            PartitionDefiner definer = definer(partitionId);
            steps.add(done -> definer.define(partition -> {
                try {
                    partition.removeConsumer(name);
                    advisories.consumerDeleted(stream, name);
                } finally {
                    done.accept(partition.operations());
                }
            }));
        }

        private void run(ChangeResult result) {
            if (result == ChangeResult.IGNORED) {
                run(partition -> { });
                return;
            }
            run(partition -> partition.ifPresentOrElse(result::effectiveOn,
                () -> registry.whenThere(touched, event, result::effective)));
        }

        private void run(Runnable done) {
            run(partition -> done.run());
        }

        private void run(Consumer<Optional<PartitionOperations>> done) {
            if (steps.isEmpty()) {
                whenHandedOver.run();
                done.accept(Optional.empty());
                return;
            }
            slice(0, new AtomicInteger(steps.size()), done);
        }

        private void slice(int from, AtomicInteger open, Consumer<Optional<PartitionOperations>> done) {
            int to = Math.min(steps.size(), from + SLICE);
            for (int i = from; i < to; i++) {
                steps.get(i).run(partition -> {
                    if (open.decrementAndGet() == 0) {
                        done.accept(partition);
                    }
                });
            }
            if (to < steps.size()) {
                loop.resume(() -> slice(to, open, done));
            } else {
                whenHandedOver.run();
            }
        }
    }
}
