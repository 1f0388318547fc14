package org.memphisee.it.support;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A socket that speaks bytes and lines, for conversations no client library would have. Reading waits at most 30 s.
 * Not thread-safe, except that one thread may write while another reads.
 */
public final class RawConnection implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 30_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final String inbox = "_INBOX.raw" + Long.toHexString(System.nanoTime()) + '.';
    private long requests;

    /** The two ways in. */
    public enum Door { TCP, WEBSOCKET }

    private RawConnection(Socket socket, Door door) throws IOException {
        this.socket = socket;
        InputStream buffered = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        if (door == Door.WEBSOCKET) {
            WebSocketStreams.upgrade(socket, buffered);
            this.in = new BufferedInputStream(WebSocketStreams.input(buffered), 1 << 16);
            this.out = WebSocketStreams.output(socket.getOutputStream());
        } else {
            this.in = buffered;
            this.out = socket.getOutputStream();
        }
    }

    /** Connects and reads nothing, not even INFO. */
    public static RawConnection open(BrokerUnderTest broker) throws IOException {
        return open(broker, Door.TCP);
    }

    /** The same through either door. */
    public static RawConnection open(BrokerUnderTest broker, Door door) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            int port = door == Door.TCP ? broker.clientPort() : broker.webSocketPort();
            socket.connect(new InetSocketAddress(broker.host(), port), TIMEOUT_MILLIS);
            return new RawConnection(socket, door);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Connects, reads INFO, sends CONNECT with these options besides the credentials, and waits for PONG. */
    public static RawConnection login(BrokerUnderTest broker, String options) throws IOException {
        return login(broker, options, Door.TCP);
    }

    private static RawConnection login(BrokerUnderTest broker, String options, Door door) throws IOException {
        RawConnection connection = open(broker, door);
        connection.readLine();
        connection.send(connect(broker, options) + "PING\r\n");
        String line = connection.readOperation();
        while (line.equals("+OK")) {
            line = connection.readOperation();
        }
        if (!line.equals("PONG")) {
            connection.close();
            throw new IOException("expected PONG: " + line);
        }
        return connection;
    }

    /** A quiet connection with headers: verbose and pedantic off, no-responders answers on. */
    public static RawConnection login(BrokerUnderTest broker) throws IOException {
        return login(broker, Door.TCP);
    }

    /** The same through either door. */
    public static RawConnection login(BrokerUnderTest broker, Door door) throws IOException {
        return login(broker, "\"verbose\":false,\"pedantic\":false,\"headers\":true,\"no_responders\":true,"
                + "\"protocol\":1", door);
    }

    /** A CONNECT line with credentials and these options (JSON members without braces). */
    public static String connect(BrokerUnderTest broker, String options) {
        String separator = options.isEmpty() ? "" : ",";
        return "CONNECT {\"user\":\"" + broker.user() + "\",\"pass\":\"" + broker.password() + "\"" + separator
                + options
                + "}\r\n";
    }

    public void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    public void send(byte[] bytes) throws IOException {
        send(bytes, 0, bytes.length);
    }

    public void send(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
        out.flush();
    }

    /** Next byte, or −1 at the end of the stream. */
    public int read() throws IOException {
        return in.read();
    }

    /** Next line without its end; {@link EOFException} when the broker has closed. */
    public String readLine() throws IOException {
        byte[] line = new byte[128];
        int length = 0;
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("closed after \"" + new String(line, 0, length, StandardCharsets.UTF_8) + '"');
            }
            if (next == '\n') {
                int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
                return new String(line, 0, end, StandardCharsets.UTF_8);
            }
            if (length == line.length) {
                line = java.util.Arrays.copyOf(line, length * 2);
            }
            line[length++] = (byte) next;
        }
    }

    /** Next line that is not INFO, and not the broker's own PING, which is answered as a client has to. */
    public String readOperation() throws IOException {
        while (true) {
            String line = readLine();
            if (line.equals("PING")) {
                send("PONG\r\n");
            } else if (!line.startsWith("INFO")) {
                return line;
            }
        }
    }

    /** Exactly this many bytes. */
    public byte[] readBytes(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("closed within a payload");
        }
        return bytes;
    }

    /** Reads MSG or HMSG with its payload; fails on any other operation. */
    public RawMessage readMessage() throws IOException {
        String line = readOperation();
        String[] parts = line.trim().split("\\s+");
        boolean headers = parts[0].equals("HMSG");
        if (!headers && !parts[0].equals("MSG")) {
            throw new IOException("expected a message: " + line);
        }
        int sizes = headers ? 2 : 1;
        String reply = parts.length == 4 + sizes ? parts[3] : "";
        int total = Integer.parseInt(parts[parts.length - 1]);
        int header = headers ? Integer.parseInt(parts[parts.length - 2]) : 0;
        byte[] body = readBytes(total);
        String end = readLine();
        if (!end.isEmpty()) {
            throw new IOException("payload longer than said: " + end);
        }
        return new RawMessage(parts[0], parts[1], parts[2], reply,
                new String(body, 0, header, StandardCharsets.UTF_8),
                new String(body, header, total - header, StandardCharsets.UTF_8));
    }

    /** Sends a request and returns the payload of its answer; only for connections that subscribe nothing else. */
    public String request(String subject, String payload) throws IOException {
        if (requests++ == 0) {
            send("SUB " + inbox + "* rq\r\n");
        }
        String reply = inbox + requests;
        byte[] body = payload.getBytes(StandardCharsets.UTF_8);
        send("PUB " + subject + ' ' + reply + ' ' + body.length + "\r\n" + payload + "\r\n");
        while (true) {
            RawMessage answer = readMessage();
            if (answer.subject().equals(reply)) {
                if (answer.headers().startsWith("NATS/1.0 503")) {
                    throw new IOException("nobody serves " + subject);
                }
                return answer.payload();
            }
        }
    }

    /** Sends PING and reads until its PONG; whatever was sent before is processed then. */
    public void flush() throws IOException {
        send("PING\r\n");
        String line = readOperation();
        if (!line.equals("PONG")) {
            throw new IOException("expected PONG: " + line);
        }
    }

    /** Reads to the end and returns the lines that came; the broker has to close within the read time-out. */
    public String readToEnd() throws IOException {
        StringBuilder lines = new StringBuilder();
        try {
            while (true) {
                String line = readLine();
                if (!line.startsWith("INFO") && !line.equals("PING")) {
                    lines.append(line).append('\n');
                }
            }
        } catch (EOFException e) {
            return lines.toString();
        } catch (java.net.SocketException e) {
            // a reset instead of an end: unread input was thrown away with the socket
            return lines.toString();
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
