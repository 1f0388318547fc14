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

    /**
     * Memory of decisions: two places for each subject, the later one first, and more of them while subjects keep displacing each
     * other. What is not remembered is decided anew, so there never is a wrong answer: inboxes, which come once and would
     * displace all others; and everything, once it is more than its bytes.
     */
    static final class Decisions {
        private static final int FIRST_SLOTS = 64;
        private static final int MOST_SLOTS = 1_024;
        private static final int MAX_SUBJECT = 256;
        private static final int MAX_BYTES = 16 << 10;

        private final Predicate<String> rule;
        private byte[][] subjects = new byte[FIRST_SLOTS][];
        private boolean[] answers = new boolean[FIRST_SLOTS];
        private int bytes;
        private int displaced;

        Decisions(Predicate<String> rule) {
            this.rule = rule;
        }

        boolean get(byte[] b, int offset, int length) {
            int slot = slot(b, offset, length);
            if (is(subjects[slot], b, offset, length)) {
                return answers[slot];
            }
            if (is(subjects[slot ^ 1], b, offset, length)) {
                return answers[slot ^ 1];
            }
            boolean answer = rule.test(new String(b, offset, length, StandardCharsets.UTF_8));
            if (length <= MAX_SUBJECT && !Router.startsWith(b, offset, length, INBOX)) {
                if (displaced > subjects.length / 2 && subjects.length < MOST_SLOTS) {
                    grow();
                    slot = slot(b, offset, length);
                }
                put(slot, Arrays.copyOfRange(b, offset, offset + length), answer);
            }
            return answer;
        }

        private static boolean is(byte[] known, byte[] b, int offset, int length) {
            return known != null && Arrays.equals(known, 0, known.length, b, offset, offset + length);
        }

        private void put(int slot, byte[] subject, boolean answer) {
            byte[] gone = subjects[slot ^ 1];
            bytes += subject.length - (gone == null ? 0 : gone.length);
            displaced += gone == null ? 0 : 1;
            if (bytes > MAX_BYTES) {
                Arrays.fill(subjects, null);
                bytes = subject.length;
            }
            subjects[slot ^ 1] = subjects[slot];
            answers[slot ^ 1] = answers[slot];
            subjects[slot] = subject;
            answers[slot] = answer;
        }

        private void grow() {
            byte[][] before = subjects;
            boolean[] said = answers;
            subjects = new byte[before.length * 2][];
            answers = new boolean[before.length * 2];
            bytes = 0;
            displaced = 0;
            for (int i = 0; i < before.length; i++) {
                if (before[i] != null) {
                    put(slot(before[i], 0, before[i].length), before[i], said[i]);
                }
            }
        }

        private int slot(byte[] b, int offset, int length) {
            int h = length;
            for (int i = offset; i < offset + length; i++) {
                h = 31 * h + b[i];
            }
            return h * 0x9E3779B9 >>> Integer.numberOfLeadingZeros(subjects.length) + 1; // the upper bits: names differ in a digit
        }
    }
}
