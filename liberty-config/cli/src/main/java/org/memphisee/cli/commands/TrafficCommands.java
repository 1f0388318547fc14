package org.memphisee.cli.commands;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.link.Broker;
import org.memphisee.cli.output.Printer;
import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;
import org.memphisee.cli.run.Pause;
import org.memphisee.client.BrokerSession;
import org.memphisee.client.Delivery;
import org.memphisee.client.GroupFeed;
import org.memphisee.client.GroupSpec;
import org.memphisee.client.HeaderBlock;
import org.memphisee.client.Publisher;
import org.memphisee.ra.api.BrokerException;
import org.memphisee.ra.api.OutboundMessage;
import org.memphisee.ra.api.PublishReceipt;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands of {@link StationCommands} that move messages; picocli finds those that are inherited if they are public. */
public abstract class TrafficCommands {

    private static final List<String> COLUMNS = List.of("partition", "sequence", "time", "producer", "size", "payload");
    private static final int BATCH = 256;
    private static final int MAX_PEEK = 1_000;
    private static final int HELD = 256;
    private static final long HELD_BYTES = 8 << 20;
    private static final long ACK_WAIT_MILLIS = 30_000;
    private static final long LOOK_MILLIS = 250;

    private final Tools tools;

    TrafficCommands(Tools tools) {
        this.tools = tools;
    }

    @Command(description = {"stores messages; what it says is stored is on the broker's disk",
        "Without MESSAGE and --file each line of the input is one. A station that is not there is made with the defaults."})
    public int produce(@Parameters(index = "0", paramLabel = "STATION") String station,
                @Parameters(index = "1", paramLabel = "MESSAGE", arity = "0..1", description = "the payload") String message,
                @Option(names = "--file", paramLabel = "FILE", description = "the payload is the whole file") Path file,
                @Option(names = {"-H", "--header"}, paramLabel = "NAME=VALUE", description = "a header; may be repeated") Map<String, String> headers,
                @Option(names = "--key", paramLabel = "KEY", description = "messages with the same key go to the same partition") String key,
                @Option(names = "--partition", paramLabel = "NUMBER", description = "the partition, from 1") Integer partition,
                @Option(names = "--id", paramLabel = "ID", description = "stored once, however often it is sent within the station's window") String id,
                @Option(names = "--producer", paramLabel = "NAME", defaultValue = "memphisee-cli", description = "default ${DEFAULT-VALUE}") String producer) {
        if (message != null && file != null) {
            throw CliFailure.usage("Give the message or --file, not both");
        }
        try (Broker broker = tools.broker()) {
            Publisher publisher = new Publisher(broker.open(), producer);
            Stored stored = new Stored(broker);
            Map<String, String> all = headers == null ? Map.of() : headers;
            if (message != null || file != null) {
                byte[] payload = file == null ? message.getBytes(StandardCharsets.UTF_8) : bytes(file);
                stored.await(publisher.publish(List.of(outbound(station, payload, all, key, partition, id))));
            } else {
                lines(publisher, stored, line -> outbound(station, line.getBytes(StandardCharsets.UTF_8), all, key, partition, id));
            }
            tools.print("StoredList", List.of("station", "messages", "duplicates", "lastPartition", "lastSequence"),
                List.of(Tools.object().put("station", station).put("messages", stored.messages)
                    .put("duplicates", stored.duplicates).put("lastPartition", stored.partition)
                    .put("lastSequence", stored.sequence)));
        }
        return ExitCode.DONE;
    }

    /** What has been stored of a run of messages. */
    private static final class Stored {
        private final Broker broker;
        private long messages;
        private long duplicates;
        private int partition;
        private long sequence;

        private Stored(Broker broker) {
            this.broker = broker;
        }

        private void await(List<CompletableFuture<PublishReceipt>> receipts) {
            for (CompletableFuture<PublishReceipt> future : receipts) {
                PublishReceipt receipt;
                try {
                    receipt = broker.await(future);
                } catch (CliFailure e) {
                    throw new CliFailure(e.code(), e.getMessage() + (messages == 0 ? "" : "; " + messages
                        + " messages before it are stored"));
                }
                messages++;
                duplicates += receipt.duplicate() ? 1 : 0;
                partition = receipt.partition();
                sequence = receipt.sequence();
            }
        }
    }

