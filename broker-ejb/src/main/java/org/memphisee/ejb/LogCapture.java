package org.memphisee.ejb;

import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

import org.memphisee.core.observe.ServerLog;

/**
 * Takes what the broker's loggers say into the server's log. Lines with a number (MEE) are for operators, by their level; the
 * others are of the insides. Any thread; a line that comes while one is taken by the same thread is not taken.
 */
final class LogCapture extends Handler {

    private static final String NUMBER = "MEE";
    /** As the reference calls its gateway, and what of ours it is (F-240). */
    private static final String GATEWAY = "rest-gateway";
    private static final List<String> GATEWAY_LOGGERS = List.of("org.memphisee.gateway.rest.", "org.memphisee.net.http.");

    private final Logger logger = Logger.getLogger("org.memphisee"); // held, or its handlers may be forgotten
    private final SimpleFormatter formatter = new SimpleFormatter();
    private final ThreadLocal<Boolean> busy = ThreadLocal.withInitial(() -> false);
    private final ServerLog log;

    private LogCapture(ServerLog log) {
        this.log = log;
        setLevel(Level.INFO);
    }

    /** Begins; ended by {@link #close}. */
    static LogCapture begin(ServerLog log) {
        LogCapture capture = new LogCapture(log);
        capture.logger.addHandler(capture);
        return capture;
    }

    @Override
    public void publish(LogRecord said) {
        if (!isLoggable(said) || busy.get()) {
            return;
        }
        busy.set(true);
        try {
            String text = formatter.formatMessage(said);
            String line = said.getThrown() == null ? text : text + " (" + said.getThrown() + ")";
            if (ofGateway(said.getLoggerName())) {
                log.add(type(said.getLevel()), GATEWAY, line);
            } else {
                log.add(type(said.getLevel(), text), line);
            }
        } finally {
            busy.remove();
        }
    }

    private static boolean ofGateway(String logger) {
        return logger != null && GATEWAY_LOGGERS.stream().anyMatch(logger::startsWith);
    }

    static ServerLog.Type type(Level level, String text) {
        return text.startsWith(NUMBER) ? type(level) : ServerLog.Type.SYS;
    }

    private static ServerLog.Type type(Level level) {
        return level.intValue() >= Level.SEVERE.intValue() ? ServerLog.Type.ERR
            : level.intValue() >= Level.WARNING.intValue() ? ServerLog.Type.WARN : ServerLog.Type.INFO;
    }

    @Override
    public void flush() { }

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
