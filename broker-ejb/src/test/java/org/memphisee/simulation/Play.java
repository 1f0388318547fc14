package org.memphisee.simulation;

import java.util.List;
import java.util.Optional;

import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.PartitionHandle;
import org.memphisee.simulation.ConsumerModel.Acks;
import org.memphisee.simulation.ConsumerModel.Kind;
import org.memphisee.store.memory.MemoryLogStore;

/** One story from its seed: what happens, in which order, and when somebody looks. */
final class Play {

    private final Story story;
    private final Actions actions;
    private final int events;

    Play(long seed, int events) {
        this.story = new Story(seed);
        this.actions = new Actions(story);
        this.events = events;
    }

    /** Plays it to its end; what everybody saw, as a number. */
    long run() throws StoreException {
        story.open();
        for (int i = 0; i < 3; i++) {
            actions.createStream();
            actions.station();
            story.pass(Story.MILLI);
            actions.createConsumer();
            actions.group();
        }
        for (int i = 0; i < events; i++) {
            event();
            for (int turns = chance(6); turns > 0 && story.world.turn(); turns--) {
                story.check();
            }
            if (story.store.powerCut()) {
                story.crash();
                Look.at(story);
            }
            story.check();
        }
        calm();
        Look.at(story);
        story.followers.look(story);
        story.check();
        story.crash();
        Look.at(story);
        drain();
        return story.digest();
    }

    private int chance(int of) {
        return story.random.nextInt(of);
    }

    private void event() throws StoreException {
        int what = chance(200);
        if (what < 70) {
            actions.publish();
        } else if (what < 100) {
            actions.pull();
        } else if (what < 135) {
            actions.settle();
        } else if (what < 150) {
            story.pass(chance(4) == 0 ? chance(1_500) * Story.MILLI : chance(20) * Story.MILLI);
        } else if (what < 156) {
            actions.createConsumer();
        } else if (what < 158) {
            actions.group();
        } else if (what < 161) {
            actions.deleteConsumer();
        } else if (what < 166) {
            actions.createStream();
        } else if (what < 168) {
            actions.deleteStream();
        } else if (what < 171) {
            actions.station();
        } else if (what < 176) {
            actions.deleteMessage();
        } else if (what < 179) {
            actions.purge();
        } else if (what < 182) {
            actions.answerFlowControl();
        } else if (what < 184) {
            story.world.jump(chance(3_000) * Story.MILLI);
        } else if (what < 190) {
            disturb();
        } else if (what < 195) {
            story.store.cutPower(1 + chance(12), chance(2) == 0 ? MemoryLogStore.Moment.BEFORE : MemoryLogStore.Moment.AFTER);
        } else {
            end();
        }
    }

    private void end() throws StoreException {
        story.followers.look(story);
        story.check();
        if (story.store.powerCut()) {
            story.crash();
        }
        switch (chance(4)) {
            case 0 -> {
                Look.at(story);
                return;
            }
            case 1 -> story.restart();
            default -> story.crash();
        }
        Look.at(story);
    }

    /** Something is wrong with the disk. */
    private void disturb() throws StoreException {
        switch (chance(8)) {
            case 0, 1 -> fill();
            case 2, 3 -> fail();
            case 4 -> flip();
            default -> {
                int most = chance(3) == 0 ? 0 : 1 + chance(20);
                story.store.waitFor(() -> story.world.jump(most == 0 ? 0 : chance(most) * Story.MILLI));
            }
        }
    }

    /** The disk is full for a while: publishes are refused, everything else goes on (P6). */
    private void fill() throws StoreException {
        story.happened("the disk is full");
        story.full = true;
        story.store.free(chance(2) == 0 ? 0 : chance(900));
        for (int i = chance(20); i > 0; i--) {
            story.pass(chance(200) * Story.MILLI);
            switch (chance(4)) {
                case 0 -> actions.pull();
                case 1 -> actions.settle();
                default -> actions.publish();
            }
        }
        if (story.pass(1_500 * Story.MILLI) && !story.failed) {
            StreamModel s = actions.anyStream(x -> x.known && !x.busy && !x.damaged);
            if (s != null) {
                actions.publish(s, 1);
            }
            Look.at(story); // each request is answered
        }
        story.happened("the disk has room");
        story.store.free(Long.MAX_VALUE);
        story.full = false;
        if (story.pass(1_500 * Story.MILLI) && !story.failed) {
            stored();
        }
    }

    /** A publish to any stream without limits is stored. */
    private void stored() {
        StreamModel s = actions.anyStream(x -> x.known && !x.busy && !x.damaged && !x.discardNew);
        if (s != null) {
            int before = s.publications.size();
            actions.publish(s, 1);
            if (story.pass(500 * Story.MILLI)) {
                Publication p = List.copyOf(s.publications.values()).get(before);
                if (p.fate == Publication.Fate.REFUSED || p.fate == Publication.Fate.UNKNOWN) {
                    story.wrong(s + " takes no messages: " + p);
                }
            }
        }
    }

