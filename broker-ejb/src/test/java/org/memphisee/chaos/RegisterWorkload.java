package org.memphisee.chaos;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A bucket of keys and values: four clients read, write, and write if nobody else did. Keys are used for a while and then left,
 * so that their histories can be looked at.
 */
final class RegisterWorkload extends Workload {

    private static final String STREAM = "REG";
    private static final int KEYS = 2;
    private static final int OF_A_KEY = 60;
    private static final int WRONG_LAST_SEQUENCE = 10_071;

    private final AtomicLong values = new AtomicLong();
    private final AtomicLong asked = new AtomicLong();

    RegisterWorkload(ChaosCluster cluster, long seed) {
        super(cluster, seed);
    }

    @Override
    String name() {
        return "register";
    }

    @Override
    void prepare() throws IOException {
        make(STREAM, "reg.>", ",\"max_msgs_per_subject\":1,\"allow_direct\":true");
    }

    @Override
    void begin() {
        for (int i = 0; i < 4; i++) {
            client("reg" + i, new Client()::act);
        }
    }

    private final class Client {
        private String known = "";
        private long last;

        void act(Roaming client) throws IOException {
            String key = "k" + asked.getAndIncrement() / (OF_A_KEY * KEYS) + "-" + client.random().nextInt(KEYS);
            int what = client.random().nextInt(10);
            if (!key.equals(known)) {
                known = key;
                last = 0;
            }
            if (what < 5) {
                get(client, key);
            } else if (what < 7) {
                put(client, key, "put", "", "");
            } else {
                put(client, key, "cas", "Nats-Expected-Last-Subject-Sequence: " + last + "\r\n", String.valueOf(last));
            }
            LockSupport.parkNanos(15_000_000);
        }

        private void put(Roaming client, String key, String kind, String headers, String detail) throws IOException {
            String value = "v" + values.incrementAndGet();
            Answer answer = client.note(kind, key, value, "reg." + key, headers, value, "seq", detail);
            if (answer.ok()) {
                last = answer.json().path("seq").asLong();
            } else if (answer.error() != WRONG_LAST_SEQUENCE && !answer.unavailable()) {
                throw new IllegalStateException(answer.text());
            }
        }

        private void get(Roaming client, String key) throws IOException {
            long begin = System.nanoTime();
            LineClient.Message m = LineClient.await(client.connection().ask("$JS.API.DIRECT.GET." + STREAM + ".reg." + key, "",
                ""),
                PATIENCE_SECONDS);
            int sequence = m.headers().indexOf("Nats-Sequence: ");
            if (sequence >= 0) {
                last = Long.parseLong(m.headers().substring(sequence + 15, m.headers().indexOf('\r', sequence)));
                note(new Op(client.life(), "get", key, m.payload(), last, begin, System.nanoTime(), Op.Result.OK, ""));
            } else if (m.headers().startsWith("NATS/1.0 404")) {
                last = 0;
                note(new Op(client.life(), "get", key, "", 0, begin, System.nanoTime(), Op.Result.OK, ""));
            }
        }
    }

    @Override
    List<String> verdict() {
        return RegisterCheck.check(ops());
    }
}
