package org.memphisee.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/**
 * A network that does what networks do: messages are late, overtake each other, come twice, get lost, and ways are cut in one
 * direction or both. One thread.
 *
 * @param <M> what is sent
 */
public final class SimLinks<M> {

    private final Random chance;
    private final PriorityQueue<Flight<M>> flights = new PriorityQueue<>();
    private final Set<String> cuts = new HashSet<>();
    private long sent;
    private long delayNanos = 1_000_000;
    private int lost;
    private int twice;

    /** A network that draws from a seed. */
    public SimLinks(long seed) {
        chance = new Random(seed);
    }

    /**
     * A message on its way.
     *
     * @param at when it arrives
     * @param number of it
     */
    public record Flight<M>(long at, long number, String from, String to, M message) implements Comparable<Flight<M>> {
        @Override
        public int compareTo(Flight<M> other) {
            return at == other.at ? Long.compare(number, other.number) : Long.compare(at, other.at);
        }
    }

    /**
     * How bad it is from now on.
     *
     * @param longest delay of a message
     * @param lostPercent so many get lost
     * @param twicePercent so many come twice
     */
    public void weather(long longest, int lostPercent, int twicePercent) {
        delayNanos = longest;
        lost = lostPercent;
        twice = twicePercent;
    }

    /** Nothing sent from here arrives there from now on. */
    public void cut(String from, String to) {
        cuts.add(from + ">" + to);
    }

    /** All ways are open. */
    public void heal() {
        cuts.clear();
    }

    /** Sends. */
    public void send(String from, String to, M message, long now) {
        int copies = chance.nextInt(100) < lost ? 0 : chance.nextInt(100) < twice ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            flights.add(new Flight<>(now + 1 + (long) (chance.nextDouble() * delayNanos), sent++, from, to, message));
        }
    }

    /** What arrives up to now, in order. */
    public List<Flight<M>> arrived(long now) {
        List<Flight<M>> here = new ArrayList<>();
        while (!flights.isEmpty() && flights.peek().at() <= now) {
            Flight<M> flight = flights.poll();
            if (!cuts.contains(flight.from() + ">" + flight.to())) {
                here.add(flight);
            }
        }
        return here;
    }
}
