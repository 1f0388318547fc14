package org.memphisee.token;

import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.LongSupplier;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.access.CredentialFingerprint;
import org.memphisee.core.access.User;
import org.memphisee.core.access.Users;

/**
 * Tokens of the management API (management-api.md 1.3). They count as long as the user exists, may use that API, and
 * has the password it had. Thread-safe.
 */
public final class ManagementTokens {

    private static final String USERNAME = "username";
    private static final String FINGERPRINT = RightTokens.FINGERPRINT;
    /** Enough to keep the brokers of one host apart. */
    private static final int SESSION_BYTES = 4;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Signer access;
    private final Signer refresh;
    private final CredentialFingerprint fingerprint;
    private final Lifetimes lifetimes;
    private final Users users;
    private final String tenant;
    private final String session;

    ManagementTokens(SigningSecrets secrets, TokenOptions options, Users users, String tenant, LongSupplier seconds) {
        this.access = new Signer(secrets.managementAccess(), "management-access", seconds);
        this.refresh = new Signer(secrets.managementRefresh(), "management-refresh", seconds);
        this.fingerprint = new CredentialFingerprint(
            SigningSecrets.derived(secrets.managementAccess(), "credential fingerprint"), "");
        this.lifetimes = options.management();
        this.users = users;
        this.tenant = tenant;
        this.session = HexFormat.of().formatHex(
            SigningSecrets.derived(secrets.managementRefresh(), "name of the session"), 0, SESSION_BYTES);
    }

    /**
     * A name that brokers share if they take each other's refresh tokens, and only then. Tells nothing of the secret, and
     * stays as long as that does.
     */
    public String session() {
        return session;
    }

    /** Two new tokens. */
    public TokenPair issue(User user) {
        long accessLife = lifetimes.accessMinutes(0);
        long refreshLife = lifetimes.refreshMinutes(0);
        return new TokenPair(access.sign(claims(user), access.expiry(accessLife)), accessLife * 60_000,
            refresh.sign(claims(user), refresh.expiry(refreshLife)), refreshLife * 60_000);
    }

    private ObjectNode claims(User user) {
        return JwtCodec.claims().put("user_id", user.id()).put(USERNAME, user.name())
            .put("user_type", user.type())
            .put("creation_date", Instant.ofEpochSecond(user.createdNanos() / NANOS_PER_SECOND,
                user.createdNanos() % NANOS_PER_SECOND).toString())
            .put("already_logged_in", user.lastLoginNanos() > 0).put("avatar_id", user.profile().avatarId())
            .put("tenant_name", tenant).put(FINGERPRINT, fingerprint.of(user));
    }

    /** Who sent an access token, as the user is now; empty when it is worth nothing (any more). */
    public Optional<User> access(String token) {
        return access.open(token).flatMap(this::user);
    }

    /** Whom a refresh token belongs to, as the user is now; empty when it is worth nothing (any more). */
    public Optional<User> refresh(String token) {
        return refresh.open(token).flatMap(this::user);
    }

    private Optional<User> user(RightTokens.Right token) {
        return users.find(token.claims().path(USERNAME).asText(""))
            .filter(user -> user.maySignIn() && token.fits(user, fingerprint::of));
    }
}
