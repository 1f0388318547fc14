package org.memphisee.core.routing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

import org.memphisee.core.append.Shard;
import org.memphisee.core.append.ShardCommand;
import org.memphisee.core.cluster.DefinitionsReach;
import org.memphisee.core.cluster.link.PeerLinks;
import org.memphisee.core.cluster.link.Traffic;
import org.memphisee.core.routing.frame.RouteFrame;
import org.memphisee.core.routing.frame.RouteKind;

/** Another node as this one's routes know it. The routes' thread, but for what says otherwise. */
final class Peer {

    private static final long CONGESTED_BYTES = 1 << 20;
    /** An answer to an errand up to so many bytes goes with those of clients. */
    private static final int SMALL_BYTES = 4 << 10;

    private final PeerRoutes routes;
    private final String name;
    private final boolean before;
    private final PeerOut plain;
    private final PeerOut requests;
    private final PeerOut answers;
    /** Large answers to errands, which wait for everything else. */
    private final PeerOut bulk;
    private final PeerErrands errands;
    /** What its clients listen to, by queue group and pattern. */
    private final Map<String, RemoteInterest> interests = new HashMap<>();
    private long interestBytes;
    private boolean interestRefused;
    /** How many of them, for any thread. */
    private volatile int patterns;
    /** Its clients' requests for messages here: whether somebody waits for what they bring. Read by shards. */
    private final Map<Long, Boolean> heard = new ConcurrentHashMap<>();
    /** Messages on their way to its partitions, by number. */
    private final TreeMap<Long, Forwards.Waiting> unanswered = new TreeMap<>();
    /** Partitions here of which it was told that a message is not taken: others that were on their way then are not either. */
    private final Set<Long> bounced = new HashSet<>();
    private final List<ShardCommand.Reader> paused = new ArrayList<>();
    private long unansweredBytes;
    private volatile boolean linked;
    private volatile boolean told;
    private volatile boolean congested;
    private volatile long life;
    private volatile long lost;

    Peer(PeerRoutes routes, String name, PeerLinks links) {
        this.routes = routes;
        this.name = name;
        before = name.compareTo(links.self()) < 0;
        plain = new PeerOut(links, name, Traffic.PLAIN);
        requests = new PeerOut(links, name, Traffic.REQUESTS);
        answers = new PeerOut(links, name, Traffic.ANSWERS);
        bulk = new PeerOut(links, name, Traffic.BULK);
        errands = new PeerErrands(routes.settings().errandBytes());
    }

    // ---- any thread

    String name() {
        return name;
    }

    /** Whether its name comes before that of this node. */
    boolean before() {
        return before;
    }

    Shard shard() {
        return routes.shard();
    }

    /** How far definitions are in effect at this node. */
    DefinitionsReach reach() {
        return routes.reach();
    }

    int chance(int bound) {
        return routes.router().random().nextInt(bound);
    }

    boolean linked() {
        return linked;
    }

    /** Whether it has said who listens there. */
    boolean told() {
        return told;
    }

    /** Which link it is, so that answers of an earlier one can be told. */
    long life() {
        return life;
    }

    /** Whether stored messages, which can come later, should come later. */
    boolean congested() {
        return congested;
    }

    /** Plain messages that it did not get because it was too slow. */
    long lost() {
        return lost;
    }

    /** Whether one of its clients' requests for messages is still waited for. */
    boolean hears(long pull, long ofLife) {
        return linked && life == ofLife && heard.getOrDefault(pull, Boolean.FALSE);
    }

    // ---- the routes' thread: what is sent

    private RouteFrame entry(PeerOut out, RouteKind kind) {
        routes.touched(this);
        return out.entry(kind);
    }

    /** A message for who listens there; a stored one is never lost because much waits. */
    void message(byte[] entry, boolean stored) {
        if (!linked) {
            return;
        }
        if (stored) {
            entry(answers, RouteKind.MESSAGES).raw(entry, 0, entry.length);
        } else if (plain.bytes() > routes.settings().waitingBytes()) {
            lost = lost + 1; // one writer
        } else {
            routes.tellInterest();
            entry(plain, RouteKind.MESSAGES).raw(entry, 0, entry.length);
        }
    }

    /** News of subscriptions here. */
    void interest(byte[] pattern, String queue, int weight) {
        if (linked) {
            entry(plain, RouteKind.INTEREST).u8(PeerRoutes.SET).text(queue).slice(pattern, 0, pattern.length).i32(weight);
        }
    }

    /** Where the whole of it begins and ends. */
    void interest(int operation) {
        entry(plain, RouteKind.INTEREST).u8(operation);
    }

    /** Something about deliveries, behind the interest in what answers it. */
    void traffic(byte[] entry) {
        routes.tellInterest();
        entry(plain, RouteKind.TRAFFIC).raw(entry, 0, entry.length);
    }

    /** Whether somebody still waits for what a request here brings. */
    void pull(long number, int state) {
        if (linked) {
            entry(plain, RouteKind.PULLS).i64(number).u8(state);
        }
    }

