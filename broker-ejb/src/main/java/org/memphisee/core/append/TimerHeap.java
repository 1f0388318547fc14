package org.memphisee.core.append;

import java.util.Arrays;

/** The timers of one shard, soonest first. A timer knows its place, so changing its time costs O(log n). One thread. */
final class TimerHeap {

    private ShardTimer[] heap = new ShardTimer[16];
    private int size;

    /** Sets or changes the time of a timer. */
    void set(ShardTimer timer, long at) {
        timer.at = at;
        if (timer.place < 0) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, size * 2);
            }
            place(size++, timer);
            up(timer.place);
        } else {
            up(timer.place);
            down(timer.place);
        }
    }

    /** Takes a timer out; absent ones are ignored. */
    void cancel(ShardTimer timer) {
        int i = timer.place;
        if (i < 0) {
            return;
        }
        timer.place = -1;
        ShardTimer last = heap[--size];
        heap[size] = null;
        if (last != timer) {
            place(i, last);
            up(i);
            down(last.place);
        }
    }

    /** Time of the soonest timer, {@code Long.MAX_VALUE} when there is none. */
    long next() {
        return size == 0 ? Long.MAX_VALUE : heap[0].at;
    }

    /** Takes out the soonest timer when it is due, else null. */
    ShardTimer takeDue(long now) {
        if (size == 0 || heap[0].at > now) {
            return null;
        }
        ShardTimer due = heap[0];
        cancel(due);
        return due;
    }

    private void up(int i) {
        ShardTimer t = heap[i];
        while (i > 0 && heap[(i - 1) / 2].at > t.at) {
            place(i, heap[(i - 1) / 2]);
            i = (i - 1) / 2;
        }
        place(i, t);
    }

    private void down(int i) {
        ShardTimer t = heap[i];
        while (true) {
            int child = 2 * i + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && heap[child + 1].at < heap[child].at) {
                child++;
            }
            if (heap[child].at >= t.at) {
                break;
            }
            place(i, heap[child]);
            i = child;
        }
        place(i, t);
    }

    private void place(int i, ShardTimer t) {
        heap[i] = t;
        t.place = i;
    }
}
