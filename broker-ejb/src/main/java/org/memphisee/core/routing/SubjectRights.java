package org.memphisee.core.routing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Predicate;

import org.memphisee.core.access.Permissions;
import org.memphisee.core.access.SubjectRules;
import org.memphisee.core.wire.AckSubject;

/**
 * What one client with limited permissions may publish and subscribe to. Decisions are remembered, because the same few
 * subjects come again and again; acknowledgements, which never do, are decided by their stream. Confined to the
 * client's I/O thread.
 */
final class SubjectRights {

    private static final byte[] INBOX = "_INBOX.".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ACK = "$JS.ACK.".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FLOW = "$JS.FC.".getBytes(StandardCharsets.US_ASCII);

    private final AckSubject ackSubject = new AckSubject();
    private final Decisions publish;
    private final Decisions acknowledge;
    private final Predicate<String> subscribe;

    /** Those of a user with limits. */
    SubjectRights(Permissions permissions) {
        subscribe = pattern -> SubjectRules.maySubscribe(permissions, pattern);
        publish = new Decisions(subject -> SubjectRules.mayPublish(permissions, subject));
        acknowledge = new Decisions(stream -> SubjectRules.mayAcknowledge(permissions, stream));
    }

    private SubjectRights(Predicate<String> publish, Predicate<String> subscribe) {
        this.subscribe = subscribe;
        this.publish = new Decisions(publish);
        acknowledge = new Decisions(stream -> false);
    }

    /** Those of who follows live topics and does nothing else. */
    static SubjectRights ofLiveViewer() {
        return new SubjectRights(SubjectRules::mayAskForTopic, SubjectRules::mayFollowTopic);
    }

    boolean mayPublish(byte[] b, int offset, int length) {
        if (Router.startsWith(b, offset, length, INBOX)) {
            return true;
        }
        if (Router.startsWith(b, offset, length, ACK)) {
            return ackSubject.parse(b, offset, length)
                && acknowledge.get(b, ackSubject.streamOffset, ackSubject.streamLength);
        }
        if (Router.startsWith(b, offset, length, FLOW)) {
            int stream = offset + FLOW.length;
            int end = stream;
            while (end < offset + length && b[end] != '.') {
                end++;
            }
            return acknowledge.get(b, stream, end - stream);
        }
        return publish.get(b, offset, length);
    }

    boolean maySubscribe(byte[] pattern) {
        return subscribe.test(new String(pattern, StandardCharsets.UTF_8));
    }

    /** Direct-mapped memory of decisions: a collision costs deciding anew, never a wrong answer. */
    private static final class Decisions {
        private static final int SLOTS = 64;
        private static final int MAX_SUBJECT = 256;

        private final Predicate<String> rule;
        private final byte[][] subjects = new byte[SLOTS][];
        private final boolean[] answers = new boolean[SLOTS];

        private Decisions(Predicate<String> rule) {
            this.rule = rule;
        }

        boolean get(byte[] b, int offset, int length) {
            int slot = slot(b, offset, length);
            byte[] known = subjects[slot];
            if (known != null && Arrays.equals(known, 0, known.length, b, offset, offset + length)) {
                return answers[slot];
            }
            boolean answer = rule.test(new String(b, offset, length, StandardCharsets.UTF_8));
            if (length <= MAX_SUBJECT) {
                subjects[slot] = Arrays.copyOfRange(b, offset, offset + length);
                answers[slot] = answer;
            }
            return answer;
        }

        private static int slot(byte[] b, int offset, int length) {
            int h = length;
            for (int i = offset; i < offset + length; i++) {
                h = 31 * h + b[i];
            }
            return (h ^ h >>> 16) & SLOTS - 1;
        }
    }
}
