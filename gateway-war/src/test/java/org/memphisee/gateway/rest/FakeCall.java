package org.memphisee.gateway.rest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;

import org.memphisee.port.HttpAnswer;
import org.memphisee.port.HttpBody;
import org.memphisee.port.HttpCall;

/** A request of a test, whose event loop is the test's thread. */
final class FakeCall implements HttpCall {

    final List<HttpAnswer> answers = new ArrayList<>();
    final Queue<Runnable> onLoop = new ArrayDeque<>();
    final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    long length = -1;
    long patienceMillis;
    HttpBody body;
    Runnable whenOver;
    Runnable whenGone;
    Runnable whenWritten = () -> { };

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public String target() {
        return "/stations/a/produce/single?x=y";
    }

    @Override
    public String header(String name) {
        return headers.get(name);
    }

    @Override
    public Set<String> headerNames() {
        return Collections.unmodifiableSet(headers.keySet());
    }

    @Override
    public long contentLength() {
        return length;
    }

    @Override
    public Executor loop() {
        return onLoop::add;
    }

    @Override
    public void read(HttpBody wanted) {
        body = wanted;
    }

    @Override
    public void patience(long millis, Runnable otherwise) {
        patienceMillis = millis;
        whenOver = otherwise;
    }

    @Override
    public void whenGone(Runnable work) {
        whenGone = work;
    }

    @Override
    public void answer(HttpAnswer answer, Runnable afterwards) {
        answers.add(answer);
        whenWritten = afterwards;
    }

    void runLoop() {
        for (Runnable work = onLoop.poll(); work != null; work = onLoop.poll()) {
            work.run();
        }
    }

    HttpAnswer onlyAnswer() {
        if (answers.size() != 1) {
            throw new AssertionError("answers: " + answers);
        }
        return answers.get(0);
    }

    String text() {
        return new String(onlyAnswer().body(), StandardCharsets.UTF_8);
    }
}
