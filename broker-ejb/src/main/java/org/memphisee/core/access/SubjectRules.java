package org.memphisee.core.access;

import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;

import org.memphisee.core.control.StationLayout;

/**
 * Which subjects a user with limited permissions may publish and subscribe to (wire-protocol.md 2.6). What is not named
 * here is forbidden. Two rules are stricter than the reference: subscriptions name their station and the owner of their
 * inbox without wildcard, else {@code _INBOX.>} would show everybody's messages. Pure functions; any thread.
 */
public final class SubjectRules {

    private static final String INBOX = "_INBOX.";
    private static final String API = "$JS.API.";
    /** Chunks of a stream that is saved or restored; the stream's name follows. */
    private static final String SNAPSHOT_ACK = "$JS.SNAPSHOT.ACK.";
    private static final String RESTORE = "$JS.SNAPSHOT.RESTORE.";
    /** Says nothing of others. */
    private static final String WHO_AM_I = "$SYS.REQ.USER.INFO";

    /** Open to everybody, to publish and to subscribe. */
    private static final Set<String> ALWAYS = Set.of("$memphis_station_creations", "$memphis_station_destructions",
        "$memphis_producer_creations", "$memphis_producer_destructions", "$memphis_consumer_creations",
        "$memphis_consumer_destructions", "$memphis_schema_creations", "$memphis_schema_attachments",
        "$memphis_schema_detachments", "$memphis_nacked_dls", "$memphis_schemaverse_dls", "$memphis_pm_acks",
        "$memphis_notifications", "$memphis_sdk_clients_updates", "$JS.API.STREAM.NAMES", "$JS.API.INFO");

    /** Open to who may do anything with the station named behind the prefix. */
    private static final List<String> PER_STATION = List.of("$memphis_functions_updates_",
        "$memphis_configurations_updates.init.", "$memphis_schema_updates_", "$memphis_dls_");

    private static final BiPredicate<Permissions, String> READ = Permissions::mayRead;
    private static final BiPredicate<Permissions, String> WRITE = Permissions::mayWrite;
    private static final BiPredicate<Permissions, String> USE = Permissions::mayUse;

    /** Requests about a stream, which is named by the token behind the prefix; what follows it does not matter. */
    private record Request(String prefix, BiPredicate<Permissions, String> needed) { }

    private static final List<Request> REQUESTS = List.of(
        new Request("CONSUMER.MSG.NEXT.", READ), new Request("CONSUMER.INFO.", READ),
        new Request("CONSUMER.CREATE.", READ), new Request("CONSUMER.DURABLE.CREATE.", READ),
        new Request("CONSUMER.DELETE.", READ), new Request("CONSUMER.LIST.", READ),
        new Request("CONSUMER.NAMES.", READ), new Request("STREAM.MSG.GET.", READ), new Request("DIRECT.GET.", READ),
        new Request("STREAM.SNAPSHOT.", READ), new Request("STREAM.INFO.", USE), new Request("STREAM.CREATE.", WRITE),
        new Request("STREAM.UPDATE.", WRITE), new Request("STREAM.DELETE.", WRITE),
        new Request("STREAM.PURGE.", WRITE), new Request("STREAM.MSG.DELETE.", WRITE),
        new Request("STREAM.RESTORE.", WRITE));

    private SubjectRules() { }

    /** Whether messages with this subject may be sent, also as answers: as reply subject of a request. */
    public static boolean mayPublish(Permissions permissions, String subject) {
        if (subject.startsWith(INBOX) || ALWAYS.contains(subject) || subject.equals(WHO_AM_I)) {
            return true;
        }
        if (subject.startsWith(API)) {
            return mayRequest(permissions, subject.substring(API.length()));
        }
        if (subject.startsWith(SNAPSHOT_ACK)) {
            return mayAcknowledge(permissions, token(subject, SNAPSHOT_ACK.length()));
        }
        if (subject.startsWith(RESTORE)) {
            return permissions.mayWrite(StationLayout.stationPart(token(subject, RESTORE.length())));
        }
        return aboutStation(permissions, subject) || inPartition(subject, permissions::mayWrite);
    }

    /** Whether a subject or pattern may be subscribed to. */
    public static boolean maySubscribe(Permissions permissions, String pattern) {
        if (pattern.startsWith(INBOX)) {
            return literal(token(pattern, INBOX.length()));
        }
        return ALWAYS.contains(pattern) || aboutStation(permissions, pattern)
            || inPartition(pattern, permissions::mayRead);
    }

    /** Whether {@link LiveViewer} may publish with this subject: requests, and their reply subjects. */
    public static boolean mayAskForTopic(String subject) {
        return subject.startsWith("$memphis_ws_subs.") || subject.startsWith(INBOX);
    }

    /** Whether {@link LiveViewer} may subscribe to this: what is said about topics, and replies to itself. */
    public static boolean mayFollowTopic(String pattern) {
        return pattern.startsWith("$memphis_ws_pubs.")
            || pattern.startsWith(INBOX) && literal(token(pattern, INBOX.length()));
    }

    /** Whether a stream of the user's may store the subject or pattern. */
    public static boolean mayStore(Permissions permissions, String pattern) {
        return inPartition(pattern, permissions::mayWrite);
    }

    /** Whether acknowledgements and flow control of the stream may be sent. */
    public static boolean mayAcknowledge(Permissions permissions, String stream) {
        return permissions.mayRead(StationLayout.stationPart(stream));
    }

    private static boolean mayRequest(Permissions permissions, String request) {
        for (Request known : REQUESTS) {
            if (request.startsWith(known.prefix())) {
                String stream = token(request, known.prefix().length());
                return !stream.isEmpty() && known.needed().test(permissions, StationLayout.stationPart(stream));
            }
        }
        return false;
    }

    private static boolean aboutStation(Permissions permissions, String subject) {
        for (String prefix : PER_STATION) {
            if (subject.startsWith(prefix)) {
                String station = token(subject, prefix.length());
                return literal(station) && permissions.mayUse(station);
            }
        }
        return false;
    }

    private interface Check {
        boolean allows(String station);
    }

    /** Whether the first token names a station's partition that passes the check. */
    private static boolean inPartition(String subject, Check check) {
        String stream = token(subject, 0);
        String station = StationLayout.stationPart(stream);
        return !station.equals(stream) && literal(station) && check.allows(station);
    }

    private static String token(String subject, int from) {
        int dot = subject.indexOf('.', from);
        return subject.substring(from, dot < 0 ? subject.length() : dot);
    }

    /** Whether a token is there and no wildcard. */
    private static boolean literal(String token) {
        return !token.isEmpty() && !token.equals("*") && !token.equals(">");
    }
}
