package org.memphisee.core.cluster.link;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Whether somebody who says hello may link, and how a node says that it may not. */
final class Admission {

    private static final LinkRefusal[] REASONS = LinkRefusal.values();

    /** Why not. */
    record Refused(LinkRefusal why, String detail) { }

    /** What another node says of this one. */
    record Refusal(LinkRefusal why, String by) { }

    private Admission() { }

    /**
     * Why somebody may not link, null when it may. What is found out first is what an operator can do something about: that two
     * clusters have met is more useful than that their secrets differ.
     */
    static Refused of(PeerIdentity self, Set<String> peers, Hello.Received received, LinkKeys keys) {
        Hello hello = received.hello();
        PeerIdentity who = hello.who();
        if (hello.newest() < NodeLinks.OLDEST || hello.oldest() > NodeLinks.NEWEST) {
            return new Refused(LinkRefusal.VERSION, "links of version " + hello.oldest() + " to " + hello.newest());
        }
        if (!who.cluster().equals(self.cluster())) {
            return new Refused(LinkRefusal.CLUSTER, printable(who.cluster()));
        }
        if (who.node().equals(self.node())) {
            return new Refused(LinkRefusal.SAME_NAME, "");
        }
        if (!hello.to().equals(self.node())) {
            return new Refused(LinkRefusal.WRONG_NODE, printable(hello.to()));
        }
        if (!peers.contains(who.node())) {
            return new Refused(LinkRefusal.UNKNOWN_NODE, "");
        }
        if (!received.proven(keys)) {
            return new Refused(LinkRefusal.SECRET, "");
        }
        if (who.newestLevel() < self.oldestLevel() || who.oldestLevel() > self.newestLevel()) {
            return new Refused(LinkRefusal.VERSION, "formats of level " + who.oldestLevel() + " to " + who.newestLevel());
        }
        return fingerprints(self.fingerprints(), who.fingerprints());
    }

    private static Refused fingerprints(Map<String, String> ours, Map<String, String> theirs) {
        for (Map.Entry<String, String> fingerprint : new TreeMap<>(ours).entrySet()) {
            String other = theirs.get(fingerprint.getKey());
            if (other != null && !other.equals(fingerprint.getValue())) {
                return new Refused(LinkRefusal.FINGERPRINT, fingerprint.getKey());
            }
        }
        return null;
    }

    static byte[] encode(LinkRefusal why, String by) {
        byte[] name = by.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + name.length).put((byte) why.ordinal()).put(name).array();
    }

    /** What a body says, null when it is no refusal. */
    static Refusal decode(ByteBuffer body) {
        if (body.remaining() < 2 || body.remaining() > 1 + 4 * PeerIdentity.LONGEST_NAME || body.get(0) < 0
            || body.get(0) >= REASONS.length) {
            return null;
        }
        return new Refusal(REASONS[body.get(0)], printable(StandardCharsets.UTF_8.decode(body.slice(1, body.remaining() - 1))
            .toString()));
    }

    /** A text from somebody unknown, for a log. */
    static String printable(String text) {
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
