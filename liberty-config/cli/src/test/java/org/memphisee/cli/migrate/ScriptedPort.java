package org.memphisee.cli.migrate;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.memphisee.cli.context.Context;
import org.memphisee.cli.context.Target;
import org.memphisee.cli.link.Broker;
import org.memphisee.cli.run.Surroundings;
import org.memphisee.client.Credentials;

/** A server's port of clients that does with what is published what the test says, for one client. */
final class ScriptedPort implements AutoCloseable {

    /** What a publish makes it do. On the port's thread. */
    interface Script {
        void published(String subject, String reply, byte[] payload) throws IOException;
    }

    private final ServerSocket listening;
    private final Thread thread;
    private final Script script;
    private final Map<String, String> subscriptions = new ConcurrentHashMap<>();
    private volatile OutputStream out;
    private volatile Socket socket;

    ScriptedPort(Script script) throws IOException {
        this.script = script;
        listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        thread = new Thread(this::serve, "scripted-port");
        thread.start();
    }

    /** A client's view of it; the caller closes it. */
    Broker broker() {
        Surroundings nobody = new Surroundings(new ByteArrayInputStream(new byte[0]),
            new PrintStream(new ByteArrayOutputStream()),
            new PrintStream(new ByteArrayOutputStream()), Map.of(), false, question -> Optional.empty());
        Context context = new Context("", "127.0.0.1:" + listening.getLocalPort(), "", "", "", "", "", "", false);
        return new Broker(Target.of(nobody, context), new Credentials("", "", ""), 20);
    }

    private void serve() {
        try (Socket accepted = listening.accept()) {
            socket = accepted;
            out = accepted.getOutputStream();
            write("INFO {\"max_payload\":70000}\r\n");
            InputStream in = new BufferedInputStream(accepted.getInputStream());
            for (String line = line(in); line != null; line = line(in)) {
                String[] words = line.split(" ");
                switch (words[0]) {
                    case "SUB" -> subscriptions.put(words[1], words[2]);
                    case "UNSUB" -> subscriptions.values().remove(words[1]);
                    case "PING" -> write("PONG\r\n");
                    case "PUB" -> {
                        byte[] payload = in.readNBytes(Integer.parseInt(words[words.length - 1]));
                        line(in);
                        script.published(words[1], words.length == 4 ? words[2] : "", payload);
                    }
                    default -> { }
                }
            }
        } catch (IOException e) {
            // the client went
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return null;
            }
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    private synchronized void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** To whoever subscribed to the subject, or answers a request. */
    void answer(String to, String payload) throws IOException {
        deliver(to, to, "", "", payload);
    }

    /** A message whose subject is not the one that is subscribed. */
    void deliver(String to, String subject, String reply, String header, String payload) throws IOException {
        String sid = subscriptions.get(to);
        for (Map.Entry<String, String> entry : subscriptions.entrySet()) {
            String pattern = entry.getKey();
            if (sid == null && pattern.endsWith("*") && to.startsWith(pattern.substring(0, pattern.length() - 1))) {
                sid = entry.getValue();
            }
        }
        if (sid == null) {
            return; // nobody listens any more
        }
        int length = header.length() + payload.length();
        write((header.isEmpty() ? "MSG " : "HMSG ") + subject + " " + sid + " " + (reply.isEmpty() ? "" : reply + " ")
            + (header.isEmpty() ? "" : header.length() + " ") + length + "\r\n" + header + payload + "\r\n");
    }

    @Override
    public void close() {
        try {
            listening.close();
            Socket open = socket;
            if (open != null) {
                open.close();
            }
            thread.join(5_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
