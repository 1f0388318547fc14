package org.memphisee.client;

import org.memphisee.ra.api.BrokerUnavailableException;

/** The conversation ended before the answer came. */
public final class SessionClosedException extends BrokerUnavailableException {

    private static final long serialVersionUID = 1L;

    public SessionClosedException(String message) {
        super(message);
    }
}
