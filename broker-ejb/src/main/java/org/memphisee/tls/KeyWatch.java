package org.memphisee.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

import javax.net.ssl.SSLEngine;

import org.memphisee.core.time.Repeater;

/**
 * Renews the key without a restart: looks every ten seconds whether its files have changed, and when they are complete lets
 * new connections have the new one. Open connections keep theirs. A change that cannot be used is reported and changes
 * nothing. Modification times are compared instead of waiting for events, which network file systems and mounted secrets do
 * not give.
 */
public final class KeyWatch implements AutoCloseable {

    private static final long INTERVAL_NANOS = 10_000_000_000L;

    private final Source source;
    private final List<Path> files;
    private final Report report;
    private volatile ServerTls current;
    private List<String> used;
    private List<String> before;
    private Repeater repeater;

    /** Reads the key. */
    public interface Source {

        /** As the settings say. */
        ServerTls load() throws TlsException;
    }

    /** Who is told. The watch's thread. */
    public interface Report {

        /** New connections have this one from now on. */
        void renewed(ServerTls tls);

        /** The change cannot be used. */
        void unusable(TlsException why);
    }

    /**
     * Watches once it is {@link #start started}.
     *
     * @param source reads the key, now and after each change
     * @param files where it reads from; empty: it is read each time and compared
     * @throws TlsException if it cannot be used
     */
    public KeyWatch(Source source, List<Path> files, Report report) throws TlsException {
        this.source = Objects.requireNonNull(source, "source is required");
        this.files = List.copyOf(files);
        this.report = Objects.requireNonNull(report, "report is required");
        before = state();
        current = source.load();
        used = before;
    }

    /** Begins to watch on a thread of its own, until {@link #close}. Once. */
    public void start(ThreadFactory threads) {
        repeater = new Repeater("memphisee-key-watch", INTERVAL_NANOS, this::look, threads);
    }

    /** The key in use. Any thread. */
    public ServerTls current() {
        return current;
    }

    /** An engine with the key in use, for each connection. Any thread. */
    public Supplier<SSLEngine> engines() {
        return () -> current.engine();
    }

    /** One look; what changed since the last one may still be being written, and is read at the next. */
    void look() {
        List<String> now = state();
        boolean quiet = now.equals(before);
        before = now;
        if (!quiet || !files.isEmpty() && now.equals(used)) {
            return;
        }
        used = now;
        try {
            ServerTls loaded = source.load();
            if (!loaded.sameAs(current)) {
                current = loaded;
                report.renewed(loaded);
            }
        } catch (TlsException e) {
            report.unusable(e);
        }
    }

    private List<String> state() {
        List<String> state = new ArrayList<>(files.size());
        for (Path file : files) {
            try {
                BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
                state.add(now.lastModifiedTime() + " " + now.size() + " " + now.fileKey());
            } catch (IOException e) {
                state.add("missing");
            }
        }
        return state;
    }

    @Override
    public void close() {
        if (repeater != null) {
            repeater.close();
        }
    }
}
