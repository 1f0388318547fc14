package org.memphisee.cluster.jgroups;

import org.memphisee.core.cluster.link.LinkCluster;
import org.memphisee.core.cluster.link.PeerLinksContract;

class ChannelLinksTest extends PeerLinksContract {

    @Override
    protected LinkCluster cluster() throws Exception {
        return new ChannelCluster();
    }
}
