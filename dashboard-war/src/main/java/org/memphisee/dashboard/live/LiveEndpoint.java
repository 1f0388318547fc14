package org.memphisee.dashboard.live;

import java.io.IOException;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

import jakarta.inject.Inject;
import jakarta.websocket.CloseReason;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;

/**
 * The live channel's WebSocket. Whoever connects has ten seconds to send an access token as the first frame; it is never
 * in the address, which would end up in logs. Requests of other sites' pages do not get here ({@link OriginFilter}).
 */
@ServerEndpoint(LiveEndpoint.PATH)
public class LiveEndpoint {

    static final String PATH = "/api/v2/live";

    private static final Logger LOG = Logger.getLogger(LiveEndpoint.class.getName());
    /** Tokens are at most half of it. */
    private static final int MAX_FRAME_BYTES = 16 * 1024;
    private static final long UNKNOWN_MILLIS = 10_000;
    /** The page pings every ten seconds. */
    private static final long SILENT_MILLIS = 60_000;
    private static final long SEND_MILLIS = 20_000;

    @Inject
    private LiveService service;

    private Viewer viewer;

    /** A page connected. */
    @OnOpen
    public void open(Session session) throws IOException {
        session.setMaxTextMessageBufferSize(MAX_FRAME_BYTES);
        session.setMaxBinaryMessageBufferSize(1024);
        session.setMaxIdleTimeout(UNKNOWN_MILLIS);
        viewer = new Viewer(service.hub(), new SessionWire(session));
        if (!service.hub().add(viewer)) {
            viewer.gone();
            viewer = null;
            session.close(new CloseReason(CloseReason.CloseCodes.TRY_AGAIN_LATER, "too many pages are open"));
        }
    }

    /** The page said something. */
    @OnMessage
    public void message(String text) {
        if (viewer != null) {
            viewer.receive(text);
        }
    }

    /** The page left. */
    @OnClose
    public void close() {
        if (viewer != null) {
            viewer.gone();
        }
    }

    /** The connection broke, which pages may do at any time. */
    @OnError
    public void error(Throwable cause) {
        LOG.log(Level.FINE, "live channel", cause);
        close();
    }

    private static final class SessionWire implements Viewer.Wire {
        private final Session session;
        private final RemoteEndpoint.Async remote;

        private SessionWire(Session session) {
            this.session = session;
            this.remote = session.getAsyncRemote();
            this.remote.setSendTimeout(SEND_MILLIS);
        }

        @Override
        public void send(String text, Consumer<Boolean> sent) {
            try {
                remote.sendText(text, result -> sent.accept(result.isOK()));
            } catch (RuntimeException closed) {
                sent.accept(false);
            }
        }

        @Override
        public void close(int code, String reason) {
            try {
                session.close(new CloseReason(CloseReason.CloseCodes.getCloseCode(code), reason));
            } catch (IOException | RuntimeException gone) {
                LOG.log(Level.FINE, "live channel", gone);
            }
        }

        @Override
        public void accepted() {
            session.setMaxIdleTimeout(SILENT_MILLIS);
        }
    }
}
