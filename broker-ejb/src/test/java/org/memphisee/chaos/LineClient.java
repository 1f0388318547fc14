package org.memphisee.chaos;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A client in plain lines that knows nothing of clusters: it stays with its node, never repeats anything, and when the connection
 * ends, everything that waits for an answer ends with it. Any thread.
 */
final class LineClient implements AutoCloseable {

    private static final AtomicLong CLIENTS = new AtomicLong(System.nanoTime());
    private static final int CONNECT_MILLIS = 1_000;

    private final Socket socket = new Socket();
    private final OutputStream out;
    private final DataInputStream in;
    private final String inbox = "_INBOX.c" + CLIENTS.incrementAndGet() + ".";
    private final AtomicLong asked = new AtomicLong();
    private final Map<String, CompletableFuture<Message>> waiting = new ConcurrentHashMap<>();
    /** By number of the subscription: stored messages come with the subject that they were published to. */
    private final Map<String, Consumer<Message>> listening = new ConcurrentHashMap<>();
    private final Thread reader;
    private volatile boolean ended;

    /** What came. @param headers with the status line, empty for none */
    record Message(String subject, String reply, String headers, String payload) { }

    LineClient(int port) throws IOException {
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(CONNECT_MILLIS * 3);
            socket.connect(new InetSocketAddress("127.0.0.1", port), CONNECT_MILLIS);
            out = socket.getOutputStream();
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
            line();
            write("CONNECT {\"verbose\":false,\"pedantic\":false,\"user\":\"root\",\"pass\":\"" + ChaosNode.SECRET
                + "\",\"headers\":true,\"no_responders\":true}\r\nSUB " + inbox + "* 1\r\nPING\r\n");
            String line = line();
            while (!line.equals("PONG")) {
                if (line.startsWith("-ERR")) {
                    throw new IOException(line);
                }
                line = line();
            }
            socket.setSoTimeout(0);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        reader = new Thread(this::read, "line-client");
        reader.setDaemon(true);
        reader.start();
    }

    boolean ended() {
        return ended;
    }

    /** Asks; fails when the connection ends, never otherwise. */
    CompletableFuture<Message> ask(String subject, String headers, String payload) throws IOException {
        String number = String.valueOf(asked.incrementAndGet());
        CompletableFuture<Message> answer = new CompletableFuture<>();
        waiting.put(inbox + number, answer);
        try {
            publish(subject, inbox + number, headers, payload);
        } catch (IOException e) {
            end();
            throw e;
        }
        if (ended) {
            answer.completeExceptionally(new IOException("the connection ended"));
        }
        return answer;
    }

    /** Asks and waits. */
    Message ask(String subject, String payload, long seconds) throws IOException {
        return await(ask(subject, "", payload), seconds);
    }

    static Message await(CompletableFuture<Message> answer, long seconds) throws IOException {
        try {
            return answer.get(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } catch (Exception e) {
            throw new IOException("no answer: " + e, e);
        }
    }

    /** A message with headers ("A: b\r\n" each), or without. */
    void publish(String subject, String reply, String headers, String payload) throws IOException {
        byte[] body = payload.getBytes(StandardCharsets.UTF_8);
        if (headers.isEmpty()) {
            write("PUB " + subject + " " + reply + " " + body.length + "\r\n" + payload + "\r\n");
        } else {
            String all = "NATS/1.0\r\n" + headers + "\r\n";
            write("HPUB " + subject + " " + reply + " " + all.length() + " " + (all.length() + body.length) + "\r\n" + all
                + payload
                + "\r\n");
        }
    }

    /** Listens at a subject of its own, of which it returns the name; what comes is told on the reader's thread. */
    String listen(Consumer<Message> to) throws IOException {
        String id = String.valueOf(1 + asked.incrementAndGet());
        String subject = "_INBOX.l" + CLIENTS.incrementAndGet();
        listening.put(id, to);
        write("SUB " + subject + " " + id + "\r\n");
        return subject;
    }

    private synchronized void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.readUnsignedByte(); b != '\n'; b = in.readUnsignedByte()) {
            line.append((char) b);
        }
        return line.toString().stripTrailing();
    }

    private void read() {
        try {
            while (true) {
                String line = line();
                if (line.equals("PING")) {
                    write("PONG\r\n");
                } else if (line.startsWith("MSG ") || line.startsWith("HMSG ")) {
                    message(line.split(" "));
                }
            }
        } catch (IOException e) {
            end();
        }
    }

    private void message(String[] words) throws IOException {
        boolean headers = words[0].equals("HMSG");
        int total = Integer.parseInt(words[words.length - 1]);
        int head = headers ? Integer.parseInt(words[words.length - 2]) : 0;
        String reply = words.length == (headers ? 6 : 5) ? words[3] : "";
        byte[] bytes = in.readNBytes(total + 2);
        if (bytes.length < total + 2) {
            throw new IOException("ended within a message");
        }
        Message message = new Message(words[1], reply, new String(bytes, 0, head, StandardCharsets.UTF_8),
            new String(bytes, head, total - head, StandardCharsets.UTF_8));
        Consumer<Message> listener = listening.get(words[2]);
        if (listener != null) {
            listener.accept(message);
            return;
        }
        CompletableFuture<Message> answer = waiting.remove(words[1]);
        if (answer != null) {
            answer.complete(message);
        }
    }

    private void end() {
        ended = true;
        try {
            socket.close();
        } catch (IOException e) {
            // it is closed
        }
        waiting.values().forEach(answer -> answer.completeExceptionally(new IOException("the connection ended")));
    }

    @Override
    public void close() {
        end();
        try {
            if (Thread.currentThread() != reader) {
                reader.join(5_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
