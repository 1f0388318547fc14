package org.memphisee.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that go on whatever happens to the nodes, and write down what they were told. Each client is a thread with a
 * connection to some node; when that ends, or does not answer, it connects to another one.
 */
abstract class Workload {

    /**
     * Longer than a node may take for an answer: it holds what meets no leader for 4 s, and waits as long to know what became
     * of it.
     */
    static final long PATIENCE_SECONDS = 10;
    private static final long SECONDS = 1_000_000_000L;

    private final ChaosCluster cluster;
    private final long seed;
    private final List<Op> ops = new ArrayList<>();
    private final List<Thread> clients = new ArrayList<>();
    private final List<String> defects = new ArrayList<>();
    private volatile boolean over;

    Workload(ChaosCluster cluster, long seed) {
        this.cluster = cluster;
        this.seed = seed;
    }

    /** What it is called. */
    abstract String name();

    /** Makes what it needs. All nodes are well. */
    abstract void prepare() throws IOException;

    /** Starts its clients. */
    abstract void begin();

    /** All nodes are well again and its clients have ended: looks at what is there. @return what is wrong */
    abstract List<String> verdict() throws IOException;

    final ChaosCluster cluster() {
        return cluster;
    }

    final boolean over() {
        return over;
    }

    /** What clients were told, in the order in which it was written down. */
    final List<Op> ops() {
        synchronized (ops) {
            return List.copyOf(ops);
        }
    }

    final void note(Op op) {
        synchronized (ops) {
            ops.add(op);
        }
    }

    /** What may not happen to a client, whatever happens to the nodes. */
    final List<String> defects() {
        synchronized (ops) {
            return List.copyOf(defects);
        }
    }

    /** A client's life. */
    interface Life {
        void live(Roaming client) throws IOException;
    }

    final void client(String name, Life life) {
        Thread thread = new Thread(() -> {
            try (Roaming client = new Roaming(name, new Random(seed * 31 + name.hashCode()))) {
                while (!over) {
                    try {
                        life.live(client);
                    } catch (IOException e) {
                        client.leave();
                        LockSupport.parkNanos(20_000_000);
                    }
                }
            } catch (RuntimeException | Error e) {
                synchronized (ops) {
                    defects.add(name + ": " + e);
                }
                e.printStackTrace();
            }
        }, name);
        thread.setDaemon(true);
        clients.add(thread);
        thread.start();
    }

    /** Lets clients finish what they are about. */
    final void end() throws InterruptedException {
        over = true;
        for (Thread thread : clients) {
            thread.join(TimeUnit.SECONDS.toMillis(2 * PATIENCE_SECONDS + 10));
            if (thread.isAlive()) {
                throw new IllegalStateException(thread.getName() + " does not end");
            }
        }
    }

    /** A client that connects to another node when one fails it. One thread. */
    final class Roaming implements AutoCloseable {
        private final String name;
        private final Random random;
        private LineClient connection;
        private int lives;

        Roaming(String name, Random random) {
            this.name = name;
            this.random = random;
        }

        Random random() {
            return random;
        }

        /** Which connection it is. */
        String life() {
            return name + "/" + lives;
        }

        LineClient connection() throws IOException {
            if (connection != null && connection.ended()) {
                leave();
            }
            if (connection == null) {
                List<String> names = cluster.names();
                connection = new LineClient(cluster.port(names.get(random.nextInt(names.size()))));
                lives++;
            }
            return connection;
        }

        /** Asks somebody else the next time. */
        void leave() {
            if (connection != null) {
                connection.close();
                connection = null;
            }
        }

        Answer ask(String subject, String payload) throws IOException {
            return Answer.of(connection().ask(subject, payload, PATIENCE_SECONDS));
        }

        /**
         * Asks, and writes down what came of it; leaves its node when that does not answer.
         *
         * @param number of the answer: field of the JSON, empty for none
         */
        Answer note(String kind, String key, String value, String subject, String headers, String payload, String number,
            String detail)
            throws IOException {
            LineClient at = connection();
            long begin = System.nanoTime();
            try {
                CompletableFuture<LineClient.Message> asked = at.ask(subject, headers, payload);
                Answer answer = Answer.of(LineClient.await(asked, PATIENCE_SECONDS));
                long end = answer.result() == Op.Result.UNKNOWN ? Long.MAX_VALUE : System.nanoTime();
                Workload.this.note(new Op(life(), kind, key, value, number.isEmpty() ? 0 : answer.json().path(number).asLong(),
                    begin, end,
                    answer.result(), detail.isEmpty() && !answer.ok() ? answer.text() : detail));
                return answer;
            } catch (IOException e) {
                Workload.this.note(new Op(life(), kind, key, value, 0, begin, Long.MAX_VALUE, Op.Result.UNKNOWN,
                    detail.isEmpty() ? e.getMessage() : detail));
                throw e;
            }
        }

        @Override
        public void close() {
            leave();
        }
    }

    /** Asks nodes in turn until one answers well; all are well, so that one must soon. */
    final Answer insist(String subject, String payload, long seconds) throws IOException {
        long until = System.nanoTime() + seconds * SECONDS;
        String last = "";
        for (int i = 0; System.nanoTime() < until; i++) {
            String node = cluster.names().get(i % cluster.names().size());
            try (LineClient client = new LineClient(cluster.port(node))) {
                Answer answer = Answer.of(client.ask(subject, payload, PATIENCE_SECONDS));
                if (!answer.unavailable()) {
                    return answer;
                }
                last = node + ": " + answer.text();
            } catch (IOException e) {
                last = node + ": " + e.getMessage();
            }
            LockSupport.parkNanos(100_000_000);
        }
        throw new IOException("nobody answers " + subject + " for " + seconds + " s; last " + last);
    }

    /**
     * All nodes are well: each must soon be able to tell about a stream. @return what those said that are not, with what all
     * think
     */
    final List<String> silent(String stream, long seconds) {
        List<String> wrong = new ArrayList<>();
        for (String node : cluster.names()) {
            long begin = System.nanoTime();
            String last = "";
            boolean told = false;
            while (!told && System.nanoTime() - begin < seconds * SECONDS) {
                try (LineClient client = new LineClient(cluster.port(node))) {
                    Answer answer = Answer.of(client.ask("$JS.API.STREAM.INFO." + stream, "", PATIENCE_SECONDS));
                    told = answer.ok();
                    last = answer.text();
                } catch (IOException e) {
                    last = e.getMessage();
                    LockSupport.parkNanos(100_000_000);
                }
            }
            if (!told) {
                wrong.add(node + " cannot tell about " + stream + " for " + seconds + " s: " + last + "\n" + cluster.dump());
            }
        }
        return wrong;
    }

    final void make(String stream, String subjects, String more) throws IOException {
        Answer made = insist("$JS.API.STREAM.CREATE." + stream, "{\"name\":\"" + stream + "\",\"subjects\":[\"" + subjects
            + "\"],\"num_replicas\":3" + more + "}", 30);
        if (!made.ok() && made.error() != 10_058) {
            throw new IOException(made.text());
        }
    }
}
