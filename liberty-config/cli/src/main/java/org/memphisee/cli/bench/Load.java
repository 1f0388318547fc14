package org.memphisee.cli.bench;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import org.memphisee.cli.link.Broker;
import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;
import org.memphisee.cli.run.Pause;
import org.memphisee.client.BrokerSession;

/** Makes a load and measures it. One thread at a time. */
public final class Load {

    private static final long LOOK_MILLIS = 5;
    private static final long ACK_WAIT_NANOS = 60_000_000_000L;
    private static final int MAX_ACK_PENDING = 100_000;
    private static final String PRODUCER = "memphisee-bench";

    private final Broker broker;
    private final Plan plan;
    private final Run run;
    private final BrokerSession control;
    private final List<Sender> senders = new ArrayList<>();
    private final List<Receiver> receivers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    public Load(Broker broker, Plan plan) {
        this.broker = broker;
        this.plan = plan;
        control = broker.open();
        run = new Run(plan.seconds() > 0 ? plan.seconds() + plan.warmup() : 0);
    }

    /** Publishes; each answer says that the message is on disk. */
    public Outcome produce() {
        addSenders(subjects(streams()), plan.window(), plan.rate(), false);
        return measured("produce", this::answered, this::sendersDone, true);
    }

    /** Stores messages without measuring. */
    public void fill() {
        addSenders(subjects(streams()), plan.window(), 0, false);
        measured("fill", this::answered, this::sendersDone, true);
        senders.clear();
    }

    /** Reads and acknowledges what is there for the group. */
    public Outcome consume() {
        List<String> streams = streams();
        List<String> made = new ArrayList<>();
        try {
            long pending = consumers(streams, "all", made);
            long wanted = plan.count() > 0 ? plan.count() : plan.seconds() > 0 ? Long.MAX_VALUE : pending;
            addReceivers(streams, false);
            Outcome outcome = measured("consume", this::received, () -> received() >= wanted, false);
            settle();
            return outcome;
        } finally {
            remove(made);
        }
    }

    /** Publishes and reads at the same time; counts what was read. */
    public Outcome both() {
        List<String> streams = streams();
        List<String> made = new ArrayList<>();
        try {
            consumers(streams, "new", made);
            addReceivers(streams, false);
            addSenders(subjects(streams), plan.window(), plan.rate(), false);
            Outcome outcome = measured("both", this::received, () -> sendersDone() && received() >= sent(), true);
            settle();
            return outcome;
        } finally {
            remove(made);
        }
    }

    /** Publishes on a fixed schedule and measures from when each message was due to its arrival at a reader. */
    public Outcome latency() {
        List<String> streams = streams();
        List<String> made = new ArrayList<>();
        try {
            consumers(streams, "new", made);
            addReceivers(streams, true);
            addSenders(subjects(streams), plan.window(), plan.rate(), true);
            Outcome outcome = measured("latency", this::received, () -> sendersDone() && received() >= sent(), true);
            settle();
            return new Outcome("latency", outcome.messages(), outcome.seconds(), outcome.size(), merged(receivers.stream()
                .map(Receiver::times).toList()), outcome.late(), outcome.cpuSeconds());
        } finally {
            remove(made);
        }
    }

    /** Requests to a responder of this program; nothing is stored. */
    public Outcome request() {
        BrokerSession answering = broker.open(why -> run.failed("the connection ended: " + why));
        String subject = Responder.subject(answering);
        new Responder(answering, subject);
        broker.await(answering.flush());
        addSenders(List.of(subject), plan.window(), plan.rate(), false, false);
        return measured("request", this::answered, this::sendersDone, true);
    }

    private List<String> streams() {
        List<String> streams = broker.streamsFor(control, plan.station(), PRODUCER);
        if (plan.partition() == 0) {
            return streams;
        }
        String wanted = "$" + plan.partition();
        List<String> one = streams.stream().filter(stream -> stream.endsWith(wanted)).toList();
        if (one.isEmpty()) {
            throw CliFailure.notFound("Station " + plan.station() + " has no partition " + plan.partition());
        }
        return one;
    }

    private static List<String> subjects(List<String> streams) {
        return streams.stream().map(stream -> stream + ".final").toList();
    }

    private void addSenders(List<String> subjects, int window, double rate, boolean stamped) {
        addSenders(subjects, window, rate, stamped, true);
    }

    private void addSenders(List<String> subjects, int window, double rate, boolean stamped, boolean acknowledged) {
        int connections = stamped ? 1 : plan.connections();
        for (int i = 0; i < connections; i++) {
            long limit = plan.count() == 0 ? Long.MAX_VALUE
                : plan.count() / connections + (i == 0 ? plan.count() % connections : 0);
            BrokerSession session = broker.open(why -> run.failed("the connection ended: " + why));
            Sender sender = new Sender(run, session, new Sender.Plan(subjects, window, payload(), rate / connections, stamped,
                acknowledged, limit, plan.patience() * 1_000_000_000L));
            senders.add(sender);
            broker.await(session.flush());
        }
    }

