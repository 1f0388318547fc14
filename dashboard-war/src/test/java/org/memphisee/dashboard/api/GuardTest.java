package org.memphisee.dashboard.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.memphisee.config.BrokerSettings;
import org.memphisee.config.InvalidSettingsException;
import org.memphisee.config.SettingSource;
import org.memphisee.config.SettingsLoader;
import org.memphisee.ejb.BrokerEngine;
import org.memphisee.ejb.BrokerStatus;
import org.memphisee.ejb.MetadataHealth;
import org.memphisee.ejb.Problem;

class GuardTest {

    private static Guard guard(Map<String, String> environment) {
        return guard(environment, true);
    }

    private static Guard guard(Map<String, String> environment, boolean wellKnownPassword) {
        try {
            BrokerSettings settings = new SettingsLoader(new NoSource(), environment,
                new SettingsLoader.Machine(2, 1L << 30, "/home/somebody")).load().settings();
            return new Guard(new Status(settings, wellKnownPassword));
        } catch (InvalidSettingsException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"http://localhost:9000,localhost:9000,true", "http://LOCALHOST:9000,localhost:9000,true",
        "https://ui.example,ui.example,true", "https://ui.example,ui.example:443,true", "http://ui.example,ui.example:80,true",
        "http://ui.example,ui.example:443,false", "http://localhost:9001,localhost:9000,false", "null,localhost:9000,false",
        "http://evil.example,localhost:9000,false", "http://localhost:9000.evil.example,localhost:9000,false",
        "https://listed.example,localhost:9000,true", "https://LISTED.example,localhost:9000,true",
        "http://listed.example,localhost:9000,false", "file://,localhost:9000,false", "http://,localhost:9000,false",
        "http://localhost:9000@evil.example,localhost:9000,false", "'',localhost:9000,false", "http://[,localhost:9000,false"})
    void shouldKnowItsOwnPagesAndTheListedOnes(String origin, String host, boolean allowed) {
        Guard guard = guard(Map.of("MEMPHISEE_DASHBOARD_CORS_ORIGINS", "https://listed.example, https://b.example"));
        assertEquals(allowed, guard.originAllowed(origin, host));
    }

    @Test
    void shouldLetRequestsWithoutAPageThrough() {
        assertTrue(guard(Map.of()).originAllowed(null, "localhost:9000"));
        assertEquals(false, guard(Map.of()).originAllowed("http://localhost", null));
        assertTrue(guard(Map.of("MEMPHISEE_DASHBOARD_CORS_ORIGINS", "*")).originAllowed("http://x.example", "localhost"));
    }

    @ParameterizedTest
    @CsvSource({"localhost:9000,true", "localhost,true", "127.0.0.1:9000,true", "127.1.2.3,true", "[::1]:9000,true",
        "memphis.localhost:9000,true", "evil.example:9000,false", "localhost.evil.example,false", "127.0.0.1.evil.example,false",
        "10.0.0.1:9000,false", "'',false"})
    void shouldAnswerOnlyAsThisMachineWhileEverybodyKnowsThePassword(String host, boolean allowed) {
        assertEquals(allowed, guard(Map.of()).hostAllowed(host));
        assertEquals(allowed, guard(Map.of("ROOT_PASSWORD", "Another-1x")).hostAllowed(host));
        assertTrue(guard(Map.of(), false).hostAllowed(host));
    }

    @Test
    void shouldKnowNobodyWhileTheBrokerIsNotOpen() {
        assertTrue(guard(Map.of()).user("a.b.c").isEmpty());
    }

    private static final class NoSource implements SettingSource {
        @Override
        public String name() {
            return "nothing";
        }

        @Override
        public Optional<String> value(String key) {
            return Optional.empty();
        }
    }

    private record Status(BrokerSettings known, boolean wellKnownPassword) implements BrokerStatus {
        @Override
        public State state() {
            return State.STARTING;
        }

        @Override
        public Instant started() {
            return Instant.EPOCH;
        }

        @Override
        public Optional<BrokerSettings> settings() {
            return Optional.of(known);
        }

        @Override
        public Optional<BrokerEngine> engine() {
            return Optional.empty();
        }

        @Override
        public MetadataHealth metadata() {
            return new MetadataHealth(true, true, 0, false);
        }

        @Override
        public List<Problem> health() {
            return List.of();
        }
    }
}
