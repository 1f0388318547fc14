package org.memphisee.ra.api;

/** The broker cannot be reached, was lost or did not answer in time. The same may succeed later. */
public class BrokerUnavailableException extends BrokerException {

    private static final long serialVersionUID = 1L;

    public BrokerUnavailableException(String message) {
        super(message);
    }

    public BrokerUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
