package org.memphisee.core.control;

/** The right to change what goes by one name, until {@link #done()}. */
public interface Turn {

    /** Lets the next one begin. Any thread; further calls do nothing. */
    void done();
}