    /** A write or sync fails: nothing more is written, reads go on until a restart (P3). */
    private void fail() throws StoreException {
        if (story.failed) {
            return;
        }
        story.happened("a write fails");
        story.failed = true;
        if (chance(2) == 0) {
            story.store.failNextWrite();
        } else {
            story.store.failNextSync();
        }
        for (int i = chance(15); i > 0; i--) {
            story.pass(chance(100) * Story.MILLI);
            switch (chance(4)) {
                case 0 -> actions.pull();
                case 1 -> actions.settle();
                default -> actions.publish();
            }
        }
        if (story.pass(chance(500) * Story.MILLI)) {
            stillAnswers();
        }
        story.crash();
        Look.at(story);
    }

    /** After a failed write: publishes are refused and not kept waiting, and what is stored is read. */
    private void stillAnswers() {
        StreamModel s = actions.anyStream(x -> x.known && !x.busy && !x.removing && !x.damaged);
        if (s == null) {
            return;
        }
        int before = s.publications.size();
        actions.publish(s, 1);
        Publication there = s.bySequence.values().stream()
            .filter(p -> p.found > 0 && !s.mayBeGone(p, story.wall() + 1_000 * Story.MILLI) && !s.mayBeALetter(p)).findAny().orElse(null);
        boolean[] read = {there == null};
        if (there != null) {
            story.ask(story.someone(), "$JS.API.STREAM.MSG.GET." + s.name, "{\"seq\":" + there.sequence + "}",
                answer -> read[0] = answer.has("message"));
        }
        if (story.pass(500 * Story.MILLI)) {
            Publication p = List.copyOf(s.publications.values()).get(before);
            if (!p.answered || p.fate == Publication.Fate.STORED) {
                story.wrong(s + " does not refuse a message after a failed write: " + p);
            }
            if (!read[0]) {
                story.wrong(s + " does not give out what it has after a failed write: " + there);
            }
        }
    }

    /** A bit of a record flips: only its stream may suffer (P2). */
    private void flip() {
        StreamModel s = actions.anyStream(x -> x.known && !x.busy && !x.removing);
        Optional<PartitionHandle> partition = s == null ? Optional.empty()
            : story.broker.control().engine().registry().byName(s.name);
        List<Long> batches = partition.isEmpty() ? List.of() : story.store.batches(partition.get().id());
        if (!batches.isEmpty()) {
            story.happened("a bit of " + s.name + " flips");
            s.damaged = true;
            story.store.flipBit(partition.get().id(), story.one(batches), chance(1 << 16));
        }
    }

    /** Nothing breaks any more. */
    private void calm() throws StoreException {
        story.store.cutPower(0, MemoryLogStore.Moment.BEFORE);
        story.store.waitFor(() -> { });
        story.store.free(Long.MAX_VALUE);
        if (story.store.powerCut() || story.failed) {
            story.crash();
        }
    }

    /** Whoever asks long enough gets everything that nobody was done with, and then nothing more (P4). */
    private void drain() throws StoreException {
        story.streams.values().forEach(s -> s.consumers.values().forEach(c -> {
            c.waiting.clear();
            c.cameLately.clear();
        }));
        for (int round = 0; round < 12; round++) {
            for (StreamModel s : story.streams.values()) {
                for (ConsumerModel c : s.consumers.values()) {
                    c.waiting.forEach(d -> actions.acknowledge(c, d));
                    c.waiting.clear();
                    if (c.kind == Kind.PULL) {
                        actions.pull(c, 200, 0);
                    }
                }
            }
            story.pass(round < 6 ? 800 * Story.MILLI : 100 * Story.MILLI);
            story.check();
        }
        Look.at(story);
        story.streams.values().forEach(s -> s.consumers.values().forEach(this::drained));
        story.check();
    }

    /** What nobody acknowledged is a dead letter of the group, unless it went before the group came to it. */
    private void buried(ConsumerModel c) {
        for (Publication p : c.stream.bySequence.values()) {
            boolean wanted = c.knownSince < p.sent || c.stream.retention == StreamModel.Retention.LIMITS && p.found > 0;
            if (wanted && p.promised && !p.mayGo && c.known && !c.acknowledged.contains(p.sequence)
                && c.stream.told - p.sequence < c.stream.maxMsgs && !c.stream.letter(c.name, p.sequence)) {
                story.wrong(c + " has lost " + p + ", which nobody acknowledged");
            }
        }
    }

    private void drained(ConsumerModel c) {
        if (c.group && !c.stream.damaged) {
            buried(c);
        }
        if (c.stream.damaged || c.acks == Acks.NONE || !c.durable()) {
            return;
        }
        for (Publication p : c.stream.bySequence.values()) {
            if (p.found > 0 && !c.stream.mayBeGone(p, story.wall()) && c.owes(p) && !c.came.contains(p.sequence)) {
                story.wrong(c + " never delivers " + p);
            }
        }
    }
}
