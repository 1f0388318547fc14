package org.memphisee.core.cluster.link;

class SimLinksTest extends PeerLinksContract {

    @Override
    protected LinkCluster cluster() {
        return new SimLinks(1, "a", "b", "c");
    }
}
