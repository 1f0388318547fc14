package org.memphisee.core.jetstream;

import org.memphisee.core.log.StoreException;

/**
 * Every error the JetStream API gives (jetstream-api.md 5.9): what clients test ({@code err_code}), the HTTP-like code
 * and the text. The only place that knows them.
 */
public enum ApiError {
    ACCOUNT_LIMITS_EXCEEDED(10002, 400, "resource limits exceeded for account"),
    BAD_REQUEST(10003, 400, "bad request"),
    UNAVAILABLE(10008, 503, "JetStream system temporarily unavailable"),
    CLUSTERING_REQUIRED(10010, 503, "JetStream clustering support required"),
    CONSUMER_CHANGE_REFUSED(10012, 500, "{err}"),
    CONSUMER_NAME_IN_USE(10013, 400, "consumer name already in use"),
    CONSUMER_NOT_FOUND(10014, 404, "consumer not found"),
    SNAPSHOT_SUBJECT_INVALID(10015, 400, "deliver subject not valid"),
    DURABLE_NAME_NOT_IN_SUBJECT(10016, 400, "consumer expected to be durable but no durable name set in subject"),
    DURABLE_NAME_NOT_MATCHING(10017, 400, "consumer name in subject does not match durable name in request"),
    DURABLE_NAME_NOT_SET(10018, 400, "consumer expected to be durable but a durable name was not set"),
    EPHEMERAL_WITH_DURABLE_SUBJECT(10019, 400, "consumer expected to be ephemeral but detected a durable name set in subject"),
    EPHEMERAL_WITH_DURABLE_NAME(10020, 400, "consumer expected to be ephemeral but a durable name was set in request"),
    INSUFFICIENT_RESOURCES(10023, 503, "insufficient resources"),
    INVALID_JSON(10025, 400, "invalid JSON"),
    MAXIMUM_CONSUMERS(10026, 400, "maximum consumers limit reached"),
    MAXIMUM_STREAMS(10027, 400, "maximum number of streams reached"),
    INSUFFICIENT_MEMORY(10028, 500, "insufficient memory resources available"),
    NO_MESSAGE_FOUND(10037, 404, "no message found"),
    PAYLOAD_NOT_EMPTY(10038, 400, "expected an empty request payload"),
    NO_SUITABLE_PEERS(10005, 400, "no suitable peers for placement"),
    NOT_ENABLED_FOR_ACCOUNT(10039, 503, "JetStream not enabled for account"),
    PEER_NOT_MEMBER(10040, 400, "peer not a member"),
    SEQUENCE_NOT_FOUND(10043, 400, "sequence {seq} not found"),
    SERVER_NOT_MEMBER(10044, 400, "server is not a member of the cluster"),
    INSUFFICIENT_STORAGE(10047, 500, "insufficient storage resources available"),
    STREAM_CREATE_REFUSED(10049, 500, "{err}"),
    STREAM_DELETE_REFUSED(10050, 500, "{err}"),
    STREAM_CONFIG_INVALID(10052, 500, "{err}"),
    MESSAGE_TOO_LARGE(10054, 400, "message size exceeds maximum allowed"),
    MIRROR_NOT_UPDATABLE(10055, 400, "stream mirror configuration can not be updated"),
    STREAM_NAME_NOT_MATCHING(10056, 400, "stream name in subject does not match request"),
    MESSAGE_DELETE_REFUSED(10057, 500, "{err}"),
    STREAM_NAME_IN_USE(10058, 400, "stream name already in use with a different configuration"),
    STREAM_NOT_FOUND(10059, 404, "stream not found"),
    EXPECTED_STREAM_NOT_MATCHING(10060, 400, "expected stream does not match"),
    REPLICAS_NOT_UPDATABLE(10061, 400, "Replicas configuration can not be updated"),
    RESTORE_FAILED(10062, 500, "restore failed: {err}"),
    SNAPSHOT_FAILED(10064, 500, "snapshot failed: {err}"),
    SUBJECTS_OVERLAP(10065, 400, "subjects overlap with an existing stream"),
    STREAM_UPDATE_REFUSED(10069, 500, "{err}"),
    WRONG_LAST_MSG_ID(10070, 400, "wrong last msg ID: {id}"),
    WRONG_LAST_SEQUENCE(10071, 400, "wrong last sequence: {seq}"),
    REPLICAS_NOT_SUPPORTED(10074, 500, "replicas > 1 not supported in non-clustered mode"),
    PEER_REMAP_FAILED(10075, 503, "peer remap failed"),
    NOT_ENABLED(10076, 503, "JetStream not enabled"),
    STORE_LIMIT_REACHED(10077, 503, "{err}"),
    CONSUMER_CONFIG_REQUIRED(10078, 400, "consumer config required"),
    DELIVER_SUBJECT_WILDCARD(10079, 400, "consumer deliver subject has wildcards"),
    PUSH_WITH_MAX_WAITING(10080, 400, "consumer in push mode can not set max waiting"),
    DELIVER_SUBJECT_CYCLE(10081, 400, "consumer deliver subject forms a cycle"),
    MAX_ACK_PENDING_WITHOUT_ACK(10082, 400, "consumer requires ack policy for max ack pending"),
    HEARTBEAT_TOO_SHORT(10083, 400, "consumer idle heartbeat needs to be >= 100ms"),
    PULL_REQUIRES_ACK(10084, 400, "consumer in pull mode requires ack policy"),
    PULL_WITH_RATE_LIMIT(10086, 400, "consumer in pull mode can not have rate limit set"),
    MAX_WAITING_NEGATIVE(10087, 400, "consumer max waiting needs to be positive"),
    HEARTBEAT_REQUIRES_PUSH(10088, 400, "consumer idle heartbeat requires a push based consumer"),
    FLOW_CONTROL_REQUIRES_PUSH(10089, 400, "consumer flow control requires a push based consumer"),
    FILTER_NOT_SUBSET(10093, 400, "consumer filter subject is not a valid subset of the interest subjects"),
    DELIVER_POLICY_INVALID(10094, 400, "{err}"),
    SAMPLING_INVALID(10095, 400, "failed to parse consumer sampling configuration: {err}"),
    STREAM_NOT_VALID(10096, 500, "stream not valid"),
    HEADERS_TOO_LARGE(10097, 400, "header size exceeds maximum allowed of 64k"),
    WORKQUEUE_REQUIRES_EXPLICIT_ACK(10098, 400, "workqueue stream requires explicit ack"),
    WORKQUEUE_SECOND_UNFILTERED(10099, 400, "multiple non-filtered consumers not allowed on workqueue stream"),
    WORKQUEUE_FILTER_NOT_UNIQUE(10100, 400, "filtered consumer not unique on workqueue stream"),
    WORKQUEUE_REQUIRES_DELIVER_ALL(10101, 400, "consumer must be deliver all on workqueue stream"),
    CONSUMER_NAME_TOO_LONG(10102, 400, "consumer name is too long, maximum allowed is {max}"),
    CONSUMER_NAME_INVALID(10103, 400, "durable name can not contain '.', '*', '>'"),
    CONSUMER_STORE_FAILED(10104, 500, "error creating store for consumer: {err}"),
    CONSUMER_STILL_ACTIVE(10105, 400, "consumer already exists and is still active"),
    CONSUMER_REPLACEMENT_DIFFERS(10106, 400, "consumer replacement durable config not the same"),
    CONSUMER_DESCRIPTION_TOO_LONG(10107, 400, "consumer description is too long, maximum allowed is {max}"),
    FLOW_CONTROL_NEEDS_HEARTBEAT(10108, 400, "consumer with flow control also needs heartbeats"),
    STREAM_SEALED(10109, 400, "invalid operation on sealed stream"),
    PURGE_REFUSED(10110, 500, "{err}"),
    ROLLUP_REFUSED(10111, 500, "{err}"),
    DELIVER_SUBJECT_INVALID(10112, 400, "invalid push consumer deliver subject"),
    MAX_BATCH_NEGATIVE(10114, 400, "consumer max request batch needs to be > 0"),
    MAX_EXPIRES_TOO_SHORT(10115, 400, "consumer max request expires needs to be >= 1ms"),
    MAX_DELIVER_BELOW_BACKOFF(10116, 400, "max deliver is required to be > length of backoff values"),
    SUBJECT_DETAILS_TOO_LARGE(10117, 500, "subject details would exceed maximum allowed"),
    MAX_ACK_PENDING_ABOVE_LIMIT(10121, 400, "consumer max ack pending exceeds system limit of {limit}"),
    STREAM_OFFLINE(10118, 500, "stream is offline"),
    MAX_BATCH_ABOVE_LIMIT(10125, 400, "consumer max request batch exceeds server limit of {limit}"),
    REPLICAS_ABOVE_STREAM(10126, 400, "consumer config replica count exceeds parent stream"),
    CONSUMER_NAME_PATH_SEPARATOR(10127, 400, "Consumer name can not contain path separators"),
    STREAM_NAME_PATH_SEPARATOR(10128, 400, "Stream name can not contain path separators"),
    STREAM_NAME_IN_USE_FOR_RESTORE(10130, 400, "stream name already in use, cannot restore"),
    FILTER_NOT_MATCHING_SUBJECT(10131, 400, "Consumer create request did not match filtered subject from create subject"),
    DURABLE_AND_NAME_DIFFER(10132, 400, "Consumer Durable and Name have to be equal if both are provided"),
    REPLICAS_NEGATIVE(10133, 400, "replicas count cannot be negative"),
    CONSUMER_METADATA_TOO_LARGE(10135, 400, "consumer metadata exceeds maximum size of {limit}"),
    BOTH_FILTER_FORMS(10136, 400, "consumer cannot have both FilterSubject and FilterSubjects specified"),
    FILTERS_WITH_FILTER_SUBJECT(10137, 400, "consumer with multiple subject filters cannot use subject based API"),
    FILTERS_OVERLAP(10138, 400, "consumer subject filters cannot overlap"),
    FILTER_EMPTY(10139, 400, "consumer filter in FilterSubjects cannot be empty"),
    CONSUMER_EXISTS(10148, 400, "consumer already exists"),
    CONSUMER_DOES_NOT_EXIST(10149, 400, "consumer does not exist"),
    INACTIVE_THRESHOLD_ABOVE_LIMIT(10153, 400, "consumer inactive threshold exceeds system limit of {limit}"),
    REQUIRED_LEVEL(10185, 412, "JetStream minimum api level required");

