package org.memphisee.ejb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.memphisee.core.log.StoreException;

/** How a node finds out where it is; time passes in numbers only. */
final class OwnAddressTest {

    private static final String HOST = "memphis-0.peers";

    private final Map<String, String> known = new HashMap<>();
    private Duration waited = Duration.ZERO;
    private Duration knownAfter = Duration.ofHours(1);
    private final OwnAddress own = new OwnAddress(this::find, time -> waited = waited.plus(time));

    private InetAddress find(String host) throws UnknownHostException {
        String address = host.equals(HOST) && waited.compareTo(knownAfter) >= 0 ? "10.1.2.3" : known.get(host);
        if (address == null) {
            throw new UnknownHostException(host);
        }
        return InetAddress.getByName(address);
    }

    private String address() throws Exception {
        return own.of(HOST, "memphis-0").getHostAddress();
    }

    @Test
    void shouldBeWhereItsNameIs() throws Exception {
        known.put(HOST, "10.0.0.7");
        known.put("memphis-0", "10.0.0.8");
        assertEquals("10.0.0.7", address());
    }

    @Test
    void shouldBeWhereThePodIsAsLongAsTheDnsDoesNotKnowIt() throws Exception {
        known.put("memphis-0", "10.0.0.8");
        assertEquals("10.0.0.8", address());
        assertEquals(Duration.ZERO, waited);
    }

    @Test
    void shouldWaitUntilItsNameIsKnown() throws Exception {
        known.put("memphis-0", "127.0.1.1"); // no use to others
        knownAfter = Duration.ofSeconds(20);
        assertEquals("10.1.2.3", address());
        assertEquals(knownAfter, waited);
    }

    @Test
    void shouldGiveUpWithWhatToDo() {
        StoreException refused = assertThrows(StoreException.class, this::address);
        assertEquals(OwnAddress.PATIENCE, waited);
        assertTrue(refused.getMessage().contains(HOST + " is not known here. Correct it in memphisee.cluster.members or "
            + "memphisee.cluster.dns.query"), refused.getMessage());
    }
}
