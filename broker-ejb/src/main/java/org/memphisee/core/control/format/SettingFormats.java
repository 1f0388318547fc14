package org.memphisee.core.control.format;

import java.util.List;

import org.memphisee.core.control.SystemEvent;

/** Events of settings, and of what was done without changing definitions. */
final class SettingFormats {

    static final List<EventFormat<?>> ALL = List.of(
        new EventFormat<>("setting_changed", 1, SystemEvent.SettingChanged.class, SettingFormats::changed,
            SettingFormats::changed),
        new EventFormat<>("action_taken", 1, SystemEvent.ActionTaken.class, SettingFormats::taken, SettingFormats::taken));

    private SettingFormats() { }

    private static void changed(SystemEvent.SettingChanged event, MemberWriter out) {
        out.text("key", event.key()).text("value", event.value());
    }

    private static SystemEvent.SettingChanged changed(MemberReader in, int version) throws FormatException {
        return new SystemEvent.SettingChanged(in.text("key"), in.text("value"));
    }

    private static void taken(SystemEvent.ActionTaken event, MemberWriter out) {
        out.text("kind", event.kind()).text("object", event.object()).text("action", event.action())
            .textsByName("details", event.details());
    }

    private static SystemEvent.ActionTaken taken(MemberReader in, int version) throws FormatException {
        return new SystemEvent.ActionTaken(in.text("kind"), in.text("object"), in.text("action"), in.textsByName("details"));
    }
}
