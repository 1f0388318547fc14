package org.memphisee.core.routing;

/** Told what an operator should know of the routes between nodes; on their thread, and does not throw. */
public interface RoutesReport {

    /** For whoever wants to know nothing. */
    RoutesReport NONE = new RoutesReport() {
        @Override
        public void notUnderstood(String peer, String why) { }

        @Override
        public void interestRefused(String peer, int patterns) { }
    };

    /** A peer sends what this release cannot read, or what makes no sense. Told again and again. */
    void notUnderstood(String peer, String why);

    /**
     * Clients of a peer listen to more than this node has memory for: it sends them nothing for what is new. Told once for each
     * link.
     *
     * @param patterns how many of its patterns are known
     */
    void interestRefused(String peer, int patterns);
}
