package org.memphisee.net.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

import org.memphisee.port.HttpAnswer;
import org.memphisee.port.HttpBody;
import org.memphisee.port.HttpCall;
import org.memphisee.port.HttpService;

/** Answers by path, and remembers what happened. */
final class RecordingService implements HttpService {

    static final byte[] LARGE = new byte[8 << 20];

    /** Requests that wait for the test to answer them. */
    final BlockingQueue<HttpCall> held = new LinkedBlockingQueue<>();
    final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    final AtomicInteger served = new AtomicInteger();
    final AtomicInteger written = new AtomicInteger();
    volatile long patienceMillis = 60_000;

    @Override
    public void serve(HttpCall call) {
        served.incrementAndGet();
        call.whenGone(() -> events.add("gone"));
        call.patience(patienceMillis, () -> {
            events.add("over");
            answer(call, 503, "too late");
        });
        String path = call.target();
        if (path.startsWith("/echo")) {
            call.read(new Echo(call));
        } else if (path.startsWith("/hold")) {
            held.add(call);
        } else if (path.startsWith("/fail")) {
            throw new IllegalStateException("on purpose");
        } else if (path.startsWith("/large")) {
            call.answer(new HttpAnswer(200, List.of(), LARGE), written::incrementAndGet);
        } else if (path.startsWith("/header")) {
            answer(call, 200, call.headerNames() + " " + call.header("x"));
        } else if (path.startsWith("/nothing")) {
            call.answer(new HttpAnswer(204, List.of("Vary", "Origin"), new byte[0]), written::incrementAndGet);
        } else {
            answer(call, 200, call.method() + " " + path);
        }
    }

    void answer(HttpCall call, int status, String text) {
        call.answer(new HttpAnswer(status, List.of("Content-Type", "text/plain"), text.getBytes(StandardCharsets.UTF_8)),
                written::incrementAndGet);
    }

    @Override
    public HttpAnswer refusal(int status, String why) {
        return new HttpAnswer(status, List.of(), why.getBytes(StandardCharsets.UTF_8));
    }

    /** Gives back what it gets. */
    final class Echo implements HttpBody {
        private final HttpCall call;
        private final ByteArrayOutputStream all = new ByteArrayOutputStream();

        Echo(HttpCall call) {
            this.call = call;
        }

        @Override
        public void piece(ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            all.writeBytes(copy);
        }

        @Override
        public void end() {
            answer(call, 200, all.toString(StandardCharsets.UTF_8));
        }

        @Override
        public void failed(IOException why) {
            events.add(why.getMessage());
            answer(call, 408, why.getMessage());
        }
    }
}
