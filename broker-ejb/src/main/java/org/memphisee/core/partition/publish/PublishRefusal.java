package org.memphisee.core.partition.publish;

/** Why a publish into a stream was not stored (jetstream-api.md 5.6): what the client gets to see. */
public enum PublishRefusal {
    SEALED(400, 10109, "invalid operation on sealed stream"),
    WRONG_STREAM(400, 10060, "expected stream does not match"),
    WRONG_LAST_SEQUENCE(400, 10071, "wrong last sequence: "),
    WRONG_LAST_ID(400, 10070, "wrong last msg ID: "),
    /** A header names the subject of an expectation, but there is no expectation. */
    EXPECTATION_MISSING(400, 10193, "missing sequence for expected last sequence per subject"),
    TTL_DISABLED(400, 10166, "per-message TTL is disabled"),
    COUNTERS_DISABLED(400, 10168, "message counters is disabled"),
    ATOMIC_DISABLED(400, 10174, "atomic publish is disabled"),
    SCHEDULES_DISABLED(400, 10188, "message schedules is disabled"),
    BATCH_DISABLED(400, 10205, "batch publish is disabled"),
    ROLLUP(500, 10111, "rollup not permitted"),
    TOO_LARGE(400, 10054, "message size exceeds maximum allowed"),
    HEADERS_TOO_LARGE(400, 10097, "header size exceeds maximum allowed of 64k"),
    INVALID_SUBJECT(400, 10003, "bad request"),
    /** The disk or a byte budget is nearly exhausted; reading and acknowledging go on (P6). */
    NO_ROOM(503, 10023, "insufficient resources"),
    /** The memory for message ids is used up: what cannot be protected from duplicates is not taken. */
    NO_ROOM_FOR_ID(503, 10023, "insufficient resources: the memory for message ids and subjects is used up; "
        + "raise memphisee.memory.index or shorten the duplicate window"),
    /** Another partition of the station was about to store the message with this id, and did not. */
    ID_IN_PROCESS(409, 10158, "duplicate message id is in process: the message was not stored in another partition of the "
        + "station either, publish it again"),
    /** The memory for subjects is used up; known subjects go on. */
    NO_ROOM_FOR_SUBJECT(503, 10023, "insufficient resources: the memory for message ids and subjects is used up; "
        + "raise memphisee.memory.index or use fewer subjects"),
    /** Too much came before the partition was open. */
    NO_ROOM_YET(503, 10023, "insufficient resources: the stream is still being opened and the memory for those who wait "
        + "is used up; try again"),
    /** It does not fit the schema of its station; the text is that of SDKs. The number is ours. */
    SCHEMA(400, 20720, "Schema validation has failed: "),
    LIMIT(503, 10077, ""),
    /** It was removed before the message was handed to the store. */
    GONE(404, 10059, "stream not found"),
    /** No broker, or another one, leads the replication group of the partition. */
    NO_LEADER(503, 10008, "JetStream system temporarily unavailable"),
    /** A write failed; the partition takes no more publishes until it was recovered (P3). */
    FROZEN(503, 10077, "the partition is frozen after a failed write, see the server's log: "),
    /** What is stored is damaged: nothing of it is known for sure (P2). */
    OFFLINE(500, 10118, "stream is offline: ");

    private final int code;
    private final int errCode;
    private final String description;

    PublishRefusal(int code, int errCode, String description) {
        this.code = code;
        this.errCode = errCode;
        this.description = description;
    }

    /** Like an HTTP status. */
    public int code() {
        return code;
    }

    /** The number by which NATS clients know it. */
    public int errCode() {
        return errCode;
    }

    /** In words; a detail may follow. */
    public String description() {
        return description;
    }
}
