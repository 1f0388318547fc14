package org.memphisee.it.server;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memphisee.it.support.BrokerUnderTest;
import org.memphisee.it.support.Brokers;

/**
 * What is stored is all there and served before and after a restart, whatever there is many of: a small version of {@link
 * FillingBench}, whose sizes a test run has no time for.
 */
@Tag("load")
class FillingIT {

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void shouldServeAllOfIdsKeysMessagesAndStreamsAfterARestart() throws IOException {
        List<Filling> fillings = List.of(Filling.ids(100_000), Filling.keys(100_000), Filling.one(200_000));
        ManyStreams streams = new ManyStreams(300);
        try (BrokerUnderTest broker = Brokers.startQuickly()) {
            for (Filling filling : fillings) {
                filling.fill(broker);
                filling.check(broker);
            }
            streams.fill(broker);
            streams.check(broker);
            broker.stop();
            broker.startAgain();
            for (Filling filling : fillings) {
                filling.check(broker);
            }
            streams.check(broker);
        }
    }
}
