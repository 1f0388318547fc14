package org.memphisee.core.settings;

import java.util.Locale;
import java.util.regex.Pattern;

/** Settings that can be changed while the broker runs. Keys are the reference's, and those of the system log. */
public enum RuntimeSetting {

    /** Hours that a dead letter is kept. */
    DEAD_LETTER_HOURS("dls_retention", "hours", 1, 30, "3"),
    /** Days that a line of the system log for people is kept. */
    LOG_DAYS("logs_retention", "days", 1, 100, "7"),
    /** Hours that a producer or consumer may be without its connection. */
    MEMBER_HOURS("gc_producer_consumer_retention_hours", "hours", 1, 168, "2"),
    /** Seconds between two uploads to tiered storage. */
    TIERED_SECONDS("tiered_storage_time_sec", "seconds", 5, 3_600, "8"),
    /** MiB of the largest message, headers included. */
    MESSAGE_MIB("max_msg_size_mb", "MiB", 1, 12, "1"),
    /** Where clients reach the broker, as samples of code show it. */
    BROKER_HOST("broker_host"),
    /** Where people reach the dashboard, as links in alerts have it. */
    UI_HOST("ui_host"),
    /** Where clients reach the REST gateway, as samples show it. */
    GATEWAY_HOST("rest_gw_host"),
    /** Whether somebody agreed to figures being sent, as dashboards of the reference ask; nothing is ever sent. */
    ANALYTICS("send_analytics", "", 0, 0, "false");

    private static final Pattern HOST = Pattern.compile("[a-z0-9.:/_~%\\[\\]-]{0,253}");

    private final String key;
    private final String unit;
    private final long min;
    private final long max;
    private final String builtIn;

    RuntimeSetting(String key, String unit, long min, long max, String builtIn) {
        this.key = key;
        this.unit = unit;
        this.min = min;
        this.max = max;
        this.builtIn = builtIn;
    }

    RuntimeSetting(String key) {
        this(key, "", 0, 0, "");
    }

    /** Its name in the system log and at the doors. */
    public String key() {
        return key;
    }

    /** Of what it is a number; empty for texts. */
    public String unit() {
        return unit;
    }

    /** Whether it is a number. */
    public boolean number() {
        return !unit.isEmpty();
    }

    /** Whether it is {@code true} or {@code false}. */
    public boolean flag() {
        return this == ANALYTICS;
    }

    /** The smallest value of a number. */
    public long min() {
        return min;
    }

    /** The largest value of a number. */
    public long max() {
        return max;
    }

    /** Its value when nobody ever said anything. */
    public String builtIn() {
        return builtIn;
    }

    /** The value in the form in which it is stored: host names in lower case. */
    String stored(String value) {
        return number() ? value : value.toLowerCase(Locale.ROOT);
    }

    /** What is wrong with a value in its stored form; empty when nothing is. */
    String problem(String value) {
        if (flag()) {
            return value.matches("true|false") ? "" : key + " has to be true or false";
        }
        if (!number()) {
            return HOST.matcher(value).matches() ? "" : key + " has to be a host name or address of at most 253 characters";
        }
        if (value.matches("\\d{1,9}") && Long.parseLong(value) >= min && Long.parseLong(value) <= max) {
            return "";
        }
        return this == TIERED_SECONDS ? "Tiered storage time can't be less than 5 seconds or more than 60 minutes"
            : key + " has to be between " + min + " and " + max + " " + unit;
    }
}
