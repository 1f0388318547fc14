package org.memphisee.core.control.format;

import java.util.List;

import org.memphisee.core.control.SystemEvent;

/** Events of integrations. */
final class IntegrationFormats {

    static final List<EventFormat<?>> ALL = List.of(
        new EventFormat<>("integration_saved", 1, SystemEvent.IntegrationSaved.class, IntegrationFormats::saved,
            IntegrationFormats::saved),
        new EventFormat<>("integration_removed", 1, SystemEvent.IntegrationRemoved.class, IntegrationFormats::removed,
            IntegrationFormats::removed),
        new EventFormat<>("integration_noted", 1, SystemEvent.IntegrationNoted.class, IntegrationFormats::noted,
            IntegrationFormats::noted));

    private IntegrationFormats() { }

    private static void saved(SystemEvent.IntegrationSaved event, MemberWriter out) {
        out.text("name", event.name())
            .textsByName("keys", event.keys())
            .textsByName("sealed", event.sealed())
            .texts("on", event.on());
    }

    private static SystemEvent.IntegrationSaved saved(MemberReader in, int version) throws FormatException {
        return new SystemEvent.IntegrationSaved(in.text("name"), in.textsByName("keys"), in.textsByName("sealed"),
            in.texts("on"));
    }

    private static void removed(SystemEvent.IntegrationRemoved event, MemberWriter out) {
        out.text("name", event.name());
    }

    private static SystemEvent.IntegrationRemoved removed(MemberReader in, int version) throws FormatException {
        return new SystemEvent.IntegrationRemoved(in.text("name"));
    }

    private static void noted(SystemEvent.IntegrationNoted event, MemberWriter out) {
        out.text("name", event.name()).text("text", event.text()).number("atNanos", event.atNanos());
    }

    private static SystemEvent.IntegrationNoted noted(MemberReader in, int version) throws FormatException {
        return new SystemEvent.IntegrationNoted(in.text("name"), in.text("text"), in.number("atNanos"));
    }
}
