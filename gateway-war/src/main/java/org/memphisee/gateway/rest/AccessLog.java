package org.memphisee.gateway.rest;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.logging.FileHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/**
 * A line for each request: time, status, microseconds, method and path; never the query, in which a token may be.
 * Requests only leave their line; somebody else calls {@link #write} now and then. Thread-safe.
 */
final class AccessLog implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(AccessLog.class.getName());
    private static final int FILE_BYTES = 20 << 20;
    private static final int FILES = 3;
    private static final int PENDING_CHARS = 2 << 20;
    private static final int PATH_CHARS = 1024;
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("'['dd/MMM/yyyy:HH:mm:ss Z'] '", Locale.ENGLISH).withZone(ZoneId.systemDefault());

    private final Handler file;
    private StringBuilder pending = new StringBuilder();
    private long lost;
    private long second;
    private String time = "";

    private AccessLog(Handler file) {
        this.file = file;
    }

    /** Writes nothing. */
    static AccessLog none() {
        return new AccessLog(null);
    }

    /** Writes to files in a directory, which is made; to none when that is not possible, which is reported once. */
    static AccessLog in(Path directory) {
        try {
            Files.createDirectories(directory);
            FileHandler file = new FileHandler(directory.resolve("gateway_access.").toString().replace("%", "%%") + "%g.log",
                FILE_BYTES, FILES, true);
            file.setEncoding("UTF-8");
            file.setFormatter(new AsItIs());
            return new AccessLog(file);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "The access log of the REST gateway cannot be written in " + directory + ": " + e
                + ". Name another directory by memphisee.gateway.access.log.directory, or switch the log off by "
                + "memphisee.gateway.access.log=false");
            return none();
        }
    }

    /**
     * A request was answered.
     *
     * @param micros from its headers to its answer
     * @param path as sent, without query
     */
    void add(int status, long micros, String method, String path) {
        if (file == null) {
            return;
        }
        synchronized (this) {
            if (pending.length() > PENDING_CHARS) {
                lost++; // the disk does not keep up
                return;
            }
            pending.append(time()).append(status).append(' ').append(micros).append(' ');
            printable(method);
            pending.append(' ');
            printable(path);
            pending.append('\n');
        }
    }

    private String time() {
        long now = System.currentTimeMillis() / 1000;
        if (now != second) {
            second = now;
            time = TIME.format(Instant.ofEpochSecond(now));
        }
        return time;
    }

    private void printable(String text) {
        int n = Math.min(PATH_CHARS, text.length());
        for (int i = 0; i < n; i++) {
            char c = text.charAt(i);
            pending.append(c > ' ' && c < 0x7f ? c : '?');
        }
    }

    /** Writes what waits. One caller at a time. */
    void write() {
        String text;
        synchronized (this) {
            if (lost > 0) {
                pending.append(time()).append(lost).append(" requests more, whose lines were lost\n");
                lost = 0;
            }
            if (pending.length() == 0) {
                return;
            }
            text = pending.toString();
            pending = new StringBuilder();
        }
        file.publish(new LogRecord(java.util.logging.Level.INFO, text));
    }

    @Override
    public void close() {
        if (file != null) {
            write();
            file.close();
        }
    }

    private static final class AsItIs extends Formatter {
        @Override
        public String format(LogRecord lines) {
            return lines.getMessage();
        }
    }
}