    private void lines(Publisher publisher, Stored stored, java.util.function.Function<String, OutboundMessage> message) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(tools.surroundings().in(), StandardCharsets.UTF_8))) {
            List<OutboundMessage> batch = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                batch.add(message.apply(line));
                if (batch.size() == BATCH || !lines.ready()) { // who types line by line waits for nothing
                    stored.await(publisher.publish(batch));
                    batch = new ArrayList<>();
                }
            }
            stored.await(publisher.publish(batch));
        } catch (IOException e) {
            throw new CliFailure(ExitCode.BAD_DATA, "The input cannot be read: " + e.getMessage());
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new CliFailure(ExitCode.BAD_DATA, "The file cannot be read: " + e.getMessage());
        }
    }

    private static OutboundMessage outbound(String station, byte[] payload, Map<String, String> headers, String key,
                                            Integer partition, String id) {
        try {
            OutboundMessage message = OutboundMessage.to(station, payload);
            for (Map.Entry<String, String> header : headers.entrySet()) {
                message = message.withHeader(header.getKey(), header.getValue());
            }
            message = key == null ? message : message.withKey(key);
            message = partition == null ? message : message.withPartition(partition);
            return id == null ? message : message.withId(id);
        } catch (IllegalArgumentException e) {
            throw CliFailure.usage(e.getMessage());
        }
    }

    @Command(description = {"reads as a member of a consumer group and acknowledges what it has written; the group moves",
        "Ends after --count messages, or when none came for --wait seconds."})
    public int consume(@Parameters(paramLabel = "STATION") String station,
                @Option(names = "--group", paramLabel = "GROUP", required = true, description = "the group, made if it is not there") String group,
                @Option(names = "--member", paramLabel = "NAME", defaultValue = "memphisee-cli", description = "default ${DEFAULT-VALUE}") String member,
                @Option(names = "--count", paramLabel = "NUMBER", description = "end after so many") Long count,
                @Option(names = "--wait", paramLabel = "SECONDS", defaultValue = "2", description = "end when none came for so long; "
                    + "default ${DEFAULT-VALUE}, 0 for never") int wait,
                @Option(names = "--raw", description = "write the payloads and nothing else, a line each") boolean raw) {
        LinkedBlockingQueue<Object> arrived = new LinkedBlockingQueue<>();
        try (Broker broker = tools.broker()) {
            BrokerSession session = broker.open(why -> arrived.add(new CliFailure(ExitCode.UNREACHABLE, "The connection ended: " + why)));
            GroupFeed feed = broker.await(GroupFeed.join(session, new GroupSpec(station, group, member, ACK_WAIT_MILLIS, 10),
                new GroupFeed.Listener() {
                    @Override
                    public void delivered(Delivery delivery) {
                        arrived.add(delivery);
                    }

                    @Override
                    public void readComplete() {
                        // each message is handled as it comes
                    }

                    @Override
                    public void gone(String why) {
                        arrived.add(CliFailure.notFound("The station or the group was removed"));
                    }
                }));
            long wanted = count == null ? Long.MAX_VALUE : count;
            feed.capacity((int) Math.min(HELD, wanted), HELD_BYTES);
            for (long done = 0; done < wanted; done++) {
                Object next = next(arrived, wait);
                if (next == null) {
                    break;
                }
                if (next instanceof CliFailure failure) {
                    throw failure;
                }
                Delivery delivery = (Delivery) next;
                show(MessageItem.of(station, delivery.partition(), delivery.sequence(), delivery.storedAt().toString(),
                    delivery.headers(), delivery.payload()), raw);
                if (done + 1 == wanted) {
                    feed.unsubscribe(); // else its room would be filled with messages that nobody takes
                }
                feed.settle(List.of(delivery), new byte[0]);
            }
            broker.await(session.flush());
        }
        return ExitCode.DONE;
    }

    private static Object next(LinkedBlockingQueue<Object> arrived, int wait) {
        try {
            return wait == 0 ? arrived.take() : arrived.poll(wait, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliFailure(ExitCode.INTERRUPTED, "Interrupted");
        }
    }

    /** One message as it comes: in JSON an object in a line of its own, since there is no end that an array could have. */
    private void show(ObjectNode item, boolean raw) {
        if (raw) {
            tools.surroundings().out().writeBytes(MessageItem.bytes(item));
            tools.line("");
        } else if (tools.json()) {
            ObjectNode whole = Tools.object().put("kind", "Message").put("apiVersion", Printer.API_VERSION);
            whole.setAll(item);
            tools.line(whole.toString());
        } else {
            tools.line(item.path("time").asText() + "\t" + item.path("partition").asText() + "\t" + item.path("sequence").asText()
                + "\t" + item.path("payload").asText().replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
                .replaceAll("\\p{Cntrl}", "?"));
        }
        if (tools.surroundings().out().checkError()) {
            throw new CliFailure(ExitCode.REFUSED, "Nobody reads what is written; what was not written is not acknowledged");
        }
    }

    @Command(description = "shows the newest messages; no group moves")
    public int peek(@Parameters(paramLabel = "STATION") String station,
             @Option(names = {"-n", "--last"}, paramLabel = "NUMBER", defaultValue = "10", description = "how many, 1 to 1000; default ${DEFAULT-VALUE}") int last,
             @Option(names = "--partition", paramLabel = "NUMBER", description = "only this one, from 1") Integer partition) {
        if (last < 1 || last > MAX_PEEK) {
            throw CliFailure.usage("--last is 1 to " + MAX_PEEK);
        }
        List<ObjectNode> items = new ArrayList<>();
        List<JsonNode> rows = new ArrayList<>();
        tools.api().get("monitoring/getStationOverviewData", "station_name", station, "partition_number",
            partition == null ? "-1" : partition.toString()).path("messages").forEach(rows::add);
        for (JsonNode row : rows.subList(Math.max(0, rows.size() - last), rows.size())) {
            int number = row.path("partition").asInt();
            try {
                items.add(MessageCommands.read(tools, station, number == 0 ? -1 : number, row.path("message_seq").asLong()));
            } catch (CliFailure e) {
                if (e.code() != ExitCode.NOT_FOUND) { // it went meanwhile
                    throw e;
                }
            }
        }
        tools.print("MessageList", COLUMNS, items);
        return ExitCode.DONE;
    }

    @Command(description = "shows messages as they are stored, from now on; no group moves")
    public int tail(@Parameters(paramLabel = "STATION") String station,
             @Option(names = "--count", paramLabel = "NUMBER", description = "end after so many") Long count,
             @Option(names = "--from-start", description = "begin with the oldest") boolean fromStart,
             @Option(names = "--raw", description = "write the payloads and nothing else, a line each") boolean raw) {
        long left = count == null ? Long.MAX_VALUE : count;
        try (Broker broker = tools.broker()) {
            BrokerSession session = broker.open();
            List<String> streams = broker.streamsOf(session, station);
            Map<String, Long> next = new HashMap<>();
            for (String stream : streams) {
                JsonNode state = broker.request(session, "$JS.API.STREAM.INFO." + stream, "").path("state");
                next.put(stream, fromStart ? 1 : state.path("last_seq").asLong() + 1);
            }
            while (left > 0) {
                boolean any = false;
                for (String stream : streams) {
                    JsonNode answer = broker.ask(session, "$JS.API.STREAM.MSG.GET." + stream,
                        Tools.object().put("seq", next.get(stream)).put("next_by_subj", ">").toString());
                    JsonNode message = answer.path("message");
                    if (message.isObject() && left > 0) {
                        next.put(stream, message.path("seq").asLong() + 1);
                        show(item(station, stream, message), raw);
                        left--;
                        any = true;
                    } else if (answer.path("error").path("code").asInt() != 404 && left > 0) {
                        throw CliFailure.refused(answer.path("error").path("description").asText("refused"));
                    }
                }
                if (!any) {
                    Pause.millis(LOOK_MILLIS);
                }
            }
        } catch (BrokerException e) {
            throw Broker.failure(e);
        }
        return ExitCode.DONE;
    }

    private static ObjectNode item(String station, String stream, JsonNode message) {
        byte[] header = decoded(message.path("hdrs"));
        int dollar = stream.lastIndexOf('$');
        return MessageItem.of(station, dollar < 0 ? 0 : Integer.parseInt(stream.substring(dollar + 1)),
            message.path("seq").asLong(), message.path("time").asText(),
            new LinkedHashMap<>(HeaderBlock.parse(header, 0, header.length)), decoded(message.path("data")));
    }

    private static byte[] decoded(JsonNode base64) {
        try {
            return Base64.getDecoder().decode(base64.asText(""));
        } catch (IllegalArgumentException e) {
            throw new UncheckedIOException(new IOException("the broker's answer is not understood", e));
        }
    }
}
