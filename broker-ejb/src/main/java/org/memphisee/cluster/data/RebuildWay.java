package org.memphisee.cluster.data;

/** How those who rebuild a group reach other nodes, and their own thread. */
interface RebuildWay {

    /** False when there is no room, or no link: it is tried again. On the thread that drives the group. */
    boolean send(String peer, byte[] frame);

    /** Has something done on the thread that drives the group. Any thread. */
    void resume(Runnable task);
}
