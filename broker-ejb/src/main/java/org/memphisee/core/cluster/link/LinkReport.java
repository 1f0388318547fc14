package org.memphisee.core.cluster.link;

/** What people should know about nodes that do not link. Any thread; hands over at once. The same thing is told again and again. */
public interface LinkReport {

    /**
     * This node refused another one.
     *
     * @param node what it calls itself, not proven and of printable characters; empty when it could not be understood
     * @param detail names of clusters, the secret that is another one, or nothing; of printable characters
     */
    void refused(String node, LinkRefusal why, String detail);

    /** Another node says, without proof, that it refused this one. */
    void refusedBy(String node, LinkRefusal why);
}
