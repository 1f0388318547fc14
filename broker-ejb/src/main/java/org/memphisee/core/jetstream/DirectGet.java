package org.memphisee.core.jetstream;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

import org.memphisee.core.api.ApiRequest;
import org.memphisee.core.api.Reply;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.partition.PartitionHandle;
import org.memphisee.core.partition.log.MessageRead;
import org.memphisee.core.partition.log.StoredMessage;

/**
 * DIRECT.GET (jetstream-api.md 5.5): the message itself as the answer, errors as status headers. Nobody serves it for a
 * stream that is not there or does not allow it.
 */
final class DirectGet {

    private static final int STREAM_TOKEN = 4;
    private static final byte[] NOTHING = new byte[0];
    private static final String VERSION = "NATS/1.0";
    private static final String STREAM_OFFLINE = "503 Stream Is Offline";
    private static final String UNAVAILABLE = "500 JetStream system temporarily unavailable";
    private static final String EMPTY_REQUEST = "408 Empty Request";
    private static final String CRLF = "\r\n";

    private final ControlEngine engine;
    private final ApiCounters counters;
    private final TierLookup tier;

    DirectGet(ControlEngine engine, ApiCounters counters, TierLookup tier) {
        this.tier = tier;
        this.engine = engine;
        this.counters = counters;
    }

    /** By request payload. */
    void get(ApiRequest request) {
        counters.total.increment();
        if (tooNew(request)) {
            return;
        }
        allowed(request).ifPresent(handle -> {
            if (ApiFields.blank(request.payload())) {
                status(request.reply(), EMPTY_REQUEST);
                return;
            }
            Optional<MessageRequests.Wanted> wanted;
            boolean said;
            try {
                ApiFields f = ApiFields.parse(request.payload());
                said = MessageRequests.Wanted.said(f);
                wanted = MessageRequests.Wanted.read(f);
            } catch (ApiRefusal e) {
                status(request.reply(), "408 Malformed Request");
                return;
            }
            wanted.ifPresentOrElse(w -> fetch(request, handle, w),
                () -> status(request.reply(), said ? "408 Bad Request" : EMPTY_REQUEST));
        });
    }

    /** The last message of the subject that follows the stream's name; the payload has nothing to say. */
    void lastOf(ApiRequest request) {
        counters.total.increment();
        if (tooNew(request)) {
            return;
        }
        String[] tokens = request.subject().split("\\.", STREAM_TOKEN + 2);
        String subject = tokens.length > STREAM_TOKEN + 1 ? tokens[STREAM_TOKEN + 1] : "";
        allowed(request).ifPresent(handle -> {
            if (subject.isEmpty() || request.payload().length > 0) {
                status(request.reply(), "408 Bad Request");
            } else {
                fetch(request, handle, new MessageRequests.Wanted.LastBySubject(subject));
            }
        });
    }

    private boolean tooNew(ApiRequest request) {
        if (request.levelMet()) {
            return false;
        }
        status(request.reply(), "412 Required Api Level");
        return true;
    }

    private Optional<PartitionHandle> allowed(ApiRequest request) {
        String[] tokens = request.subject().split("\\.", STREAM_TOKEN + 2);
        String stream = tokens.length > STREAM_TOKEN ? tokens[STREAM_TOKEN] : "";
        Optional<PartitionHandle> here = engine.registry().byName(stream);
        if (here.isPresent() ? !here.get().decidedHere() : engine.registry().known(stream).isPresent()) {
            elsewhere(request.reply());
            return Optional.empty();
        }
        Optional<PartitionHandle> open = here.filter(handle -> handle.config().allowDirect());
        if (open.isEmpty()) {
            request.reply().nobody();
        }
        return open.filter(handle -> request.reply().wanted());
    }

    private void elsewhere(Reply reply) {
        if (!reply.elsewhere()) {
            status(reply, UNAVAILABLE);
        }
    }

    private void fetch(ApiRequest request, PartitionHandle handle, MessageRequests.Wanted wanted) {
        if (handle.state().offline()) {
            status(request.reply(), STREAM_OFFLINE);
            return;
        }
        handle.run(partition -> {
            if (handle.decidedHere()) {
                tier.fetch(wanted, handle, partition, read -> answer(request.reply(), handle.name(), read));
            } else {
                elsewhere(request.reply());
            }
        });
    }

    private void answer(Reply reply, String stream, MessageRead read) {
        if (read instanceof MessageRead.Found found) {
            reply.send(header(stream, found.message()), found.message().payload());
        } else if (read instanceof MessageRead.Unreadable unreadable) {
            // not 503: clients take that without a payload for "nobody serves it"
            status(reply, "500 Message Unreadable: " + unreadable.problem().replaceAll("\\p{Cntrl}", " "));
        } else if (read instanceof MessageRead.Offline) {
            status(reply, STREAM_OFFLINE);
        } else {
            status(reply, "404 Message Not Found");
        }
    }

    private void status(Reply reply, String status) {
        counters.errors.increment();
        reply.send((VERSION + " " + status + CRLF + CRLF).getBytes(StandardCharsets.UTF_8), NOTHING);
    }

    /** The message's own headers first, then where it comes from. */
    private static byte[] header(String stream, StoredMessage m) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(m.header().length + 160);
        byte[] own = m.header().length > CRLF.length() ? Arrays.copyOf(m.header(), m.header().length - CRLF.length())
            : (VERSION + CRLF).getBytes(StandardCharsets.UTF_8);
        out.writeBytes(own);
        out.writeBytes(("Nats-Stream: " + stream + CRLF + "Nats-Subject: " + m.subject() + CRLF + "Nats-Sequence: "
            + m.sequence() + CRLF + "Nats-Time-Stamp: " + Times.format(m.timestampNanos()) + CRLF + CRLF)
            .getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }
}
