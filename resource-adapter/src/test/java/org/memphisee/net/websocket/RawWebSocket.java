package org.memphisee.net.websocket;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A WebSocket client that may break every rule. Reads wait at most 20 seconds. */
final class RawWebSocket implements AutoCloseable {

    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final byte[] MASK = {0x11, 0x22, 0x33, 0x44};

    private final Socket socket = new Socket();
    private final DataInputStream input;
    private String answer = "";
    private String text = "";

    /** A frame as it came. */
    record Frame(int code, boolean last, int reserved, byte[] payload) {
        String text() {
            return new String(payload, StandardCharsets.ISO_8859_1);
        }

        /** Status of a close frame; -1 if it has none. */
        int status() {
            return payload.length < 2 ? -1 : (payload[0] & 0xff) << 8 | payload[1] & 0xff;
        }
    }

    RawWebSocket(int port) throws IOException {
        this(port, 0);
    }

    RawWebSocket(int port, int receiveBuffer) throws IOException {
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress("127.0.0.1", port), 20_000);
        input = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 64 << 10));
    }

    /** Upgraded and greeted. */
    static RawWebSocket greeted(int port) throws IOException {
        return greeted(port, "/", "");
    }

    static RawWebSocket greeted(int port, String path, String headers) throws IOException {
        RawWebSocket client = new RawWebSocket(port).upgrade(path, headers);
        String info = client.line();
        if (!info.startsWith("INFO {")) {
            throw new AssertionError("expected INFO but got " + info + " after " + client.answer);
        }
        return client;
    }

    /** Connected quietly with headers, after PONG. */
    static RawWebSocket connected(int port) throws IOException {
        return connect(greeted(port));
    }

    static RawWebSocket connect(RawWebSocket client) throws IOException {
        client.send("CONNECT {\"verbose\":false,\"headers\":true}\r\nPING\r\n");
        client.expect("PONG");
        return client;
    }

    RawWebSocket upgrade(String path, String headers) throws IOException {
        request("GET " + path + " HTTP/1.1\r\nHost: localhost:" + socket.getPort() + "\r\nUpgrade: websocket\r\n"
                + "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + KEY + "\r\n"
                + headers + "\r\n");
        return this;
    }

    /** Sends any request and keeps the head of the answer. */
    RawWebSocket request(String request) throws IOException {
        raw(request.getBytes(StandardCharsets.ISO_8859_1));
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = input.read();
            if (b < 0) {
                break;
            }
            head.write(b);
        }
        answer = head.toString(StandardCharsets.ISO_8859_1);
        return this;
    }

    /** Status line and headers of the answer to the request. */
    String answer() {
        return answer;
    }

    void send(String operations) throws IOException {
        frame(BINARY, true, operations.getBytes(StandardCharsets.ISO_8859_1));
    }

    void frame(int code, boolean last, byte[] payload) throws IOException {
        frame(code | (last ? 0x80 : 0), true, payload.length, payload);
    }

    /** A frame with a first byte, masking and declared length of one's own. */
    void frame(int first, boolean masked, long declared, byte[] payload) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(first);
        int mask = masked ? 0x80 : 0;
        if (declared >= 0 && declared < 126) {
            out.writeByte(mask | (int) declared);
        } else if (declared >= 126 && declared < 65_536) {
            out.writeByte(mask | 126);
            out.writeShort((int) declared);
        } else {
            out.writeByte(mask | 127);
            out.writeLong(declared);
        }
        if (masked) {
            out.write(MASK);
            for (int i = 0; i < payload.length; i++) {
                out.writeByte(payload[i] ^ MASK[i & 3]);
            }
        } else {
            out.write(payload);
        }
        raw(bytes.toByteArray());
    }

    void raw(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    Frame read() throws IOException {
        int first = input.readUnsignedByte();
        int second = input.readUnsignedByte();
        if ((second & 0x80) != 0) {
            throw new AssertionError("a server's frame must not be masked");
        }
        long length = second & 0x7f;
        if (length == 126) {
            length = input.readUnsignedShort();
        } else if (length == 127) {
            length = input.readLong();
        }
        byte[] payload = new byte[Math.toIntExact(length)];
        input.readFully(payload);
        return new Frame(first & 0x0f, (first & 0x80) != 0, first >> 4 & 7, payload);
    }

    /** Next line of the protocol, whatever frames it came in. */
    String line() throws IOException {
        while (!text.contains("\r\n")) {
            Frame frame = read();
            if (frame.code != BINARY) {
                throw new AssertionError("expected a binary frame but got code " + frame.code + " " + frame.status());
            }
            text += frame.text();
        }
        int end = text.indexOf("\r\n");
        String line = text.substring(0, end);
        text = text.substring(end + 2);
        return line.stripTrailing();
    }

    void expect(String expected) throws IOException {
        String line = line();
        if (!expected.equals(line)) {
            throw new AssertionError("expected " + expected + " but got " + line);
        }
    }

    /** Reads to the close frame, skipping data, and then to the end of the stream. */
    Frame closing() throws IOException {
        Frame frame = read();
        while (frame.code != CLOSE) {
            frame = read();
        }
        try {
            input.readByte();
            throw new AssertionError("more after the close frame");
        } catch (EOFException e) {
            return frame;
        }
    }

    /** Reads to the end of the stream; a reset counts as one. */
    boolean ends() {
        try {
            while (true) {
                input.readByte();
            }
        } catch (EOFException e) {
            return true;
        } catch (IOException e) {
            return !(e instanceof java.net.SocketTimeoutException);
        }
    }

    Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
