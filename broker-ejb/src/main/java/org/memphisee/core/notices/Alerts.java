package org.memphisee.core.notices;

/** Where parts of the broker raise alerts. Any thread. */
@FunctionalInterface
public interface Alerts {

    /** Raises an alert. Never waits and never fails; when there are too many at a time, some are counted only. */
    void raise(Alert alert);
}
