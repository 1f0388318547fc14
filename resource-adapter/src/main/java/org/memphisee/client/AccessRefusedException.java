package org.memphisee.client;

import org.memphisee.ra.api.BrokerException;

/** The broker does not accept the credentials. */
public final class AccessRefusedException extends BrokerException {

    private static final long serialVersionUID = 1L;

    public AccessRefusedException(String message) {
        super(message);
    }
}
