package org.memphisee.net.websocket;

import java.util.LinkedHashMap;
import java.util.Map;

import io.netty.handler.codec.compression.ZlibCodecFactory;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionFilter;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionFilterProvider;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtension;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtensionHandshaker;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;

/**
 * Agrees to {@code permessage-deflate} in one form only, without memory from one message to the next: an idle connection
 * keeps no compressor, and what a client may make us unpack is bounded for each frame.
 */
final class DeflateOffer implements WebSocketServerExtensionHandshaker {

    private static final String NAME = "permessage-deflate";
    private static final String SERVER_FORGETS = "server_no_context_takeover";
    private static final String CLIENT_FORGETS = "client_no_context_takeover";

    /** Smaller frames grow by it rather than shrink. */
    private static final int WORTH_IT_BYTES = 128;
    private static final int FAST = 1;
    /** Of zlib, its default. */
    private static final int MEMORY_LEVEL = 8;

    private final WebSocketServerExtensionHandshaker library;

    DeflateOffer(int maxUnpackedBytes) {
        library = new PerMessageDeflateServerExtensionHandshaker(FAST, ZlibCodecFactory.isSupportingWindowSizeAndMemLevel(),
                PerMessageDeflateServerExtensionHandshaker.MAX_WINDOW_SIZE, true, true,
                PerMessageDeflateServerExtensionHandshaker.MAX_WINDOW_SIZE, MEMORY_LEVEL, new Filters(), maxUnpackedBytes);
    }

    @Override
    public WebSocketServerExtension handshakeExtension(WebSocketExtensionData offer) {
        if (!NAME.equals(offer.name())) {
            return null;
        }
        // RFC 7692, 7.1: a server may ask for both even when the client did not offer them
        Map<String, String> parameters = new LinkedHashMap<>(offer.parameters());
        parameters.remove("client_max_window_bits");
        parameters.put(SERVER_FORGETS, null);
        parameters.put(CLIENT_FORGETS, null);
        return library.handshakeExtension(new WebSocketExtensionData(NAME, parameters));
    }

    private static final class Filters implements WebSocketExtensionFilterProvider {
        @Override
        public WebSocketExtensionFilter encoderFilter() {
            return frame -> frame instanceof BinaryWebSocketFrame && frame.content().readableBytes() < WORTH_IT_BYTES;
        }

        @Override
        public WebSocketExtensionFilter decoderFilter() {
            return WebSocketExtensionFilter.NEVER_SKIP;
        }
    }
}
