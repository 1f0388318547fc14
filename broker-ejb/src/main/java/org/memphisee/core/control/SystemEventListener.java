package org.memphisee.core.control;

/** Told of each event that became durable, in order. Called on the control loop: hands over and never blocks. */
@FunctionalInterface
public interface SystemEventListener {

    /**
     * One durable event.
     *
     * @param index its index in the system log
     * @param event the event
     */
    void event(long index, SystemEvent event);
}