    private final int errCode;
    private final int code;
    private final String text;

    ApiError(int errCode, int code, String text) {
        this.errCode = errCode;
        this.code = code;
        this.text = text;
    }

    /** What clients test. */
    public int errCode() {
        return errCode;
    }

    /** HTTP-like status. */
    public int code() {
        return code;
    }

    /** The text, with its placeholder replaced by the detail. */
    public String description(Object detail) {
        int open = text.indexOf('{');
        return open < 0 ? text : text.substring(0, open) + detail + text.substring(text.indexOf('}') + 1);
    }

    /** A kind of request that this server does not serve. */
    static ApiRefusal notSupported(String what) {
        return new ApiRefusal(BAD_REQUEST, what + " is not supported by this server");
    }

    /** A request asks for something that is not known here. */
    static ApiRefusal unknownMember(String name) {
        return new ApiRefusal(INVALID_JSON, INVALID_JSON.text + ": json: unknown field \"" + name + "\"");
    }

    /** What a client is told when the store did not take a change. */
    public static ApiError of(StoreException cause) {
        return cause.full() ? INSUFFICIENT_STORAGE : UNAVAILABLE;
    }

    /** Something stored cannot be read; the text says what and what helps. */
    public static ApiRefusal offline(String why) {
        return new ApiRefusal(STREAM_OFFLINE, why.isEmpty() ? STREAM_OFFLINE.text : STREAM_OFFLINE.text + ": " + why);
    }

    /** A refusal with the bare text. */
    public ApiRefusal refusal() {
        return refusal("");
    }

    /** A refusal with a detail in place of the text's placeholder. */
    public ApiRefusal refusal(Object detail) {
        return new ApiRefusal(this, description(detail));
    }
}
