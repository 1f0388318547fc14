package org.memphisee.dashboard.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

import jakarta.websocket.CloseReason;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;

import org.junit.jupiter.api.Test;

class SessionWireTest {

    private final List<Integer> closed = new ArrayList<>();
    private SendResult result = new SendResult();

    private final RemoteEndpoint.Async remote = proxy(RemoteEndpoint.Async.class, (method, arguments) -> {
        if (method.equals("sendText")) {
            ((SendHandler) arguments[1]).onResult(result);
        }
        return null;
    });
    private final LiveEndpoint.SessionWire wire = new LiveEndpoint.SessionWire(proxy(Session.class, (method, arguments) -> {
        if (method.equals("close")) {
            closed.add(((CloseReason) arguments[0]).getCloseCode().getCode());
        }
        return method.equals("getAsyncRemote") ? remote : null;
    }));

    private interface Call {
        Object answer(String method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
            (self, method, arguments) -> call.answer(method.getName(), arguments)));
    }

    private boolean send() {
        boolean[] sent = {false};
        wire.send("frame", ok -> sent[0] = ok);
        return sent[0];
    }

    @Test
    void shouldCloseWithAReason() {
        assertEquals(true, send());
        wire.close(Viewer.TRY_LATER, "the broker is stopping");
        assertEquals(List.of(Viewer.TRY_LATER), closed);
    }

    @Test
    void shouldNotWriteToAConnectionThatBroke() {
        result = new SendResult(new IOException("Broken pipe"));
        assertEquals(false, send());
        wire.close(Viewer.TRY_LATER, "frames cannot be sent");
        assertEquals(List.of(), closed);
    }

    @Test
    void shouldCloseTheConnectionOfAPageThatDoesNotRead() {
        result = new SendResult(new IOException(new SocketTimeoutException("too slow")));
        assertEquals(false, send());
        wire.close(Viewer.TRY_LATER, "frames cannot be sent");
        assertEquals(List.of(Viewer.TRY_LATER), closed);
    }
}
