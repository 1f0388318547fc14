package org.memphisee.gateway.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.memphisee.core.cluster.ClusterView;
import org.memphisee.core.observe.StreamFigures;

class StreamTextTest {

    private static final StreamText TEXT = new StreamText(List.of("memphis_", "nats_"));

    private static String written(String name, StreamFigures... streams) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TextWriter out = new TextWriter(bytes)) {
            assertEquals(streams.length > 0, TEXT.write(out, List.of(streams), name, Map.of("server_id", "s"), ClusterView.NONE));
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldWriteALineForEachStreamAndConsumer() throws IOException {
        assertEquals("""
            # HELP memphis_stream_last_seq Sequence of the last message ever stored.
            # TYPE memphis_stream_last_seq gauge
            memphis_stream_last_seq{mp_scope="application",server_id="s",stream_name="a$1",stream_leader="",\
            is_stream_leader="true"} 7
            memphis_stream_last_seq{mp_scope="application",server_id="s",stream_name="b$1",stream_leader="",\
            is_stream_leader="true"} 7
            """, written("memphis_stream_last_seq", Figures.stream("a$1"), Figures.stream("b$1")));
        assertEquals("""
            # HELP memphis_consumer_num_pending Messages not yet delivered.
            # TYPE memphis_consumer_num_pending gauge
            memphis_consumer_num_pending{mp_scope="application",server_id="s",stream_name="a$1",stream_leader="",\
            is_stream_leader="true",consumer_name="g",consumer_leader="",is_consumer_leader="true",\
            consumer_desc="of g"} 18
            """, written("memphis_consumer_num_pending", Figures.stream("a$1", "g")));
    }

    @Test
    void shouldSayWhoLeadsAStreamInACluster() throws IOException {
        ClusterView view = (ClusterView) Proxy.newProxyInstance(ClusterView.class.getClassLoader(), new Class<?>[] {ClusterView.class},
            (self, method, arguments) -> switch (method.getName()) {
                case "name" -> "west";
                case "leader" -> "n2";
                default -> false;
            });
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TextWriter out = new TextWriter(bytes)) {
            TEXT.write(out, List.of(Figures.stream("a$1", "g")), "memphis_consumer_num_pending", Map.of("cluster", "west"), view);
        }
        String text = bytes.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("stream_leader=\"n2\",is_stream_leader=\"false\",consumer_name=\"g\",consumer_leader=\"n2\","
            + "is_consumer_leader=\"false\""), text);
    }

    @Test
    void shouldGiveAllUnderTheSecondPrefixToo() throws IOException {
        String all = written("", Figures.stream("a$1", "g"));
        List<String> first = all.lines().filter(l -> l.startsWith("memphis_")).toList();
        List<String> second = all.lines().filter(l -> l.startsWith("nats_")).toList();
        assertEquals(15, first.size());
        assertTrue(first.stream().anyMatch(l -> l.startsWith("memphis_consumer_num_exhausted{") && l.endsWith("} 19")));
        assertTrue(first.stream().anyMatch(l -> l.startsWith("memphis_consumer_num_terminated{") && l.endsWith("} 20")));
        assertEquals(first.stream().map(l -> l.replace("memphis_", "nats_")).toList(), second);
    }

    @Test
    void shouldWriteNothingWithoutStreams() throws IOException {
        assertEquals("", written(""));
    }

    @Test
    void shouldCutLongDescriptionsBetweenCharacters() throws IOException {
        StreamFigures stream = new StreamFigures(1, Figures.stream("a").config(), 0, Figures.stream("a").state(),
            List.of(Figures.consumer("a", "g", "x".repeat(255) + "\uD83D\uDE00" + "tail")));
        String text = written("memphis_consumer_num_pending", stream);
        assertTrue(text.contains("consumer_desc=\"" + "x".repeat(255) + "\"}"), text);
    }

    @Test
    void shouldUnderstandWhetherTheScraperTakesGzip() {
        assertTrue(MetricsServlet.packed("gzip"));
        assertTrue(MetricsServlet.packed("deflate, GZIP;q=0.5"));
        assertFalse(MetricsServlet.packed("gzip; q=0"));
        assertFalse(MetricsServlet.packed("identity"));
        assertFalse(MetricsServlet.packed(null));
    }
}
