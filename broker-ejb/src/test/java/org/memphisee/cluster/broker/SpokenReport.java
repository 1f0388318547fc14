package org.memphisee.cluster.broker;

/** What a node of a test reports, in words. Any thread. */
public abstract class SpokenReport implements ClusterReport {

    /** It reports something that happens to nodes. */
    protected abstract void say(String what);

    /** It reports what should happen to none. */
    protected abstract void fault(String what, Throwable cause);

    @Override
    public void formed(String cluster) {
        say("formed " + cluster);
    }

    @Override
    public void waits(String why) {
        say("waits: " + why);
    }

    @Override
    public void leads(String node) {
        say("leader: " + node);
    }

    @Override
    public void outdated() {
        say("outdated");
    }

    @Override
    public void behind(String of) {
        say("behind: " + of);
    }

    @Override
    public void rebuilt(String what) {
        say("rebuilt: " + what);
    }

    @Override
    public void damaged(String what) {
        say("damaged: " + what);
    }

    @Override
    public void mended(String what, String from) {
        say("mended: " + what + " from " + from);
    }

    @Override
    public void differs(String what, String nodes, boolean decided) {
        say("differs: " + what + " on " + nodes + (decided ? ", decided" : ""));
    }

    @Override
    public void notMended(String why) {
        say("not mended: " + why);
    }

    @Override
    public void failed(String what, String why, Throwable cause) {
        fault(what + ": " + why, cause);
    }

    @Override
    public void notUnderstood(String peer, String why) {
        fault("of " + peer + ": " + why, null);
    }

    @Override
    public void interestRefused(String peer, int patterns) {
        fault(patterns + " patterns of " + peer, null);
    }
}
