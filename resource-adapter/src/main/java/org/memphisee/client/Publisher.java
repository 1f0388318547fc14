package org.memphisee.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.memphisee.ra.api.BrokerException;
import org.memphisee.ra.api.BrokerUnavailableException;
import org.memphisee.ra.api.OutboundMessage;
import org.memphisee.ra.api.PublishReceipt;
import org.memphisee.ra.api.PublishRefusedException;
import org.memphisee.wire.ClientFrames;

/**
 * Publishes on one session, as a producer that the broker knows by name. Any thread but the link's: the first message
 * to a station waits for the broker's answer, and every message for room in the budget of what is in flight.
 */
public final class Publisher {

    private static final byte[] LINE_END = bytes("\r\n");
    /** Request version that knows partitions. */
    private static final int VERSION = 4;
    /** What is gathered before it is sent, so that the broker works while we encode. */
    private static final int SEND_BYTES = 64 << 10;

    private final BrokerSession session;
    private final String producer;
    private final byte[] origin;
    private final Map<String, StationTarget> stations = new ConcurrentHashMap<>();

    /**
     * @param producer name under which the broker shows the producer
     */
    public Publisher(BrokerSession session, String producer) {
        this.session = session;
        this.producer = producer;
        origin = bytes("NATS/1.0\r\n$memphis_producedBy: " + producer + "\r\n$memphis_connectionId: "
            + session.connectionId() + "\r\n");
    }

    /**
     * Sends messages in their order.
     *
     * @return one future for each: completed on the link's thread when the message is on the broker's disk, or with a
     *         {@link BrokerException}; what cannot be sent at all fails in its future too
     */
    public List<CompletableFuture<PublishReceipt>> publish(List<OutboundMessage> messages) {
        List<CompletableFuture<PublishReceipt>> receipts = new ArrayList<>(messages.size());
        ClientFrames frames = new ClientFrames(messages.size() == 1 ? 256 + messages.get(0).payload().length : 8 << 10);
        for (OutboundMessage message : messages) {
            CompletableFuture<PublishReceipt> receipt = new CompletableFuture<>();
            receipts.add(receipt);
            try {
                add(frames, message, receipt);
            } catch (BrokerException e) {
                receipt.completeExceptionally(e);
            }
            if (frames.length() >= SEND_BYTES) {
                session.send(frames);
            }
        }
        session.send(frames);
        return receipts;
    }

    /**
     * Asks for all the stations and looks at each message, without sending any.
     *
     * @throws BrokerException for the first that could not be sent
     */
    public void check(List<OutboundMessage> messages) {
        ClientFrames nothing = new ClientFrames(0);
        for (OutboundMessage message : messages) {
            station(message.station(), nothing).indexFor(message);
            sized(message, header(message));
        }
    }

    /** The session it publishes on. */
    public BrokerSession session() {
        return session;
    }

    /** How long a caller waits for a receipt: an answer comes earlier, be it that there is none. */
    public long patienceMillis() {
        return 2 * session.settings().requestMillis();
    }

    private int sized(OutboundMessage message, byte[] header) {
        int size = header.length + message.payload().length;
        if (size > session.maxPayload()) {
            throw new PublishRefusedException(0, "The message to station " + message.station() + " has " + size
                + " bytes with its headers, the broker takes " + session.maxPayload());
        }
        return size;
    }

    private void add(ClientFrames frames, OutboundMessage message, CompletableFuture<PublishReceipt> receipt) {
        StationTarget station = station(message.station(), frames);
        int index = station.indexFor(message);
        byte[] header = header(message);
        int size = sized(message, header);
        room(frames, size);
        byte[] reply = session.expect(station.subject(index), new Acknowledgement(station, index, size, receipt));
        if (reply.length > 0) {
            frames.publish(station.subjectBytes(index), reply, header, message.payload());
        }
    }

    private void room(ClientFrames frames, int size) {
        if (session.inFlight().tryTake(size)) {
            return;
        }
        session.send(frames);
        try {
            if (!session.inFlight().take(size, session.settings().requestMillis())) {
                throw new BrokerUnavailableException("The broker acknowledged too little within "
                    + session.settings().requestMillis() + " ms to let the next message in");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokerUnavailableException("Interrupted while waiting for the broker", e);
        }
    }

    private byte[] header(OutboundMessage message) {
        StringBuilder more = new StringBuilder();
        if (!message.id().isEmpty()) {
            more.append("msg-id: ").append(message.id()).append("\r\n");
        }
        message.headers().forEach((name, value) -> more.append(name).append(": ").append(value).append("\r\n"));
        byte[] rest = more.length() == 0 ? HeaderBlock.NONE : bytes(more.toString());
        byte[] block = new byte[origin.length + rest.length + LINE_END.length];
        System.arraycopy(origin, 0, block, 0, origin.length);
        System.arraycopy(rest, 0, block, origin.length, rest.length);
        System.arraycopy(LINE_END, 0, block, origin.length + rest.length, LINE_END.length);
        return block;
    }

    private StationTarget station(String name, ClientFrames frames) {
        StationTarget known = stations.get(name);
        if (known != null) {
            return known;
        }
        session.send(frames); // what was gathered need not wait for the answer
        byte[] request = bytes(JsonNodeFactory.instance.objectNode().put("name", producer).put("station_name", name)
            .put("connection_id", session.connectionId()).put("producer_type", "application")
            .put("req_version", VERSION).put("username", session.user()).put("app_id", session.connectionId())
            .put("sdk_lang", "java").toString());
        StationTarget target = StationTarget.of(name, await(session.request("$memphis_producer_creations", request),
            patienceMillis()));
        stations.put(name, target);
        return target;
    }

    /**
     * Waits for an answer.
     *
     * @throws BrokerException what the future failed with, or that it took too long
     */
    public static <T> T await(CompletableFuture<T> future, long millis) {
        try {
            return future.get(millis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BrokerException known) {
                throw known;
            }
            throw new BrokerException("Unexpected failure: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new BrokerUnavailableException("No answer of the broker within " + millis + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokerUnavailableException("Interrupted while waiting for the broker", e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Waits for the acknowledgement of one message. */
    private final class Acknowledgement implements AnswerHandler {
        private final StationTarget station;
        private final int index;
        private final int size;
        private final CompletableFuture<PublishReceipt> receipt;

        private Acknowledgement(StationTarget station, int index, int size,
                                CompletableFuture<PublishReceipt> receipt) {
            this.station = station;
            this.index = index;
            this.size = size;
            this.receipt = receipt;
        }

        @Override
        public void answered(int status, byte[] bytes, int payloadOffset, int payloadLength) {
            session.inFlight().give(size);
            if (status == 503) {
                stations.remove(station.name(), station);
                receipt.completeExceptionally(new PublishRefusedException(status, "Station " + station.name()
                    + " is gone; publishing again makes it anew with default settings"));
                return;
            }
            PubAck ack = PubAck.parse(bytes, payloadOffset, payloadLength);
            if (ack.error().isEmpty()) {
                receipt.complete(new PublishReceipt(station.name(), station.partition(ack.stream(), index), ack.sequence(),
                    ack.duplicate()));
            } else {
                receipt.completeExceptionally(new PublishRefusedException(ack.code(), "Station " + station.name()
                    + " does not take the message: " + ack.error()));
            }
        }

        @Override
        public void failed(BrokerException why) {
            session.inFlight().give(size);
            receipt.completeExceptionally(why);
        }
    }
}
