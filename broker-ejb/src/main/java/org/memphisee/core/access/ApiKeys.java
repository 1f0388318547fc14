package org.memphisee.core.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.memphisee.core.access.AccessRefusal.Reason;
import org.memphisee.core.api.Author;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.control.UserEvent;
import org.memphisee.core.control.UserEvent.ApiKeyMade;

/**
 * Keys with which programs use the management API as a user, instead of signing in (features.md F-179). The secret is random and
 * stored as its hash only; a key ends by itself, by being revoked, and with its user. Any thread.
 */
public final class ApiKeys {

    /** What the secret of every key begins with, so that it is known when it lies around. */
    public static final String PREFIX = "mak_";
    /** Keys that a user may have. */
    static final int MOST = 50;

    private static final Pattern FORM = Pattern.compile(PREFIX + "(\\d{1,18})_([A-Za-z0-9_-]{43})");
    private static final int SECRET_BYTES = 32;
    private static final int MAX_NAME = 60;
    private static final int MAX_DAYS = 3_650;
    private static final long NANOS_PER_DAY = 86_400L * 1_000_000_000L;

    private final ControlEngine engine;
    private final UserChanges changes;
    private final Map<Long, ApiKeyMade> known = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();

    ApiKeys(ControlEngine engine, UserChanges changes) {
        this.engine = engine;
        this.changes = changes;
    }

    /** Takes over what was recovered. Control loop. */
    void recover() {
        engine.definitions().apiKeys().forEach(key -> known.put(key.id(), key));
    }

    /** Follows changes. Control loop. */
    void apply(SystemEvent event) {
        if (event instanceof ApiKeyMade e) {
            known.put(e.id(), e);
        } else if (event instanceof UserEvent.ApiKeyRevoked e) {
            known.remove(e.id());
        } else if (event instanceof UserEvent.UserRemoved e) {
            known.values().removeIf(key -> key.user().equals(e.name()));
        }
    }

    /** Name of the user whose key this is; empty when it is none, or is worth nothing (any more). */
    Optional<String> user(String secret) {
        Matcher form = FORM.matcher(secret);
        if (!form.matches()) {
            return Optional.empty();
        }
        ApiKeyMade key = known.get(Long.parseLong(form.group(1)));
        return key != null && MessageDigest.isEqual(hash(form.group(2)).getBytes(StandardCharsets.US_ASCII),
            key.secretHash().getBytes(StandardCharsets.US_ASCII))
            && !view(key).expired(engine.clock().wallNanos()) ? Optional.of(key.user()) : Optional.empty();
    }

    /** Keys of a user, or all of them for root; the newest first. */
    public List<ApiKey> list(String user) {
        return known.values().stream().filter(key -> key.user().equals(user) || user.equals(Users.ROOT)).map(ApiKeys::view)
            .sorted(Comparator.comparingLong(ApiKey::id).reversed()).toList();
    }

    /**
     * Makes a key of the one who asks.
     *
     * @param name what it is for, 1 to 60 characters
     * @param days after which it ends, 1 to 3650; 0 for never
     */
    public CompletableFuture<NewApiKey> make(Author by, String name, long days) {
        if (name.isBlank() || name.length() > MAX_NAME) {
            return refused(Reason.INVALID, "A key needs a name of at most " + MAX_NAME + " characters");
        }
        if (days < 0 || days > MAX_DAYS) {
            return refused(Reason.INVALID, "A key ends after 1 to " + MAX_DAYS + " days, or never with 0");
        }
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        ApiKeyMade[] made = new ApiKeyMade[1];
        return changes.append(by, () -> {
            if (engine.definitions().user(by.user()).filter(user -> new User(user).maySignIn()).isEmpty()) {
                throw new AccessRefusal(Reason.UNKNOWN_USER, "User does not exist");
            }
            if (engine.definitions().apiKeys().stream().filter(key -> key.user().equals(by.user())).count() >= MOST) {
                throw new AccessRefusal(Reason.INVALID, "A user can have at most " + MOST + " keys, revoke one first");
            }
            long now = engine.clock().wallNanos();
            made[0] = new ApiKeyMade(engine.allocateId(), by.user(), name, hash(secret), now,
                days == 0 ? 0 : now + days * NANOS_PER_DAY);
            return made[0];
        }).thenApply(done -> new NewApiKey(view(made[0]), PREFIX + made[0].id() + "_" + secret));
    }

    /** Ends a key of the one who asks; root may end anybody's. */
    public CompletableFuture<Void> revoke(Author by, long id) {
        return changes.append(by, () -> {
            ApiKeyMade key = engine.definitions().apiKeys().stream().filter(k -> k.id() == id
                && (k.user().equals(by.user()) || by.user().equals(Users.ROOT))).findFirst()
                .orElseThrow(() -> new AccessRefusal(Reason.INVALID, "Key " + id + " does not exist"));
            return new UserEvent.ApiKeyRevoked(key.id());
        });
    }

    private static ApiKey view(ApiKeyMade key) {
        return new ApiKey(key.id(), key.user(), key.name(), key.createdNanos(), key.expiresNanos());
    }

    /** The secret is as random as the hash is long: salt and iterations would make it no harder to find. */
    private static String hash(String secret) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
                .digest(secret.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static CompletableFuture<NewApiKey> refused(Reason reason, String text) {
        return CompletableFuture.failedFuture(new AccessRefusal(reason, text));
    }
}
