package org.memphisee.core.jetstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Account and monitors show what streams may take by their limits. */
class ReservedBytesTest {

    @Test
    void shouldSumTheLimitsOfStreamsOnDisk() throws Exception {
        try (LiveClient client = new LiveClient()) {
            client.done("STREAM.CREATE.A", "{'name':'A','max_bytes':1000}");
            client.done("STREAM.CREATE.B", "{'name':'B','max_bytes':500}");
            client.done("STREAM.CREATE.C", "{'name':'C'}");
            client.done("STREAM.CREATE.M", "{'name':'M','max_bytes':7,'storage':'memory'}");
            assertReserved(1500, client);
            client.done("STREAM.DELETE.B", "");
            assertReserved(1000, client);
            client.done("STREAM.CREATE.H", "{'name':'H','max_bytes':9223372036854775807}");
            assertReserved(Long.MAX_VALUE, client);
        }
    }

    private static void assertReserved(long bytes, LiveClient client) {
        assertEquals(bytes, client.broker().reservedStorage());
        assertEquals(bytes, client.done("INFO", "").path("reserved_storage").asLong());
    }
}
