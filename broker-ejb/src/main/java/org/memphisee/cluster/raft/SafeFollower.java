package org.memphisee.cluster.raft;

import org.jgroups.Address;
import org.jgroups.protocols.raft.AppendResult;
import org.jgroups.protocols.raft.Follower;
import org.jgroups.protocols.raft.LogEntries;

/** In place of the library's follower, which answers for and commits what it did not compare (T6, T7). */
final class SafeFollower extends Follower {

    private final GuardedRaft guarded;

    SafeFollower(GuardedRaft raft) {
        super(raft);
        guarded = raft;
    }

    @Override
    public AppendResult handleAppendEntriesRequest(LogEntries entries, Address leader, long prevIndex, long prevTerm,
                                                   long entryTerm, long leaderCommit) {
        return guarded.follow(entries, leader, prevIndex, prevTerm, leaderCommit);
    }
}
