package org.memphisee.core.settings;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.memphisee.core.api.Author;
import org.memphisee.core.control.ChangeResult;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.settings.RuntimeValue.Source;

/** The settings that are in force, and their changes. Any thread; look-ups cost one read of a map. */
public final class RuntimeSettings {

    private final ControlEngine engine;
    private final RuntimeDefaults defaults;
    private final CompanyLogo logo;
    private final Map<RuntimeSetting, String> changed = new ConcurrentHashMap<>();
    private final List<Consumer<RuntimeSetting>> listeners = new CopyOnWriteArrayList<>();

    public RuntimeSettings(ControlEngine engine, RuntimeDefaults defaults) {
        this.engine = engine;
        this.defaults = defaults;
        this.logo = new CompanyLogo(engine);
    }

    /** Takes over what was changed before the last restart, and follows changes. Before clients are served. */
    public CompletableFuture<Void> start() {
        CompletableFuture<Void> ready = new CompletableFuture<>();
        engine.resume(() -> {
            engine.listen((index, event) -> {
                if (event instanceof SystemEvent.SettingChanged e) {
                    apply(e.key(), e.value());
                }
            });
            engine.definitions().settings().forEach(this::apply);
            ready.complete(null);
        });
        return ready;
    }

    /** Adds who is told of each setting that got another value, on the control loop; also of those that differ at the start. */
    public void whenChanged(Consumer<RuntimeSetting> listener) {
        listeners.add(listener);
    }

    private void apply(String key, String value) {
        if (key.equals(SystemEvent.SettingChanged.LOGO)) {
            logo.apply(value);
        }
        for (RuntimeSetting setting : RuntimeSetting.values()) {
            if (setting.key().equals(key)) {
                if (value.isEmpty() || !setting.problem(value).isEmpty()) {
                    changed.remove(setting); // a release with other ranges may have stored it: the configuration counts
                } else {
                    changed.put(setting, value);
                }
                listeners.forEach(listener -> listener.accept(setting));
            }
        }
    }

    /** The company's picture, which is kept as a setting is. */
    public CompanyLogo logo() {
        return logo;
    }

    // ---- reading

    /** The value that is in force, in its stored form. */
    public String text(RuntimeSetting setting) {
        String value = changed.get(setting);
        return value != null ? value : initial(setting);
    }

    /** The value of a number. */
    public long number(RuntimeSetting setting) {
        return Long.parseLong(text(setting));
    }

    /** Largest message, headers included, bytes. */
    public int maxMessageBytes() {
        String mebibytes = changed.get(RuntimeSetting.MESSAGE_MIB);
        // the configured buffers may have become smaller since it was changed
        return mebibytes == null ? defaults.maxMessageBytes()
            : (int) Math.min(Long.parseLong(mebibytes) << 20, defaults.mostMessageBytes());
    }

    /** How long a producer or consumer may be without its connection, nanoseconds. */
    public long memberAwayNanos() {
        return changed.containsKey(RuntimeSetting.MEMBER_HOURS)
            ? TimeUnit.HOURS.toNanos(number(RuntimeSetting.MEMBER_HOURS)) : engine.settings().memberAwayNanos();
    }

    private String initial(RuntimeSetting setting) {
        return defaults.configured().getOrDefault(setting, setting.builtIn());
    }

    /** All of them, in the order of the enum. */
    public List<RuntimeValue> all() {
        return Stream.of(RuntimeSetting.values()).map(this::value).toList();
    }

    private RuntimeValue value(RuntimeSetting setting) {
        Source source = changed.containsKey(setting) ? Source.CHANGED
            : defaults.configured().containsKey(setting) ? Source.CONFIGURATION : Source.DEFAULT;
        return new RuntimeValue(setting, text(setting), initial(setting), source);
    }

    // ---- changing

    /**
     * Changes settings, all or none if a value is not allowed. Those that have the value already stay as they are; an
     * empty value takes back what was changed before.
     *
     * @param by who asks
     * @param wanted values by setting
     * @return done when all are durable and in force; fails with a {@link SettingRefusal} for people, a
     *     {@link org.memphisee.core.control.ControlLoop.LoopFullException} or a {@link StoreException}, which may leave the
     *     later ones unchanged
     */
    public CompletableFuture<Void> change(Author by, Map<RuntimeSetting, String> wanted) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        EnumMap<RuntimeSetting, String> stored = new EnumMap<>(RuntimeSetting.class);
        wanted.forEach((setting, value) -> stored.put(setting, setting.stored(value)));
        try {
            engine.submit(() -> change(by, stored, result));
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
        return result;
    }

    private void change(Author by, EnumMap<RuntimeSetting, String> wanted, CompletableFuture<Void> result) {
        Deque<SystemEvent> events = new ArrayDeque<>();
        for (Map.Entry<RuntimeSetting, String> one : wanted.entrySet()) {
            RuntimeSetting setting = one.getKey();
            String value = one.getValue();
            if (value.isEmpty() ? !changed.containsKey(setting) : value.equals(text(setting))) {
                continue;
            }
            String problem = value.isEmpty() ? "" : problem(setting, value);
            if (!problem.isEmpty()) {
                result.completeExceptionally(new SettingRefusal(problem));
                return;
            }
            events.add(new SystemEvent.SettingChanged(setting.key(), value));
        }
        append(engine, by, events, result);
    }

    /**
     * What is wrong with a value that somebody wants; empty when nothing is.
     *
     * @param key name of a setting
     */
    public String problem(String key, String value) {
        return Stream.of(RuntimeSetting.values()).filter(setting -> setting.key().equals(key)).findFirst()
            .map(setting -> problem(setting, setting.stored(value)))
            .orElse("there is no setting of this name that can be changed while the broker runs");
    }

    private String problem(RuntimeSetting setting, String value) {
        String problem = setting.problem(value);
        if (problem.isEmpty() && setting == RuntimeSetting.MESSAGE_MIB
            && Long.parseLong(value) << 20 > defaults.mostMessageBytes()) {
            return setting.key() + " can be at most " + (defaults.mostMessageBytes() >> 20)
                + " MiB with the configured memphisee.connection.outbound";
        }
        return problem;
    }

    /** Appends one event after the other; control loop only. */
    static void append(ControlEngine engine, Author by, Deque<SystemEvent> events, CompletableFuture<Void> result) {
        SystemEvent next = events.poll();
        if (next == null) {
            result.complete(null);
            return;
        }
        engine.change(by, next, new ChangeResult() {
            @Override
            public void effective() {
                append(engine, by, events, result);
            }

            @Override
            public void failed(StoreException cause) {
                result.completeExceptionally(cause);
            }
        });
    }
}
