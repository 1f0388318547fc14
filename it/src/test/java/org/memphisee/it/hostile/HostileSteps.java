package org.memphisee.it.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.memphisee.it.support.BrokerUnderTest;
import org.memphisee.it.support.RawConnection;

/** The list of bad input, each as a step to repeat. */
final class HostileSteps {
    private HostileSteps() {
    }

    /** Random bytes, before and after logging in; the broker has to close with the protocol's answer. */
    static Hostility.Step garbage(BrokerUnderTest broker) {
        Random random = new Random(42);
        return new Hostility.Step() {
            private boolean loggedIn;

            @Override
            public void run() throws IOException {
                byte[] garbage = new byte[2048];
                random.nextBytes(garbage);
                garbage[0] = 'x';
                loggedIn = !loggedIn;
                try (RawConnection connection = loggedIn ? RawConnection.login(broker) : RawConnection.open(broker)) {
                    sendWhatGoes(connection, garbage);
                    String answer = connection.readToEnd();
                    // an answer may be lost with a reset when the broker closes over unread input
                    assertTrue(answer.isEmpty() || answer.startsWith("-ERR 'Unknown Protocol Operation'")
                            || answer.startsWith("-ERR 'Authorization Violation'")
                            || answer.startsWith("-ERR 'maximum control line exceeded'"), answer);
                }
            }

            @Override
            public long pace() {
                return TimeUnit.MILLISECONDS.toNanos(15);
            }
        };
    }

    private static void sendWhatGoes(RawConnection connection, byte[] bytes) {
        try {
            connection.send(bytes);
        } catch (IOException e) {
            // the broker has closed in the middle, as it should; what it said is read next
            return;
        }
    }

    /** Frames that never end, on up to 300 connections at a time. */
    static Hostility.Step halfFrames(BrokerUnderTest broker) {
        String[] beginnings = {"PUB half.frame 100000\r\nonly this", "HPUB half.frame 500 1000\r\nNATS/1.0\r\nk: v",
                "SUB half",
            "CONN", "PU", "HPUB half.frame 12 12\r\nNATS/1.0\r\n\r"};
        Deque<RawConnection> open = new ArrayDeque<>();
        return new Hostility.Step() {
            private int count;

            @Override
            public void run() throws IOException {
                RawConnection connection = RawConnection.login(broker);
                connection.send(beginnings[count++ % beginnings.length]);
                open.add(connection);
                if (open.size() > 300) {
                    open.remove().close();
                }
            }

            @Override
            public void pause() throws IOException {
                closeAll(open);
            }

            @Override
            public long pace() {
                return TimeUnit.MILLISECONDS.toNanos(10);
            }
        };
    }

    /** Payloads larger than allowed, begun and sent in part. */
    static Hostility.Step oversized(BrokerUnderTest broker) {
        byte[] part = new byte[64 * 1024];
        return new Hostility.Step() {
            @Override
            public void run() throws IOException {
                try (RawConnection connection = RawConnection.login(broker)) {
                    connection.send("PUB over.size 500000000\r\n");
                    sendWhatGoes(connection, part);
                    String answer = connection.readToEnd();
                    assertTrue(answer.isEmpty() || answer.equals("-ERR 'Maximum Payload Violation'\n"), answer);
                }
            }

            @Override
            public long pace() {
                return TimeUnit.MILLISECONDS.toNanos(15);
            }
        };
    }

    /** Connections that never send CONNECT: opened at once and left alone; each has to be told and thrown out. */
    static Hostility.Step silent(BrokerUnderTest broker, int count) {
        Deque<RawConnection> open = new ArrayDeque<>();
        return new Hostility.Step() {
            @Override
            public void run() throws IOException {
                while (open.size() < count) {
                    open.add(RawConnection.open(broker));
                }
            }

            @Override
            public void pause() throws IOException {
                for (RawConnection connection : open) {
                    assertTrue(connection.readLine().startsWith("INFO"));
                    assertEquals("-ERR 'Authentication Timeout'\n", connection.readToEnd());
                }
                closeAll(open);
            }

            @Override
            public long pace() {
                return TimeUnit.MILLISECONDS.toNanos(10);
            }
        };
    }

    /** A subscriber that never reads, flooded with about 16 MiB/s; a new one follows when the broker has cut it off. */
    static Hostility.Step neverReads(BrokerUnderTest broker) {
        byte[] block = new byte[64 * 1024];
        List<RawConnection> pair = new ArrayList<>();
        return new Hostility.Step() {
            @Override
            public void run() throws IOException {
                if (pair.isEmpty()) {
                    pair.add(RawConnection.login(broker));
                    pair.add(RawConnection.login(broker));
                    pair.get(0).send("SUB flood.hostile 1\r\n");
                    pair.get(0).flush();
                }
                RawConnection publisher = pair.get(1);
                publisher.send("PUB flood.hostile " + block.length + "\r\n");
                publisher.send(block);
                publisher.send("\r\n");
                try {
                    pair.get(0).send("PING\r\n");
                } catch (IOException e) {
                    closeAll(pair);
                }
            }

            @Override
            public void pause() throws IOException {
                closeAll(pair);
            }

            @Override
            public long pace() {
                return TimeUnit.MILLISECONDS.toNanos(4);
            }
        };
    }

    private static void closeAll(java.util.Collection<RawConnection> open) throws IOException {
        for (RawConnection connection : open) {
            connection.close();
        }
        open.clear();
    }
}
