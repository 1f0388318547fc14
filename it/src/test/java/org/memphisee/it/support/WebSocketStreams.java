package org.memphisee.it.support;

import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The two directions of a WebSocket as plain streams: each write is one masked binary frame, what comes is the content of
 * the server's frames, and its close frame is the end. One thread may write while another reads.
 */
final class WebSocketStreams {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final int BINARY = 0x82;
    private static final int CLOSE = 8;

    private WebSocketStreams() {
    }

    /** Sends the request of an upgrade and reads its answer. */
    static void upgrade(Socket socket, InputStream in) throws IOException {
        socket.getOutputStream().write(("GET / HTTP/1.1\r\nHost: localhost:" + socket.getPort()
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                + KEY + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("no upgrade: " + head);
            }
            head.append((char) next);
        }
        if (!head.toString().startsWith("HTTP/1.1 101 ")) {
            throw new IOException("no upgrade: " + head);
        }
    }

    /** What the server's frames carry. */
    static InputStream input(InputStream in) {
        return new InputStream() {
            private long left;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                while (left == 0) {
                    if (!nextFrame()) {
                        return -1;
                    }
                }
                int count = in.read(bytes, offset, (int) Math.min(left, length));
                left -= Math.max(count, 0);
                return count;
            }

            @Override
            public int available() throws IOException {
                return (int) Math.min(left, in.available());
            }

            private boolean nextFrame() throws IOException {
                int first = in.read();
                int second = in.read();
                if (second < 0 || (first & 0x0f) == CLOSE) {
                    return false;
                }
                left = second & 0x7f;
                int more = left == 126 ? 2 : left == 127 ? 8 : 0;
                if (more > 0) {
                    left = 0;
                    for (byte b : in.readNBytes(more)) {
                        left = left << 8 | b & 0xff;
                    }
                }
                return true;
            }
        };
    }

    /** A frame for each write. */
    static OutputStream output(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                int head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
                byte[] frame = new byte[head + 4 + length];
                frame[0] = (byte) BINARY;
                frame[1] = (byte) (0x80 | (head == 2 ? length : head == 4 ? 126 : 127));
                for (int i = 2; i < head; i++) {
                    frame[i] = (byte) ((long) length >>> 8 * (head - 1 - i));
                }
                int key = ThreadLocalRandom.current().nextInt();
                for (int i = 0; i < 4; i++) {
                    frame[head + i] = (byte) (key >>> 8 * i);
                }
                for (int i = 0; i < length; i++) {
                    frame[head + 4 + i] = (byte) (bytes[offset + i] ^ key >>> 8 * (i & 3));
                }
                out.write(frame);
            }
        };
    }
}
