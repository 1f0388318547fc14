package org.memphisee.net;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that speaks in plain bytes. Reads wait at most 20 seconds. */
public final class RawClient implements AutoCloseable {

    private final Socket socket = new Socket();
    private final DataInputStream input;

    public RawClient(int port) throws IOException {
        this(port, 0);
    }

    public RawClient(int port, int receiveBuffer) throws IOException {
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress("127.0.0.1", port), 20_000);
        input = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 64 << 10));
    }

    /** Connects quietly with headers and waits for PONG. */
    public static RawClient connected(int port) throws IOException {
        return connected(port, true, 0);
    }

    public static RawClient connected(int port, boolean headers, int receiveBuffer) throws IOException {
        RawClient client = new RawClient(port, receiveBuffer);
        client.line();
        client.send("CONNECT {\"verbose\":false,\"headers\":" + headers + "}\r\nPING\r\n");
        client.expect("PONG");
        return client;
    }

    public void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Next line without its end; empty at the end of the stream. */
    public String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int b = input.read();
        while (b >= 0 && b != '\n') {
            line.write(b);
            b = input.read();
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    public void expect(String expected) throws IOException {
        String line = line();
        if (!expected.equals(line)) {
            throw new AssertionError("expected " + expected + " but got " + line);
        }
    }

    public byte[] bytes(int count) throws IOException {
        byte[] bytes = new byte[count];
        input.readFully(bytes);
        return bytes;
    }

    /** The payload of the next MSG. */
    public byte[] payload() throws IOException {
        String line = line();
        if (!line.startsWith("MSG ")) {
            throw new AssertionError("expected MSG but got " + line);
        }
        byte[] payload = bytes(Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1)));
        bytes(2);
        return payload;
    }

    /** Reads to the end of the stream; a reset counts as one. */
    public boolean ends() {
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

    public Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
