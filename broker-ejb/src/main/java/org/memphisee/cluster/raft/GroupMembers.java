package org.memphisee.cluster.raft;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jgroups.Address;
import org.jgroups.protocols.raft.RAFT;
import org.jgroups.raft.util.Utils;
import org.jgroups.util.ExtendedUUID;

/**
 * The members of a group by name, and the addresses that the library knows them by. An address follows from the name: so a vote
 * means the same after a restart, and tables by address have the same order in each run. Immutable.
 */
final class GroupMembers {

    private final String self;
    private final Map<String, Address> addresses = new LinkedHashMap<>();

    /**
     * Members of a group.
     *
     * @param self the one that lives here
     * @param names all, the one that should lead first
     */
    GroupMembers(String self, List<String> names) {
        this.self = self;
        for (String name : names) {
            UUID id = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
            ExtendedUUID address = new ExtendedUUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
            address.put(RAFT.raft_id_key, name.getBytes(StandardCharsets.UTF_8));
            addresses.put(name, address);
        }
        if (!addresses.containsKey(self) || addresses.size() != names.size()) {
            throw new IllegalArgumentException(self + " of " + names);
        }
    }

    String self() {
        return self;
    }

    List<String> names() {
        return List.copyOf(addresses.keySet());
    }

    /** Everybody else, in the order of preference. */
    List<String> peers() {
        return addresses.keySet().stream().filter(name -> !name.equals(self)).toList();
    }

    /** Address of a member, null for nobody. */
    Address address(String name) {
        return addresses.get(name);
    }

    /** Name behind an address of a member. */
    static String name(Address address) {
        return Utils.extractRaftId(address);
    }
}
