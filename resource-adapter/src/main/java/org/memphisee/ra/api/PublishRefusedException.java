package org.memphisee.ra.api;

/** The broker answered that it does not take the message; nothing was stored. */
public class PublishRefusedException extends BrokerException {

    private static final long serialVersionUID = 1L;

    /** The broker's number for the reason, 0 if it gave none. */
    private final int code;

    public PublishRefusedException(int code, String message) {
        super(message);
        this.code = code;
    }

    /** The broker's number for the reason (JetStream {@code err_code}), 0 if it gave none. */
    public int code() {
        return code;
    }
}
