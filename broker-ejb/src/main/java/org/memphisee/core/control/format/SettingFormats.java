package org.memphisee.core.control.format;

import java.util.List;

import org.memphisee.core.control.SystemEvent;

/** Events of settings. */
final class SettingFormats {

    static final List<EventFormat<?>> ALL = List.of(
        new EventFormat<>("setting_changed", 1, SystemEvent.SettingChanged.class, SettingFormats::changed,
            SettingFormats::changed));

    private SettingFormats() { }

    private static void changed(SystemEvent.SettingChanged event, MemberWriter out) {
        out.text("key", event.key()).text("value", event.value());
    }

    private static SystemEvent.SettingChanged changed(MemberReader in, int version) throws FormatException {
        return new SystemEvent.SettingChanged(in.text("key"), in.text("value"));
    }
}
