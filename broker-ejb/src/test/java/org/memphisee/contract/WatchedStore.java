package org.memphisee.contract;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Consumer;

import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreChange;

/** Tells what a store was told. */
public final class WatchedStore {

    private WatchedStore() { }

    /** The store; {@code written} hears of each write that it took. */
    public static LogStore of(LogStore store, Consumer<List<StoreChange>> written) {
        return (LogStore) Proxy.newProxyInstance(LogStore.class.getClassLoader(), new Class<?>[] {LogStore.class},
            (proxy, method, args) -> {
                Object result;
                try {
                    result = method.invoke(store, args);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
                if (method.getName().equals("write")) {
                    written.accept(((List<?>) args[0]).stream().map(StoreChange.class::cast).toList());
                }
                return result;
            });
    }
}
