package org.memphisee.core.log;

/** What is stored under a key is not what was written there; nothing was changed. Whoever has the same elsewhere can mend it. */
public final class DamagedException extends StoreException {

    private static final long serialVersionUID = 1;

    public DamagedException(String message, Throwable cause) {
        super(message, cause, false);
    }
}
