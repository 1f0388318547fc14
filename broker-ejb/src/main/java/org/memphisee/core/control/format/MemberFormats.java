package org.memphisee.core.control.format;

import java.util.List;

import org.memphisee.core.control.SystemEvent;

/** Events of registered producers and consumers. */
final class MemberFormats {

    static final List<EventFormat<?>> ALL = List.of(
        new EventFormat<>("member_registered", 1, SystemEvent.MemberRegistered.class, MemberFormats::registered,
            MemberFormats::registered),
        new EventFormat<>("members_removed", 1, SystemEvent.MembersRemoved.class, MemberFormats::removed,
            MemberFormats::removed));

    private MemberFormats() { }

    private static void registered(SystemEvent.MemberRegistered event, MemberWriter out) {
        out.number("id", event.id())
            .flag("producer", event.producer())
            .text("name", event.name())
            .number("stationId", event.stationId())
            .text("group", event.group())
            .text("connectionId", event.connectionId())
            .text("type", event.type())
            .text("user", event.user())
            .text("appId", event.appId())
            .text("sdk", event.sdk())
            .number("requestVersion", event.requestVersion())
            .number("createdNanos", event.createdNanos());
    }

    private static SystemEvent.MemberRegistered registered(MemberReader in, int version) throws FormatException {
        return new SystemEvent.MemberRegistered(
            in.number("id"),
            in.flag("producer"),
            in.text("name"),
            in.number("stationId"),
            in.text("group"),
            in.text("connectionId"),
            in.text("type"),
            in.text("user"),
            in.text("appId"),
            in.text("sdk"),
            in.smallNumber("requestVersion"),
            in.number("createdNanos"));
    }

    private static void removed(SystemEvent.MembersRemoved event, MemberWriter out) {
        out.numbers("ids", event.ids());
    }

    private static SystemEvent.MembersRemoved removed(MemberReader in, int version) throws FormatException {
        return new SystemEvent.MembersRemoved(in.numbers("ids"));
    }
}
