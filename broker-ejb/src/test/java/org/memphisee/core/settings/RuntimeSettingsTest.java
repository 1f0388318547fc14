package org.memphisee.core.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.control.Authors;
import org.memphisee.core.control.ControlFixture;
import org.memphisee.core.control.FakeSystemLog;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.settings.RuntimeValue.Source;

class RuntimeSettingsTest {

    private final FakeSystemLog log = new FakeSystemLog();
    private final List<RuntimeSetting> told = new CopyOnWriteArrayList<>();
    private ControlFixture control;
    private RuntimeSettings settings;

    @BeforeEach
    void open() throws Exception {
        open(new RuntimeDefaults(Map.of(RuntimeSetting.LOG_DAYS, "9", RuntimeSetting.UI_HOST, "ui"), 1_000, 8 << 20));
    }

    private void open(RuntimeDefaults defaults) throws Exception {
        control = new ControlFixture(log, ControlFixture.settings()).start();
        settings = new RuntimeSettings(control.engine, defaults);
        settings.whenChanged(told::add);
        get(settings.start());
    }

    @AfterEach
    void close() {
        control.close();
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }

    private void change(RuntimeSetting setting, String value) throws Exception {
        get(settings.change(Authors.of("root"), Map.of(setting, value)));
    }

    private String refusal(RuntimeSetting setting, String value) {
        Throwable cause = assertThrows(ExecutionException.class, () -> change(setting, value)).getCause();
        return assertInstanceOf(SettingRefusal.class, cause).getMessage();
    }

    private RuntimeValue value(RuntimeSetting setting) {
        return settings.all().get(setting.ordinal());
    }

    @Test
    void shouldFollowTheConfigurationUntilSomebodyChangesIt() throws Exception {
        assertEquals(new RuntimeValue(RuntimeSetting.DEAD_LETTER_HOURS, "3", "3", Source.DEFAULT),
            value(RuntimeSetting.DEAD_LETTER_HOURS));
        assertEquals(new RuntimeValue(RuntimeSetting.LOG_DAYS, "9", "9", Source.CONFIGURATION), value(RuntimeSetting.LOG_DAYS));
        change(RuntimeSetting.LOG_DAYS, "30");
        assertEquals(new RuntimeValue(RuntimeSetting.LOG_DAYS, "30", "9", Source.CHANGED), value(RuntimeSetting.LOG_DAYS));
        assertEquals(List.of(RuntimeSetting.LOG_DAYS), told);
        change(RuntimeSetting.LOG_DAYS, "");
        assertEquals(new RuntimeValue(RuntimeSetting.LOG_DAYS, "9", "9", Source.CONFIGURATION), value(RuntimeSetting.LOG_DAYS));
        assertEquals(RuntimeSetting.values().length, settings.all().size());
    }

    @Test
    void shouldKeepChangesOverARestart() throws Exception {
        change(RuntimeSetting.MESSAGE_MIB, "4");
        change(RuntimeSetting.BROKER_HOST, "Broker.Example");
        close();
        told.clear();
        open();
        assertEquals("broker.example", settings.text(RuntimeSetting.BROKER_HOST));
        assertEquals(4 << 20, settings.maxMessageBytes());
        assertEquals(List.of(RuntimeSetting.BROKER_HOST, RuntimeSetting.MESSAGE_MIB), told);
        close();
        open(new RuntimeDefaults(Map.of(), 1_000, 3 << 20));
        assertEquals(3 << 20, settings.maxMessageBytes(), "buffers have become smaller");
    }

    @Test
    void shouldKeepWhetherSomebodyAgreedToFiguresBeingSent() throws Exception {
        assertEquals("false", settings.text(RuntimeSetting.ANALYTICS));
        change(RuntimeSetting.ANALYTICS, "true");
        close();
        open();
        assertEquals("true", settings.text(RuntimeSetting.ANALYTICS));
        assertEquals("send_analytics has to be true or false", refusal(RuntimeSetting.ANALYTICS, "yes"));
    }

    @Test
    void shouldStoreOnlyWhatDiffers() throws Exception {
        change(RuntimeSetting.LOG_DAYS, "9");
        change(RuntimeSetting.UI_HOST, "UI");
        change(RuntimeSetting.GATEWAY_HOST, "");
        assertEquals(0, log.size());
        assertEquals(Source.CONFIGURATION, value(RuntimeSetting.UI_HOST).source());
    }

    @Test
    void shouldRefuseWhatIsOutOfRangeAndThenChangeNothing() throws Exception {
        assertEquals("dls_retention has to be between 1 and 30 hours", refusal(RuntimeSetting.DEAD_LETTER_HOURS, "31"));
        assertEquals("logs_retention has to be between 1 and 100 days", refusal(RuntimeSetting.LOG_DAYS, "-1"));
        assertEquals("gc_producer_consumer_retention_hours has to be between 1 and 168 hours",
            refusal(RuntimeSetting.MEMBER_HOURS, "169"));
        for (String value : List.of("4", "3601", "9999999999999999999999", "x")) {
            assertEquals("Tiered storage time can't be less than 5 seconds or more than 60 minutes",
                refusal(RuntimeSetting.TIERED_SECONDS, value));
        }
        assertEquals("max_msg_size_mb has to be between 1 and 12 MiB", refusal(RuntimeSetting.MESSAGE_MIB, "13"));
        assertEquals("max_msg_size_mb can be at most 8 MiB with the configured memphisee.connection.outbound",
            refusal(RuntimeSetting.MESSAGE_MIB, "9"));
        for (String host : List.of("a b", "<b>", "a\"b", "x".repeat(254))) {
            assertEquals("ui_host has to be a host name or address of at most 253 characters",
                refusal(RuntimeSetting.UI_HOST, host));
        }
        CompletableFuture<Void> both = settings.change(Authors.of("root"), Map.of(RuntimeSetting.DEAD_LETTER_HOURS, "5", RuntimeSetting.UI_HOST, " "));
        assertThrows(ExecutionException.class, () -> get(both));
        assertEquals(0, log.size());
        assertEquals(List.of(), told);
    }

    @Test
    void shouldBeInForceOnlyWhenDurable() throws Exception {
        log.hold();
        CompletableFuture<Void> change = settings.change(Authors.of("root"), Map.of(RuntimeSetting.MEMBER_HOURS, "5"));
        control.definitions(); // the loop has seen it
        assertEquals("2", settings.text(RuntimeSetting.MEMBER_HOURS));
        log.release();
        get(change);
        assertEquals(5, settings.number(RuntimeSetting.MEMBER_HOURS));
        assertEquals(TimeUnit.HOURS.toNanos(5), settings.memberAwayNanos());
        log.failWith(new StoreException("full", null, true));
        assertInstanceOf(StoreException.class, assertThrows(ExecutionException.class,
            () -> change(RuntimeSetting.MEMBER_HOURS, "6")).getCause());
        assertEquals(5, settings.number(RuntimeSetting.MEMBER_HOURS));
    }

    @Test
    void shouldFollowTheConfigurationWhereAStoredValueIsNoneOfOurs() throws Exception {
        control.change(new SystemEvent.SettingChanged("logs_retention", "forever"));
        control.change(new SystemEvent.SettingChanged("max_msg_size_mb", "99"));
        control.change(new SystemEvent.SettingChanged("somebody.else", "x"));
        assertEquals(9, settings.number(RuntimeSetting.LOG_DAYS));
        assertEquals(1_000, settings.maxMessageBytes());
    }
}
