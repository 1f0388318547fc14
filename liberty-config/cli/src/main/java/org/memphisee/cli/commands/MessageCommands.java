package org.memphisee.cli.commands;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

import org.memphisee.cli.link.Broker;
import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;
import org.memphisee.client.BrokerSession;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Single stored messages. */
@Command(name = "message", description = "single stored messages")
public final class MessageCommands {

    private final Tools tools;

    public MessageCommands(Tools tools) {
        this.tools = tools;
    }

    @Command(description = "shows one message; no group moves")
    int get(@Parameters(paramLabel = "STATION") String station,
            @Parameters(paramLabel = "SEQUENCE") long sequence,
            @Option(names = "--partition", paramLabel = "NUMBER", defaultValue = "1", description = "default ${DEFAULT-VALUE}") int partition,
            @Option(names = "--raw", description = "write the payload and nothing else") boolean raw) {
        var item = read(tools, station, partition(station, partition), sequence);
        if (raw) {
            tools.surroundings().out().writeBytes(MessageItem.bytes(item));
            tools.surroundings().out().flush();
        } else {
            tools.print("MessageList", List.of("partition", "sequence", "time", "producer", "size", "payload"), List.of(item));
        }
        return ExitCode.DONE;
    }

    /** What the API calls the partition: streams of plain clients have none. */
    private int partition(String station, int asked) {
        return tools.api().get("stations/getStation", "station_name", station).path("partitions_list").isEmpty() ? -1 : asked;
    }

    /** A stored message by the API; ends with "not found" if it is gone. */
    static com.fasterxml.jackson.databind.node.ObjectNode read(Tools tools, String station, int partition, long sequence) {
        JsonNode answer = tools.api().get("stations/getMessageDetails", "station_name", station,
            "partition_number", Integer.toString(partition), "message_seq", Long.toString(sequence));
        JsonNode message = answer.path("message");
        Map<String, String> headers = new LinkedHashMap<>();
        message.path("headers").properties().forEach(e -> headers.put(e.getKey(), e.getValue().asText()));
        String producer = answer.path("producer").path("name").asText("");
        headers.put("$memphis_producedBy", producer.equals("unknown") ? "" : producer);
        return MessageItem.of(station, Math.max(partition, 0), answer.path("message_seq").asLong(),
            message.path("time_sent").asText(), headers, HexFormat.of().parseHex(message.path("data").asText()));
    }

    @Command(description = "removes one message for good")
    int rm(@Parameters(paramLabel = "STATION") String station,
           @Parameters(paramLabel = "SEQUENCE") long sequence,
           @Option(names = "--partition", paramLabel = "NUMBER", defaultValue = "1", description = "default ${DEFAULT-VALUE}") int partition) {
        tools.confirm("Remove message " + sequence + " of " + station);
        try (Broker broker = tools.broker()) {
            BrokerSession session = broker.open();
            String stream = chosen(broker.streamsOf(session, station), partition).get(0);
            broker.request(session, "$JS.API.STREAM.MSG.DELETE." + stream,
                Tools.object().put("seq", sequence).toString());
        }
        return ExitCode.DONE;
    }

    /** The stream of a partition, or all. */
    static List<String> chosen(List<String> streams, Integer partition) {
        if (partition == null) {
            return streams;
        }
        List<String> fitting = new ArrayList<>(streams);
        fitting.removeIf(stream -> !stream.endsWith("$" + partition));
        if (fitting.isEmpty() && streams.size() == 1 && partition == 1) {
            return streams; // of a plain client
        }
        if (fitting.isEmpty()) {
            throw CliFailure.notFound("Partition number " + partition + " does not exist");
        }
        return fitting;
    }
}
