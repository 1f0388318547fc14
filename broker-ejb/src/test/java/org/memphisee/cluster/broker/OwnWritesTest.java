package org.memphisee.cluster.broker;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.memphisee.core.CoreClient;
import org.memphisee.core.control.ControlEngine;

/** A client that stays at one node finds there what it has just changed, whichever node decided about it. */
class OwnWritesTest extends ThreeNodes {

    private static final int ROUNDS = 15;
    private static int tests;

    private final String stream = "OWN" + ++tests;

    @Override
    boolean together() {
        return true;
    }

    private static String js(String json) {
        return json.replace('\'', '"');
    }

    private void create(CoreClient at, int replicas) {
        ok(at.request("$JS.API.STREAM.CREATE." + stream, js("{'name':'" + stream + "','subjects':['" + stream
            + ".>'],'num_replicas':" + replicas + "}")));
    }

    private void consumer(CoreClient at, String name) {
        ok(at.request("$JS.API.CONSUMER.CREATE." + stream + "." + name, js("{'stream_name':'" + stream + "','config':{'durable_name':'"
            + name + "','name':'" + name + "','ack_policy':'explicit'}}")));
    }

    private static void stored(CoreClient at, String subject) {
        String answer = ok(at.request(subject, "m"));
        assertTrue(answer.contains("\"seq\":"), subject + ": " + answer);
    }

    /** A node that does not lead the stream. */
    private String other() {
        cluster.until("all know who leads it", () -> cluster.names().stream().noneMatch(node -> leaderAt(node).isEmpty()));
        return cluster.names().stream().filter(node -> !node.equals(leaderAt(node))).findFirst().orElseThrow();
    }

    private String leaderAt(String node) {
        ControlEngine engine = cluster.broker(node).control().engine();
        return engine.registry().known(stream).map(known -> engine.view().leader(known.id())).orElse("");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldStoreWhatIsPublishedUnderASubjectThatWasJustAdded(int replicas) {
        create(at("n0"), replicas);
        CoreClient at = at(other());
        for (int i = 0; i < ROUNDS; i++) {
            String added = stream + "-" + i;
            ok(at.request("$JS.API.STREAM.UPDATE." + stream, js("{'name':'" + stream + "','subjects':['" + added
                + "'],'num_replicas':" + replicas + "}")));
            stored(at, added);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldUseAStreamThatWasJustMadeAnew(int replicas) {
        CoreClient at = at("n1");
        create(at, replicas);
        for (int i = 0; i < ROUNDS; i++) {
            ok(at.request("$JS.API.STREAM.DELETE." + stream, ""));
            create(at, i % 2 == 0 ? replicas : 4 - replicas);
            consumer(at, "c");
            stored(at, stream + ".x");
        }
    }

    @Test
    void shouldKnowConsumersThatWereJustMadeAndRemoved() {
        create(at("n0"), 3);
        String node = other();
        ControlEngine engine = cluster.broker(node).control().engine();
        for (int i = 0; i < ROUNDS; i++) {
            String name = "c" + i;
            consumer(at(node), name);
            assertTrue(defined(engine).contains(name));
            ok(at(node).request("$JS.API.CONSUMER.DELETE." + stream + "." + name, ""));
            assertTrue(!defined(engine).contains(name));
        }
    }

    private List<String> defined(ControlEngine engine) {
        return CoreClient.get(engine.ask(() -> engine.definitions().consumers(engine.definitions().stream(stream).orElseThrow()
            .partitionId()).stream().map(each -> each.name()).toList()));
    }
}
