package org.memphisee.ra.api;

/**
 * What went wrong between an application and the broker, and in the text what to do about it. Unchecked: thrown out of a bean
 * it rolls the transaction back.
 */
public class BrokerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public BrokerException(String message) {
        super(message);
    }

    public BrokerException(String message, Throwable cause) {
        super(message, cause);
    }
}