    /** A message for a partition. */
    void publish(Forwards.Waiting w, byte[] entry) {
        entry(requests, RouteKind.PUBLISHES).i64(w.number()).raw(entry, 0, entry.length);
        requests.number(w.number());
        unanswered.put(w.number(), w);
        unansweredBytes += w.bytes();
        if (unansweredBytes > routes.settings().unansweredBytes() && w.origin() instanceof ShardCommand.Reader reader) {
            reader.pauseReading();
            paused.add(reader);
        }
    }

    /** Whether it has too much on its way to take more. */
    boolean full() {
        return unansweredBytes > 2 * routes.settings().unansweredBytes();
    }

    /** A request to the API. */
    void request(byte[] entry) {
        entry(requests, RouteKind.REQUESTS).raw(entry, 0, entry.length);
    }

    /** An errand. */
    void errand(byte[] entry) {
        entry(requests, RouteKind.ERRANDS).raw(entry, 0, entry.length);
    }

    /** What became of an errand of its. */
    void errandAnswer(long number, int what, byte[] said, long ofLife) {
        if (linked && ofLife == life) {
            errands.ended(number);
            entry(said.length <= SMALL_BYTES ? answers : bulk, RouteKind.ERRAND_ANSWERS).i64(number).u8(what)
                .slice(said, 0, said.length);
        }
    }

    /** An errand of its is to be done; false when too much of its is being done already. */
    boolean errandBegins(long number, int kind, long now) {
        return errands.begins(number, kind, now, bulk.bytes() + answers.bytes());
    }

    /** What became of a message or a request. */
    void answer(RouteKind kind, byte[] entry, long ofLife) {
        if (linked && ofLife == life) {
            entry(answers, kind).raw(entry, 0, entry.length);
        }
    }

    /** The turn is over. */
    void flush() {
        plain.flush();
        requests.flush();
        answers.flush();
        bulk.flush();
        congested = answers.bytes() > CONGESTED_BYTES;
    }

    // ---- the routes' thread: what comes

    /** A message was answered; null when nobody waits for that. */
    Forwards.Waiting answered(long number) {
        Forwards.Waiting w = unanswered.remove(number);
        if (w != null) {
            unansweredBytes -= w.bytes();
            resume();
        }
        return w;
    }

    private void resume() {
        if (!paused.isEmpty() && unansweredBytes <= routes.settings().unansweredBytes() / 2) {
            paused.forEach(ShardCommand.Reader::resumeReading);
            paused.clear();
        }
    }

    /** A message for a partition was not taken. */
    void bounces(long partition) {
        bounced.add(partition);
    }

    /**
     * Whether a message may be taken: those that were sent before it knew that one is not may not, else they came out of order.
     *
     * @param first whether all before it is answered
     */
    boolean inOrder(long partition, boolean first) {
        if (first) {
            bounced.remove(partition);
        }
        return bounced.isEmpty() || !bounced.contains(partition);
    }

    void heard(long pull, boolean hears) {
        heard.put(pull, hears);
    }

    boolean knows(long pull) {
        return heard.containsKey(pull);
    }

    void over(long pull) {
        heard.remove(pull);
    }

    int pulls() {
        return heard.size();
    }

    /** Its clients listen to something, or do no more. */
    void listens(byte[] pattern, String queue, int weight) {
        String key = queue + '\n' + ClientSession.text(pattern, 0, pattern.length);
        RemoteInterest before = interests.get(key);
        if (weight > 0) {
            RemoteInterest now = new RemoteInterest(this, pattern, queue, weight);
            long bytes = interestBytes + now.bytes() - (before == null ? 0 : before.bytes());
            if (bytes > routes.settings().interestBytes()) {
                if (!interestRefused) {
                    interestRefused = true;
                    routes.report().interestRefused(name, interests.size());
                }
                return;
            }
            interestBytes = bytes;
            interests.put(key, now);
            routes.router().bind(pattern, now);
        } else if (before != null) {
            interests.remove(key);
            interestBytes -= before.bytes();
        }
        patterns = interests.size();
        if (before != null) {
            routes.router().unbind(before.pattern(), before);
        }
    }

    /** What it says from here on is the whole. */
    void forget() {
        told = false;
        interests.values().forEach(interest -> routes.router().unbind(interest.pattern(), interest));
        interests.clear();
        patterns = 0;
        interestBytes = 0;
        interestRefused = false;
    }

    void toldAll() {
        told = true;
    }

    /** How many patterns its clients listen to. Any thread. */
    int patterns() {
        return patterns;
    }

    void begin() {
        life = life + 1; // one writer
        linked = true;
    }

    /**
     * The link has ended.
     *
     * @return messages that were not answered, in the order in which they were to be sent
     */
    List<Forwards.Waiting> end() {
        linked = false;
        congested = false;
        forget();
        heard.clear();
        bounced.clear();
        errands.clear();
        List<Forwards.Waiting> left = new ArrayList<>(unanswered.values());
        unanswered.clear();
        unansweredBytes = 0;
        resume();
        return left;
    }

    /** Whether a message may have reached it. */
    boolean maySee(Forwards.Waiting w) {
        return w.number() <= requests.taken();
    }

    /** What has not left never will. */
    void drop() {
        plain.clear();
        requests.clear();
        answers.clear();
        bulk.clear();
    }
}
