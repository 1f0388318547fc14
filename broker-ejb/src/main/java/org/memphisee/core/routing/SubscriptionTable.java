package org.memphisee.core.routing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import org.memphisee.core.api.PeerSubscriptions;
import org.memphisee.core.api.SubscriptionFigures;
import org.memphisee.core.api.TableFigures;
import org.memphisee.core.subject.SubjectTree;

/** What is shown of the router's tree: who is subscribed to what, and how much work it had. Any thread. */
public final class SubscriptionTable {

    private final SubjectTree<Interest> tree;
    private final LongAdder inserts = new LongAdder();
    private final LongAdder removes = new LongAdder();
    private final LongAdder walks = new LongAdder();

    SubscriptionTable(SubjectTree<Interest> tree) {
        this.tree = tree;
    }

    void inserted() {
        inserts.increment();
    }

    void removed() {
        removes.increment();
    }

    void walked() {
        walks.increment();
    }

    /** Work so far. */
    public TableFigures work() {
        return new TableFigures(inserts.sum(), removes.sum(), walks.sum());
    }

    /** All subscriptions of clients, in no particular order. */
    public List<SubscriptionFigures> subscriptions() {
        List<SubscriptionFigures> found = new ArrayList<>();
        tree.forEach(i -> collect(i, found));
        return found;
    }

    /** Subscriptions of clients that a literal subject reaches. */
    public List<SubscriptionFigures> subscriptions(String subject) {
        byte[] bytes = subject.getBytes(StandardCharsets.UTF_8);
        List<SubscriptionFigures> found = new ArrayList<>();
        tree.match(bytes, 0, bytes.length, i -> collect(i, found));
        return found;
    }

    private static void collect(Interest interest, List<SubscriptionFigures> found) {
        if (interest instanceof ClientSubscription s) {
            found.add(s.figures());
        }
    }

    /** What clients of other nodes listen to, by the name of the node. */
    Map<String, List<PeerSubscriptions.Pattern>> remotePatterns() {
        Map<String, List<PeerSubscriptions.Pattern>> found = new HashMap<>();
        tree.forEach(i -> {
            if (i instanceof RemoteInterest r) {
                found.computeIfAbsent(r.peer().name(), name -> new ArrayList<>()).add(new PeerSubscriptions.Pattern(
                    new String(r.pattern(), StandardCharsets.UTF_8), r.queue(), r.weight()));
            }
        });
        found.values().forEach(all -> all.sort(Comparator.comparing(PeerSubscriptions.Pattern::subject)
            .thenComparing(PeerSubscriptions.Pattern::queue)));
        return found;
    }
}
