package org.memphisee.core.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.memphisee.core.time.World;

/**
 * Verifies passwords so that only the first time costs CPU: what was found right is remembered as an HMAC under a random
 * key of this process and compared in constant time from then on, and a wrong password for a remembered user is known as
 * wrong at once. First verifications run on one background thread behind a bounded queue; equal ones wait for the same
 * result, and no user can fill the queue alone (P8). Thread-safe.
 */
final class PasswordCheck implements AutoCloseable {

    /** Distinct first verifications that may wait, of all users and of one. */
    private static final int QUEUE = 256;
    private static final int QUEUE_PER_USER = 8;

    /** What a check found. */
    enum Outcome {
        RIGHT,
        WRONG,
        /** Nothing: too many others wait. Trying again later helps. */
        BUSY;

        private static Outcome of(boolean right) {
            return right ? RIGHT : WRONG;
        }
    }

    private record Remembered(String credential, byte[] mac) { }

    private record Pending(String user, String hash, String mac) { }

    private final byte[] processKey = new byte[32];
    private final Map<String, Remembered> remembered = new ConcurrentHashMap<>();
    private final Map<Pending, List<Consumer<Outcome>>> pending = new HashMap<>();
    private final ExecutorService hashing;
    private final FirstTime firstTime;

    /** Told of a password that was found right for the first time, after who waited for it, on the hashing thread. */
    interface FirstTime {
        void right(String user, String password, String hash);
    }

    PasswordCheck(World world, FirstTime firstTime) {
        this.firstTime = firstTime;
        new SecureRandom().nextBytes(processKey);
        hashing = world.worker("", QUEUE);
    }

    /** Tells whether the password belongs to the hash; on the calling thread when that is known already, or not looked at. */
    void verify(String user, String password, String hash, Consumer<Outcome> result) {
        byte[] mac = mac(user, password);
        Remembered known = remembered(user, hash);
        if (known != null) {
            result.accept(Outcome.of(MessageDigest.isEqual(known.mac(), mac)));
            return;
        }
        Pending key = new Pending(user, hash, new String(mac, StandardCharsets.ISO_8859_1));
        if (!enqueue(key, password, mac, result)) {
            result.accept(Outcome.BUSY);
        }
    }

    private Remembered remembered(String user, String hash) {
        Remembered known = remembered.get(user);
        return known != null && known.credential().equals(PasswordHash.credential(hash)) ? known : null;
    }

    private boolean enqueue(Pending key, String password, byte[] mac, Consumer<Outcome> result) {
        synchronized (pending) {
            List<Consumer<Outcome>> waiting = pending.get(key);
            if (waiting != null) {
                waiting.add(result);
                return true;
            }
            if (pending.keySet().stream().filter(p -> p.user().equals(key.user())).count() >= QUEUE_PER_USER) {
                return false;
            }
            try {
                hashing.execute(() -> hash(key, password, mac));
            } catch (RejectedExecutionException e) {
                return false;
            }
            pending.put(key, new ArrayList<>(List.of(result)));
            return true;
        }
    }

    private void hash(Pending key, String password, byte[] mac) {
        boolean right = false;
        boolean first = false;
        try {
            Remembered known = remembered(key.user(), key.hash());
            right = known != null ? MessageDigest.isEqual(known.mac(), mac) : PasswordHash.matches(password, key.hash());
            first = right && known == null;
            if (first) {
                remembered.put(key.user(), new Remembered(PasswordHash.credential(key.hash()), mac));
            }
        } finally {
            List<Consumer<Outcome>> waiting;
            synchronized (pending) {
                waiting = pending.remove(key);
            }
            Outcome answer = Outcome.of(right);
            waiting.forEach(result -> result.accept(answer));
        }
        if (first) {
            firstTime.right(key.user(), password, key.hash());
        }
    }

    /** Runs other work that hashes; false when too much waits. */
    boolean execute(Runnable work) {
        try {
            hashing.execute(work);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Forgets a user whose password changed or who went. */
    void forget(String user) {
        remembered.remove(user);
    }

    private byte[] mac(String user, String password) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(processKey, "HmacSHA256"));
            mac.update(user.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return mac.doFinal(password.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    @Override
    public void close() {
        hashing.shutdownNow();
    }
}