    private byte[] payload() {
        if (!plan.text().isEmpty()) {
            return plan.text().getBytes(StandardCharsets.UTF_8);
        }
        byte[] payload = new byte[plan.size()];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) ('a' + (i * 7919 + i / 13) % 26);
        }
        return payload;
    }

    private void addReceivers(List<String> streams, boolean stamped) {
        for (int i = 0; i < plan.connections(); i++) {
            BrokerSession session = broker.open(why -> run.failed("the connection ended: " + why));
            receivers.add(new Receiver(run, session, streams, plan.group(), plan.batch(), stamped));
            broker.await(session.flush());
        }
    }

    /** Makes the durable consumers that are not there; answers how many messages wait for them. */
    private long consumers(List<String> streams, String from, List<String> made) {
        long pending = 0;
        for (String stream : streams) {
            JsonNode there = broker.ask(control, "$JS.API.CONSUMER.INFO." + stream + "." + plan.group(), "");
            if (there.path("error").path("description").asText("").isEmpty()) {
                pending += there.path("num_pending").asLong();
                continue;
            }
            var body = JsonNodeFactory.instance.objectNode().put("stream_name", stream);
            body.putObject("config").put("durable_name", plan.group()).put("deliver_policy", from).put("ack_policy", "explicit")
                .put("ack_wait", ACK_WAIT_NANOS).put("max_deliver", -1).put("replay_policy", "instant")
                .put("max_ack_pending", MAX_ACK_PENDING).put("max_waiting", 512);
            pending += broker.request(control, "$JS.API.CONSUMER.DURABLE.CREATE." + stream + "." + plan.group(),
                body.toString()).path("num_pending").asLong();
            made.add(stream);
        }
        return pending;
    }

    /** Those that were there before stay. */
    private void remove(List<String> made) {
        for (String stream : made) {
            if (control.open()) {
                broker.ask(control, "$JS.API.CONSUMER.DELETE." + stream + "." + plan.group(), "");
            }
        }
    }

    private long answered() {
        return senders.stream().mapToLong(Sender::answered).sum();
    }

    private long sent() {
        return senders.stream().mapToLong(Sender::sent).sum();
    }

    private long received() {
        return receivers.stream().mapToLong(Receiver::received).sum();
    }

    private boolean sendersDone() {
        return threads.stream().noneMatch(Thread::isAlive);
    }

    /** Waits until the broker has handled the last acknowledgements. */
    private void settle() {
        broker.await(control.flush());
    }

    private Outcome measured(String mode, LongSupplier progress, BooleanSupplier done, boolean sending) {
        long begun = System.nanoTime();
        senders.forEach(sender -> threads.add(new Thread(sender::send, "memphisee-bench")));
        threads.forEach(thread -> thread.setDaemon(true));
        receivers.forEach(Receiver::begin);
        threads.forEach(Thread::start);
        long measureAt = begun + (long) (plan.warmup() * 1e9);
        long base = 0;
        long from = begun;
        Duration cpu = cpu();
        if (plan.warmup() == 0) {
            run.measure();
        }
        long last = -1;
        long since = begun;
        long now = System.nanoTime();
        while (!done.getAsBoolean() && run.error() == null) {
            Pause.millis(LOOK_MILLIS);
            now = System.nanoTime();
            if (!run.measuring() && now >= measureAt) {
                base = progress.getAsLong();
                from = now;
                cpu = cpu();
                run.measure();
            }
            if (!sending && run.over(now)) {
                break; // a reader has nothing to bring to an end
            }
            long made = progress.getAsLong();
            if (made != last) {
                last = made;
                since = now;
            } else if (now - since > plan.patience() * 1_000_000_000L) {
                run.failed("no progress within " + plan.patience() + " s, after " + made + " messages");
            }
        }
        now = System.nanoTime();
        run.stop();
        senders.forEach(Sender::interrupt);
        if (run.error() != null) {
            throw new CliFailure(ExitCode.REFUSED, "The load failed: " + run.error());
        }
        threads.clear();
        return new Outcome(mode, progress.getAsLong() - base, (now - from) / 1e9, payload().length,
            merged(senders.stream().map(Sender::times).toList()), merged(senders.stream().map(Sender::late).toList()),
            cpu().minus(cpu).toNanos() / 1e9);
    }

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static Times merged(List<Times> all) {
        Times sum = new Times();
        all.forEach(sum::add);
        return sum;
    }
}
