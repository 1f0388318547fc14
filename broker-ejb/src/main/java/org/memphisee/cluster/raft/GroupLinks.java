package org.memphisee.cluster.raft;

/** The way to other members. */
public interface GroupLinks {

    /** Sends; the message arrives late, twice, after later ones, or not at all. Hands over at once. */
    void send(String member, GroupMessage message);
}
