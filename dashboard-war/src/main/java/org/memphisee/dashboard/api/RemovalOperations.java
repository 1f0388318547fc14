package org.memphisee.dashboard.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;

import org.memphisee.core.client.Destination;
import org.memphisee.core.client.LocalClient;
import org.memphisee.core.client.LocalHeaders;
import org.memphisee.core.client.LocalMessage;
import org.memphisee.core.client.PartitionChoice;
import org.memphisee.core.stations.StationRemovals;
import org.memphisee.core.stations.StationRemovals.Place;
import org.memphisee.core.stations.StationView;

/** Messages that people remove and send (management-api.md M-033 to M-035). */
final class RemovalOperations {

    /** The dashboard, as it is shown as a client of the broker. */
    private static final String DOOR = "ui";
    private static final String SHOWN = "UI";

    List<Operation> all() {
        return List.of(Operation.delete("stations/purgeStation", this::purge),
            Operation.delete("stations/removeMessages", this::remove),
            Operation.post("stations/produce", this::produce));
    }

    /** A station whose messages the caller may change. */
    private static StationView writable(Call call, String name) {
        StationView station = StationOperations.find(call, name);
        StationOperations.stations(call).access().requireWrite(call.user().name(), station.name());
        return station;
    }

    private JsonNode purge(Call call) {
        JsonBody body = call.body();
        String name = body.requiredText("station_name");
        boolean messages = body.flag("purge_station");
        boolean dead = body.flag("purge_dls");
        List<Long> partitions = body.numbers("partitions_list");
        body.check();
        StationView station = writable(call, name);
        List<Integer> numbers = new ArrayList<>();
        for (long partition : partitions) {
            numbers.add(number(station, partition));
        }
        if (messages) {
            Waiting.await(StationOperations.stations(call).removals().purge(call.author(), station, numbers));
        }
        if (dead) {
            Waiting.await(call.engine().deadLetters().purge(call.author(), station,
                numbers.contains(-1) ? Set.of() : Set.copyOf(numbers)));
        }
        return Texts.object();
    }

    private static int number(StationView station, long partition) {
        if (partition != -1 && !station.partitions().contains((int) partition) || partition != (int) partition) {
            throw ApiFailure.showable(StationRemovals.noPartition(partition));
        }
        return (int) partition;
    }

    private JsonNode remove(Call call) {
        JsonBody body = call.body();
        String name = body.requiredText("station_name");
        List<Place> places = new ArrayList<>();
        for (JsonBody message : body.requiredObjects("messages")) {
            long sequence = message.number("message_seq");
            long partition = message.number("partition_number");
            message.require(sequence != 0, "message_seq", "required");
            message.require(partition != 0, "partition_number", "required");
            places.add(new Place((int) Math.max(-1, Math.min(partition, Integer.MAX_VALUE)), sequence));
        }
        body.check();
        StationView station = writable(call, name);
        places.forEach(place -> number(station, station.nativeStation() && place.partition() == -1 ? 0 : place.partition()));
        Waiting.await(StationOperations.stations(call).removals().remove(call.author(), station, places));
        return Texts.object();
    }

    /** M-035: one message, in the partition that was named or in all of them in turn. */
    private JsonNode produce(Call call) {
        JsonBody body = call.body();
        String name = body.requiredText("station_name");
        String payload = body.requiredText("message_payload");
        long amount = body.requiredNumber("amount");
        long partition = body.number("partition_number");
        Map<String, String> headers = body.textsByName("message_headers");
        body.flag("bypass_schema"); // nothing gets around the schema of a station
        body.text("data_format");
        body.check();
        StationView station = writable(call, name);
        if (amount != 1) {
            throw ApiFailure.showable("amount of messages to produce has to be positive and not larger than 1");
        }
        LocalClient client = call.engine().local();
        if (payload.length() > client.maxPayload()) {
            throw ApiFailure.showable("max message payload length is " + client.maxPayload() + " characters");
        }
        LocalHeaders.Writer block = new LocalHeaders.Writer().add("$memphis_producedBy", SHOWN)
            .add("$memphis_connectionId", SHOWN);
        headers.forEach((key, value) -> {
            if (key.isBlank() || !key.chars().allMatch(c -> c > ' ' && c < 127 && c != ':') || key.startsWith("$memphis")) {
                throw ApiFailure.showable("A header can not be called " + key);
            }
            block.add(key, value);
        });
        PartitionChoice choice = partition > 0 ? new PartitionChoice.Number(number(station, partition))
            : PartitionChoice.ROUND_ROBIN;
        Waiting.await(client.connection(DOOR, call.user().name()).publish(new Destination(station.name(), DOOR, choice),
            new LocalMessage(block.block(), payload.getBytes(StandardCharsets.UTF_8))));
        return Texts.object();
    }
}
