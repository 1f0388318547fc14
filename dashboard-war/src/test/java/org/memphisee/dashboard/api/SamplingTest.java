package org.memphisee.dashboard.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import org.memphisee.ejb.BrokerEngine;
import org.memphisee.ejb.BrokerStatus;

class SamplingTest {

    private final TopicAnswers topics = new TopicAnswers(null, Map.of());
    private final List<Object> shown = new ArrayList<>();
    private Optional<BrokerEngine> engine = Optional.empty();
    private boolean gone;
    private final BrokerStatus status = imitated(BrokerStatus.class, arguments -> {
        if (gone) {
            throw new IllegalStateException("stopped, and may no longer be used");
        }
        return engine;
    });
    private int sampled;
    private final Sampling sampling = new Sampling(status, each -> sampled++, topics);

    private static <T> T imitated(Class<T> type, java.util.function.Function<Object[], Object> answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> answer.apply(arguments)));
    }

    private BrokerEngine broker(List<Object> told) {
        return imitated(BrokerEngine.class, arguments -> {
            told.add(arguments[0]);
            return null;
        });
    }

    @Test
    void shouldEndThoughTheBrokerWentBefore() {
        engine = Optional.of(broker(shown));
        sampling.run();
        gone = true;
        sampling.end();
        assertEquals(Arrays.asList(topics, null), shown);
        assertEquals(1, sampled);
    }

    @Test
    void shouldEndWhenThereWasNoBrokerYet() {
        sampling.run();
        gone = true;
        sampling.end();
        assertEquals(0, sampled);
    }

    /** A node that was behind opens again with another engine. */
    @Test
    void shouldTellTheEngineOfToday() {
        engine = Optional.of(broker(new ArrayList<>()));
        sampling.run();
        engine = Optional.of(broker(shown));
        sampling.run();
        sampling.end();
        assertEquals(Arrays.asList(topics, null), shown);
    }
}
