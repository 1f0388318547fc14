package org.memphisee.it.crash;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.memphisee.it.support.BrokerUnderTest;
import org.memphisee.it.support.RawConnection;

/**
 * Creates and deletes streams, consumers and (on Memphis) stations while the broker is being killed, and checks
 * afterwards that what was answered is so.
 */
final class Definitions implements Runnable {
    private static final int KEPT = 12;

    private final BrokerUnderTest broker;
    private final Set<String> present = new HashSet<>();
    private final Set<String> absent = new HashSet<>();
    private final List<String> order = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private volatile boolean stopped;
    private int created;
    private long acknowledged;

    Definitions(BrokerUnderTest broker) {
        this.broker = broker;
    }

    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        stopped = false;
        try (RawConnection connection = RawConnection.login(broker)) {
            while (!stopped) {
                create(connection);
                if (order.size() > KEPT) {
                    delete(connection, order.remove(0));
                }
                LockSupport.parkNanos(20_000_000);
            }
        } catch (IOException e) {
            // killed: the request under way is in doubt and recorded nowhere
            return;
        }
    }

    private void create(RawConnection connection) throws IOException {
        int number = ++created;
        if (broker.isMemphis() && number % 2 == 0) {
            String station = "crash-st-" + number;
            String answer = connection.request("$memphis_station_creations", "{\"name\":\"" + station
                    + "\",\"retention_type\":\"messages\",\"retention_value\":100,\"storage_type\":\"file\","
                    + "\"replicas\":1,"
                    + "\"idempotency_window_in_ms\":120000,\"username\":\"root\",\"partitions_number\":1}");
            expect(answer.isEmpty(), "station creation: " + answer);
            created(station + "$1");
        } else {
            String stream = "crash-def-" + number;
            expectSuccess(connection.request("$JS.API.STREAM.CREATE." + stream, "{\"name\":\"" + stream
                    + "\",\"subjects\":[\"" + stream + ".>\"]}"));
            created(stream);
            expectSuccess(connection.request("$JS.API.CONSUMER.CREATE." + stream + ".d", "{\"stream_name\":\"" + stream
                    + "\",\"config\":{\"durable_name\":\"d\",\"name\":\"d\",\"ack_policy\":\"explicit\"}}"));
            created(stream + " d");
        }
    }

    private void created(String name) {
        acknowledged++;
        present.add(name);
        if (!name.contains(" ")) {
            order.add(name);
        }
    }

    private void delete(RawConnection connection, String stream) throws IOException {
        present.remove(stream);
        present.remove(stream + " d");
        if (stream.startsWith("crash-st-")) {
            String station = stream.substring(0, stream.indexOf('$'));
            String answer = connection.request("$memphis_station_destructions",
                    "{\"station_name\":\"" + station + "\",\"username\":\"root\"}");
            expect(answer.isEmpty(), "station destruction: " + answer);
        } else {
            expectSuccess(connection.request("$JS.API.STREAM.DELETE." + stream, ""));
        }
        acknowledged++;
        absent.add(stream);
    }

    private void expectSuccess(String answer) {
        expect(!answer.contains("\"error\""), answer);
    }

    private void expect(boolean holds, String what) {
        if (!holds) {
            violations.add("definitions: " + what);
        }
    }

    /** Compares what the broker lists now with what it had answered. Only reads. */
    void verify(RawConnection connection) throws IOException {
        Set<String> streams = names(connection.request("$JS.API.STREAM.NAMES", "{\"offset\":0}"), "streams");
        for (String name : present) {
            String[] parts = name.split(" ");
            if (parts.length == 1) {
                expect(streams.contains(name), name + " was created and is gone");
            } else {
                Set<String> consumers = names(connection.request("$JS.API.CONSUMER.NAMES." + parts[0], ""),
                        "consumers");
                expect(consumers.contains(parts[1]), "consumer " + name + " was created and is gone");
            }
        }
        for (String name : absent) {
            expect(!streams.contains(name), name + " was deleted and is back");
        }
    }

    private static Set<String> names(String answer, String member) {
        Set<String> names = new HashSet<>();
        int start = answer.indexOf("\"" + member + "\"");
        int open = start < 0 ? -1 : answer.indexOf('[', start);
        if (open >= 0) {
            for (String name : answer.substring(open + 1, answer.indexOf(']', open)).split(",")) {
                names.add(name.trim().replace("\"", ""));
            }
        }
        return names;
    }

    List<String> violations() {
        return violations;
    }

    long acknowledged() {
        return acknowledged;
    }
}
