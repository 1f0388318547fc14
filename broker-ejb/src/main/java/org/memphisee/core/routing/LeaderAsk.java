package org.memphisee.core.routing;

import java.nio.charset.StandardCharsets;

import org.memphisee.core.api.ApiHandler;
import org.memphisee.core.api.ApiRequest;
import org.memphisee.core.api.Reply;

/**
 * A request that the node answers which serves a stream, until it is answered. Which stream that is, and so which node, is looked
 * up by name at each attempt: another one may have the name by then. Done here, it may come back as one for elsewhere. The
 * routes' thread, but for what says otherwise.
 */
final class LeaderAsk implements Reply {

    private final ForwardedRequests requests;
    private final LeaderRequest kind;
    private final ApiRequest request;
    private final ApiHandler handler;
    private final byte[] stream;
    private final long since;
    private long number;
    private Peer sentTo;

    LeaderAsk(ForwardedRequests requests, LeaderRequest kind, ApiRequest request, ApiHandler handler, long since) {
        this.requests = requests;
        this.kind = kind;
        this.request = request;
        this.handler = handler;
        this.stream = kind.stream(request.subject()).getBytes(StandardCharsets.UTF_8);
        this.since = since;
    }

    // ---- any thread

    LeaderRequest kind() {
        return kind;
    }

    ApiRequest request() {
        return request;
    }

    long since() {
        return since;
    }

    /** Where the stream of that name is, as far as is known now; null when there is none. */
    PlacedPartition to(PartitionBindings partitions) {
        return partitions.stream(stream, 0, stream.length) instanceof PlacedPartition to ? to : null;
    }

    /** Has it done here; one of another node goes back there when it turns out not to be for this one. */
    void doHere() {
        handler.handle(request.reply() instanceof PeerReply ? request
            : new ApiRequest(request.client(), request.subject(), request.header(), request.payload(), this));
    }

    /** The answer when nobody serves the stream, or nobody knows whether it was done. */
    void fail() {
        if (kind.type().isEmpty()) {
            request.reply().send(LeaderRequest.UNAVAILABLE, LeaderRequest.NONE);
        } else {
            request.reply().send(kind.unavailable().getBytes(StandardCharsets.UTF_8));
        }
    }

    // ---- on its way

    void sent(long as, Peer peer) {
        number = as;
        sentTo = peer;
    }

    long number() {
        return number;
    }

    Peer sentTo() {
        return sentTo;
    }

    // ---- as the reply of what is done here; any thread

    @Override
    public boolean wanted() {
        return request.reply().wanted();
    }

    @Override
    public void send(byte[] payload) {
        request.reply().send(payload);
    }

    @Override
    public void send(byte[] headerBlock, byte[] payload) {
        request.reply().send(headerBlock, payload);
    }

    @Override
    public void nobody() {
        request.reply().nobody();
    }

    @Override
    public boolean elsewhere() {
        requests.later(this);
        return true;
    }
}
