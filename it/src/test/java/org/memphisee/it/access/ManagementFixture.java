package org.memphisee.it.access;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Brokers;

/** The management API of the shared broker, a name for each test, and an end to what was made by it. */
abstract class ManagementFixture {
    static final String PASSWORD = "Secret-1x";

    static BrokerProcess broker;
    static Management root;
    private static int names;

    /** Of a station or user of this test; a second user may have it with a {@code b} behind. */
    final String name = "mapi." + names++;

    @BeforeAll
    static void start() {
        Brokers.assumeMemphis(Brokers.shared());
        broker = (BrokerProcess) Brokers.shared();
        root = Management.root(broker);
    }

    @AfterEach
    void removeWhatTheTestMade() {
        root.delete("stations/removeStation", "{'station_names':['" + name + "']}");
        for (String user : new String[] {name, name + "b"}) {
            root.delete("usermgmt/removeUser", "{'username':'" + user + "'}");
        }
    }
}
