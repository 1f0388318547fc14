package org.memphisee.core.control;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever clients send, they get one answer: no exception, no silence. */
class GarbageRequestsTest {

    private static final List<String> SUBJECTS = List.of("$JS.API.INFO", "$JS.API.STREAM.INFO.S", "$JS.API.STREAM.NAMES",
        "$JS.API.STREAM.LIST", "$JS.API.STREAM.CREATE.S", "$JS.API.STREAM.UPDATE.S", "$JS.API.STREAM.DELETE.T",
        "$JS.API.STREAM.PURGE.S", "$JS.API.STREAM.MSG.GET.S", "$JS.API.STREAM.MSG.DELETE.S", "$JS.API.CONSUMER.CREATE.S",
        "$JS.API.CONSUMER.CREATE.S.c", "$JS.API.CONSUMER.CREATE.S.c.a", "$JS.API.CONSUMER.DURABLE.CREATE.S.c",
        "$JS.API.CONSUMER.INFO.S.c", "$JS.API.CONSUMER.NAMES.S", "$JS.API.CONSUMER.LIST.S", "$JS.API.CONSUMER.DELETE.S.c",
        "$JS.API.DIRECT.GET.S", "$JS.API.STREAM.SNAPSHOT.S", "$memphis_station_creations",
        "$memphis_station_destructions", "$memphis_producer_creations", "$memphis_producer_destructions",
        "$memphis_consumer_creations", "$memphis_consumer_destructions", "$memphis_schema_creations",
        "$memphis_schema_attachments", "$memphis_schema_detachments");
    private static final List<String> KEYS = List.of("name", "subjects", "max_age", "max_msgs", "discard", "retention",
        "storage", "num_replicas", "duplicate_window", "republish", "metadata", "consumer_limits", "config", "stream_name",
        "durable_name", "deliver_policy", "ack_policy", "opt_start_seq", "opt_start_time", "backoff", "filter_subject",
        "filter_subjects", "sample_freq", "deliver_subject", "max_waiting", "action", "seq", "keep", "filter", "offset",
        "subject", "last_by_subj", "next_by_subj", "subjects_filter", "station_name", "Schemaverse", "dls_configuration",
        "partitions_number", "consumers_group", "last_messages", "start_consume_from_sequence", "req_version",
        "producer_type", "consumer_type", "connection_id", "idempotency_window_in_ms", "retention_value", "sources");
    private static final List<String> SCALARS = List.of("null", "true", "false", "0", "1", "-1", "3.5", "1e400", "1e18",
        "9223372036854775807", "9223372036854775808", "18446744073709551615", "-9223372036854775808", "\"\"", "\"S\"",
        "\"a\"", "\">\"", "\"a..b\"", "\"*\"", "\"explicit\"", "\"new\"", "\"by_start_time\"", "\"application\"",
        "\"2026-11-24T00:00:00Z\"", "\"+999999999-01-01T00:00:00Z\"", "\"\\u0000\"", "\"\uD800\"", "\"x y\"");

    private static PlaneFixture plane;

    @BeforeContainer
    static void start() {
        plane = new PlaneFixture();
        plane.js("STREAM.CREATE.S", "{'name':'S','subjects':['a','b.*'],'allow_direct':true}");
    }

    @AfterContainer
    static void stop() {
        plane.close();
    }

    @Property(tries = 3_000)
    void shouldAnswerAnyJson(@ForAll("subject") String subject, @ForAll("json") String payload) {
        assertAnswered(subject, payload);
    }

    @Property(tries = 500)
    void shouldAnswerAnyText(@ForAll("subject") String subject, @ForAll String payload) {
        assertAnswered(subject, payload);
    }

    private static void assertAnswered(String subject, String payload) {
        CompletableFuture<FakeApi.Answer> answer = plane.api.send(FakeApi.PLAIN, subject, payload);
        if (subject.contains("DIRECT")) {
            // silent where the stream is gone or does not allow it, which an earlier request may have brought about:
            // what must not happen is that the next one waits
            assertTrue(plane.js("STREAM.NAMES", "").isObject());
            return;
        }
        FakeApi.Answer got = FakeApi.await(answer);
        assertTrue(!subject.startsWith("$JS") || got.json().isObject());
    }

    @Provide
    Arbitrary<String> subject() {
        return Arbitraries.of(SUBJECTS);
    }

    @Provide
    Arbitrary<String> json() {
        return Arbitraries.frequencyOf(Tuple.of(8, object(3)), Tuple.of(1, value(2)),
            Tuple.of(1, Arbitraries.just("[".repeat(5_000))));
    }

    private Arbitrary<String> value(int depth) {
        Arbitrary<String> scalar = Arbitraries.of(SCALARS);
        if (depth == 0) {
            return scalar;
        }
        Arbitrary<String> array = Arbitraries.lazy(() -> value(depth - 1)).list().ofMaxSize(3)
            .map(elements -> "[" + String.join(",", elements) + "]");
        return Arbitraries.frequencyOf(Tuple.of(6, scalar), Tuple.of(1, array),
            Tuple.of(2, Arbitraries.lazy(() -> object(depth - 1))));
    }

    private Arbitrary<String> object(int depth) {
        Arbitrary<String> member = Combinators.combine(Arbitraries.of(KEYS), value(depth - 1 < 0 ? 0 : depth - 1))
            .as((key, value) -> "\"" + key + "\":" + value);
        return member.list().ofMaxSize(6).map(members -> "{" + String.join(",", members) + "}");
    }
}
