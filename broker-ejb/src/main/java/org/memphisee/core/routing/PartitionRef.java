package org.memphisee.core.routing;

import org.memphisee.core.partition.publish.PublishOrigin;
import org.memphisee.core.partition.publish.PublishOutcome;
import org.memphisee.port.PublishRequest;

/**
 * A partition as routes know it: what is sent to it goes to where it is served. What a lane gathers leaves at the end of its
 * turn. The thread of the lane.
 */
interface PartitionRef {

    /** Whether publishes are answered. */
    boolean acknowledges();

    /**
     * Has a message stored; the origin hears what became of it.
     *
     * @param bytes what it keeps of the client's data until then
     */
    void publish(Lane lane, PublishRequest r, PublishOrigin origin, int bytes);

    /**
     * Has the origin hear that a message is not stored, after what became of those before it.
     *
     * @param bytes what it keeps of the client's data until then
     */
    void refuse(Lane lane, PublishRequest r, PublishOrigin origin, PublishOutcome.Refused refused, int bytes);

    /**
     * Tells of a message that does not fit its schema, before it is stored or refused; becomes a dead letter where such are kept.
     *
     * @param problem what the schema says
     */
    void failed(Lane lane, PublishRequest r, String problem);

    /**
     * Hands on an acknowledgement.
     *
     * @param reply who wants to hear of it, empty for nobody
     * @param unknown run on another thread when no consumer asked for it
     */
    void acknowledge(Lane lane, PublishRequest r, String reply, int bytes, Runnable unknown);

    /**
     * Hands on a pull request of the consumer whose name is in the slice.
     *
     * @param unknown run on another thread when there is no such consumer
     */
    void pull(Lane lane, PublishRequest r, int consumerOffset, int consumerLength, String inbox, int bytes, Runnable unknown);

    /** Hands on a client's answer to a flow-control request. */
    void flowControl(Lane lane, String consumer, String subject, int bytes);
}
