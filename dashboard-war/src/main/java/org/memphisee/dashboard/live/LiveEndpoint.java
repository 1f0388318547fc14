package org.memphisee.dashboard.live;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;

/**
 * The live channel's WebSocket. Whoever connects has ten seconds to send an access token as the first frame; it is never
 * in the address, which would end up in logs. Requests of other sites' pages do not get here ({@link OriginFilter}).
 */
public class LiveEndpoint extends Endpoint {

    static final String PATH = "/api/v2/live";

    private static final Logger LOG = Logger.getLogger(LiveEndpoint.class.getName());
    /** Tokens are at most half of it. */
    private static final int MAX_FRAME_BYTES = 16 * 1024;
    private static final int TOO_BIG = 1009;
    private static final long UNKNOWN_MILLIS = 10_000;
    /** The page pings every ten seconds. */
    private static final long SILENT_MILLIS = 60_000;
    private static final long SEND_MILLIS = 20_000;

    private final LiveHub hub;
    private Viewer viewer;

    LiveEndpoint(LiveHub hub) {
        this.hub = hub;
    }

    /** A page connected. */
    @Override
    public void onOpen(Session session, EndpointConfig config) {
        session.setMaxTextMessageBufferSize(MAX_FRAME_BYTES);
        session.setMaxBinaryMessageBufferSize(1024);
        session.setMaxIdleTimeout(UNKNOWN_MILLIS);
        SessionWire wire = new SessionWire(session);
        Viewer opened = new Viewer(hub, wire);
        if (!hub.add(opened)) {
            wire.close(Viewer.TRY_LATER, "too many pages are open");
            return;
        }
        viewer = opened;
        session.addMessageHandler(String.class, new Parts(opened, wire));
    }

    /** The page left. */
    @Override
    public void onClose(Session session, CloseReason reason) {
        leave();
    }

    /** The connection broke, which pages may do at any time. */
    @Override
    public void onError(Session session, Throwable cause) {
        LOG.log(Level.FINE, "live channel", cause);
        leave();
    }

    private void leave() {
        if (viewer != null) {
            viewer.gone();
        }
    }

    /** Puts frames together. By hand, because the container's own limit does not count what comes in several parts. */
    private static final class Parts implements MessageHandler.Partial<String> {
        private final Viewer viewer;
        private final Viewer.Wire wire;
        private final StringBuilder text = new StringBuilder();

        private Parts(Viewer viewer, Viewer.Wire wire) {
            this.viewer = viewer;
            this.wire = wire;
        }

        @Override
        public void onMessage(String part, boolean last) {
            if (text.length() + part.length() > MAX_FRAME_BYTES) {
                text.setLength(0);
                viewer.gone();
                wire.close(TOO_BIG, "at most " + MAX_FRAME_BYTES + " bytes");
                return;
            }
            text.append(part);
            if (last) {
                String whole = text.toString();
                text.setLength(0);
                viewer.receive(whole);
            }
        }
    }

    /** A page's connection. */
    static final class SessionWire implements Viewer.Wire {
        private final Session session;
        private final RemoteEndpoint.Async remote;
        private volatile boolean broken;

        SessionWire(Session session) {
            this.session = session;
            this.remote = session.getAsyncRemote();
            this.remote.setSendTimeout(SEND_MILLIS);
        }

        @Override
        public void send(String text, Consumer<Boolean> sent) {
            try {
                remote.sendText(text, result -> {
                    broken |= !result.isOK() && !timeout(result.getException());
                    sent.accept(result.isOK());
                });
            } catch (RuntimeException closed) {
                sent.accept(false);
            }
        }

        private static boolean timeout(Throwable failure) {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof SocketTimeoutException) {
                    return true;
                }
            }
            return false;
        }

        /**
         * Says why and closes. Not on a connection that broke, as it does when a tab is closed while a frame leaves: the
         * container would write to it once more and keep 80 KB of diagnosis of that; it notices the end by itself.
         */
        @Override
        public void close(int code, String reason) {
            if (broken) {
                return;
            }
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
