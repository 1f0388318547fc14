package org.memphisee.it.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.it.access.Management.assertAnswer;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Brokers;

/** Root's password over restarts, and what follows from it: the address listened on, the banner (D21). */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class RootPasswordIT {
    private static final Duration ENDS = Duration.ofSeconds(100);
    private static final Map<String, String> EVERYWHERE = Map.of("MEMPHISEE_BIND_ADDRESS", "0.0.0.0");
    private static final String OWN = "Secret-2y";

    private final BrokerProcess broker = BrokerProcess.prepared();

    @AfterEach
    void remove() {
        broker.close();
    }

    private void assertRefusesToListenEverywhere() {
        broker.launch(EVERYWHERE);
        boolean ended = broker.awaitExit(ENDS);
        if (!ended) {
            broker.kill();
        }
        assertTrue(ended, () -> "still runs; printed:\n" + broker.output());
        assertEquals(78, broker.exitValue());
        List<String> lines = broker.outputLines("memphisee.bind.address");
        assertEquals(1, lines.size(), () -> broker.output());
        assertTrue(lines.get(0).contains("0.0.0.0") && lines.get(0).contains("ROOT_PASSWORD"), lines.get(0));
    }

    private void ready(Map<String, String> environment, String login) {
        broker.launch(environment);
        broker.awaitReady();
        assertTrue(broker.output().contains(login), () -> broker.output());
    }

    @Test
    void shouldKeepAPasswordThatWasChangedAndListenEverywhereOnlyThen() {
        assertRefusesToListenEverywhere();
        assertFalse(Files.exists(broker.dataDirectory().resolve("log")), "nothing may be stored");

        ready(Map.of(), "root with the default password \"memphis\"");
        broker.stop();
        assertRefusesToListenEverywhere();

        ready(Map.of(), "root with the default password \"memphis\"");
        assertAnswer(200, "{}", Management.root(broker).call("PUT", "usermgmt/changePassword",
                "{'username':'root','password':'" + OWN + "'}"));
        broker.stop();

        ready(EVERYWHERE, "root with its own password");
        assertFalse(Brokers.serves(broker), "the well-known password must not open");
        Management.signIn(broker, "root", OWN);
        broker.stop();

        ready(Map.of("ROOT_PASSWORD", "given-Password1"), "root with its own password");
        assertTrue(broker.log().contains("MEE0403"));
        Management.signIn(broker, "root", "given-Password1");
    }
}
