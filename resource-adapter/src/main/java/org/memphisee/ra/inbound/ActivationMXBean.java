package org.memphisee.ra.inbound;

/** Figures of one activation, in JMX as {@code org.memphisee:type=Activation,station=…,group=…,id=…}. */
public interface ActivationMXBean {

    /** What it is doing: CONNECTING, CONSUMING, PAUSED, STOPPING or STOPPED. */
    String getState();

    /** Messages handed to beans, each attempt counted. */
    long getDelivered();

    /** Messages handled and acknowledged. */
    long getAcknowledged();

    /** Attempts that failed. */
    long getFailed();

    /** Messages given up after their last attempt. */
    long getExhausted();

    /** Times deliveries were paused because every message failed. */
    long getPauses();

    /** Messages held now: waiting for a bean or in its hands. */
    int getHeld();

    /** Beans working now. */
    int getWorkers();
}
