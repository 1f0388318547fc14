package org.memphisee.ejb;

import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;

import org.memphisee.run.ExitStatus;

/**
 * SIGTERM and Ctrl-C, taken before the container sees them: it would stop the web modules first, and with them the answers of
 * health checks. Only in a server of ours ({@value #PROPERTY} in its {@code jvm.options}); elsewhere, and where the JVM has no
 * such class any more, the container stops the broker as it stops any application.
 */
final class StopSignals implements AutoCloseable {

    /** Whether the process is ours; no setting, so that it does not begin as settings do. */
    static final String PROPERTY = "org.memphisee.stop.signals";

    private static final Logger LOG = Logger.getLogger(StopSignals.class.getName());
    private static final Map<String, Integer> STATUS = Map.of("TERM", ExitStatus.STOPPED, "INT", ExitStatus.INTERRUPTED);

    private final Map<Object, Object> former = new LinkedHashMap<>();

    private StopSignals() { }

    /**
     * Takes the signals from now on.
     *
     * @param asked gets the exit status of the process, once for each signal, on a thread of the JVM that must not be kept
     */
    static StopSignals taken(IntConsumer asked) {
        StopSignals signals = new StopSignals();
        if (Boolean.getBoolean(PROPERTY)) {
            try {
                STATUS.forEach((name, status) -> signals.take(name, () -> asked.accept(status)));
            } catch (IllegalStateException e) {
                LOG.log(Level.FINE, "the container stops the broker", e);
            }
        }
        return signals;
    }

    /** Whoever had them before has them again. */
    @Override
    public synchronized void close() {
        former.forEach(StopSignals::handle);
        former.clear();
    }

    private synchronized void take(String name, Runnable asked) {
        try {
            Class<?> handler = Class.forName("sun.misc.SignalHandler", true, ClassLoader.getSystemClassLoader());
            Object signal = signalClass().getConstructor(String.class).newInstance(name);
            Object ours = Proxy.newProxyInstance(ClassLoader.getSystemClassLoader(), new Class<?>[] {handler},
                (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "handle" -> asked.run();
                        case "equals" -> {
                            return proxy == arguments[0];
                        }
                        case "hashCode" -> {
                            return System.identityHashCode(proxy);
                        }
                        default -> {
                            return name;
                        }
                    }
                    return null;
                });
            former.put(signal, handle(signal, ours));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object handle(Object signal, Object handler) {
        try {
            Class<?> type = Class.forName("sun.misc.SignalHandler", true, ClassLoader.getSystemClassLoader());
            return signalClass().getMethod("handle", signalClass(), type).invoke(null, signal, handler);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Not in the standard, and the only way: by name, for the day when it is gone. */
    private static Class<?> signalClass() throws ClassNotFoundException {
        return Class.forName("sun.misc.Signal", true, ClassLoader.getSystemClassLoader());
    }
}
