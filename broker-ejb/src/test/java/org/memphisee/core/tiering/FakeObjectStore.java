package org.memphisee.core.tiering;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** A bucket in memory that does what it is told to. Answers at once, or when told. */
public final class FakeObjectStore implements ObjectStore {

    /** What is in the bucket. */
    public final NavigableMap<String, byte[]> objects = new TreeMap<>();
    /** What the next puts are answered with, one each; then {@link #always}. */
    public final Deque<Answer> puts = new ArrayDeque<>();
    /** What all others are answered with. */
    public Answer always = Answer.DONE;
    /** Whether answers wait for {@link #answer}. */
    public boolean slow;
    /** Secrets that were used. */
    public final List<String> secrets = new ArrayList<>();
    private final Deque<Runnable> waiting = new ArrayDeque<>();

    @Override
    public synchronized CompletableFuture<Answer> put(Bucket bucket, String key, byte[] content) {
        secrets.add(bucket.secretKey());
        Answer answer = puts.isEmpty() ? always : puts.poll();
        if (answer.outcome() == Outcome.DONE) {
            objects.put(key, content.clone());
        }
        return told(answer);
    }

    @Override
    public synchronized CompletableFuture<Answer> delete(Bucket bucket, String key) {
        if (always.outcome() == Outcome.DONE) {
            objects.remove(key);
        }
        return told(always);
    }

    @Override
    public synchronized CompletableFuture<Content> get(Bucket bucket, String key, int limit) {
        byte[] found = objects.get(key);
        Answer answer = always != Answer.DONE || found != null ? always : new Answer(Outcome.NO_OBJECT, "status 404");
        return told(new Content(answer, found == null ? new byte[0] : Arrays.copyOf(found, found.length)));
    }

    @Override
    public synchronized CompletableFuture<Listing> list(Bucket bucket, String prefix, String after, int most) {
        return told(new Listing(always, always != Answer.DONE ? List.of()
            : objects.tailMap(after, false).keySet().stream().filter(key -> key.startsWith(prefix)).limit(most).toList()));
    }

    private <T> CompletableFuture<T> told(T answer) {
        CompletableFuture<T> future = new CompletableFuture<>();
        if (slow) {
            waiting.add(() -> future.complete(answer));
        } else {
            future.complete(answer);
        }
        return future;
    }

    /** Gives the answers that wait. */
    public void answer() {
        List<Runnable> now = List.copyOf(waiting);
        waiting.clear();
        now.forEach(Runnable::run);
    }
}
