package org.memphisee.token;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.access.Authenticator;
import org.memphisee.core.access.CredentialFingerprint;
import org.memphisee.core.access.User;
import org.memphisee.core.access.Users;

/**
 * Tokens of the REST gateway (rest-gateway.md 2.3 and 2.4), ours and those that a reference gateway made with the same
 * secrets. Ours carry no password: they count as long as the user has the credential it had. Thread-safe; results are
 * there at once, except for the first use of a foreign token, whose password must be hashed.
 */
public final class GatewayTokens {

    /** What a request wants; tokens without a user name open only one door. */
    public enum Use {
        /** Produce messages. */
        PRODUCE,
        /** Anything else. */
        OTHER
    }

    private static final long ACCOUNT = 1;
    private static final String USERNAME = "username";
    private static final String ACCOUNT_ID = "account_id";
    private static final String FINGERPRINT = RightTokens.FINGERPRINT;
    private static final Optional<GatewayIdentity> NOBODY = Optional.empty();

    private final Signer access;
    private final Signer refresh;
    private final CredentialFingerprint fingerprint;
    private final Lifetimes lifetimes;
    private final Users users;
    private final Authenticator authenticator;
    private final boolean anonymousAllowed;

    GatewayTokens(SigningSecrets secrets, TokenOptions options, Users users, Authenticator authenticator,
                  LongSupplier seconds) {
        this.access = new Signer(secrets.gatewayAccess(), "gateway-access", seconds);
        this.refresh = new Signer(secrets.gatewayRefresh(), "gateway-refresh", seconds);
        this.fingerprint = new CredentialFingerprint(
            SigningSecrets.derived(secrets.gatewayAccess(), "credential fingerprint"), options.sharedSecret());
        this.lifetimes = options.gateway();
        this.users = users;
        this.authenticator = authenticator;
        this.anonymousAllowed = options.anonymousAllowed();
    }

    /**
     * The user that may use the gateway with these credentials, in whichever way the installation checks them.
     *
     * @param username name in any case, without account
     * @param password password, or empty
     * @param connectionToken connection token, or empty
     * @param accountId number of the account
     */
    public CompletableFuture<Optional<GatewayIdentity>> authenticate(String username, String password,
                                                                     String connectionToken, long accountId) {
        if (accountId != ACCOUNT) {
            return CompletableFuture.completedFuture(NOBODY);
        }
        return authenticator.credentials(username, password, connectionToken)
            .thenApply(user -> user.map(known -> new GatewayIdentity(known, accountId)));
    }

    /**
     * Two new tokens.
     *
     * @param accessMinutes wanted life of the access token; 0 or less for the default
     * @param refreshMinutes wanted life of the refresh token; 0 or less for the default
     */
    public TokenPair issue(GatewayIdentity identity, long accessMinutes, long refreshMinutes) {
        long accessLife = lifetimes.accessMinutes(accessMinutes);
        long refreshLife = lifetimes.refreshMinutes(refreshMinutes);
        long accessExpiry = access.expiry(accessLife);
        return new TokenPair(access.sign(claims(identity), accessExpiry), accessLife * 60_000,
            refresh.sign(claims(identity).put("token_exp", accessExpiry), refresh.expiry(refreshLife)),
            refreshLife * 60_000);
    }

    private ObjectNode claims(GatewayIdentity identity) {
        return JwtCodec.claims().put(USERNAME, identity.user().name()).put(ACCOUNT_ID, identity.accountId())
            .put(FINGERPRINT, fingerprint.of(identity.user()));
    }

    /** Who sent an access token; empty when it is worth nothing (any more). */
    public CompletableFuture<Optional<GatewayIdentity>> access(String token, Use use) {
        return identity(access, token, use == Use.PRODUCE);
    }

    /** Whether it is an access token of ours that was in force once. */
    public boolean expired(String token) {
        return access.expired(token);
    }

    /** Whom a refresh token belongs to; empty when it is worth nothing (any more). */
    public CompletableFuture<Optional<GatewayIdentity>> refresh(String token) {
        return identity(refresh, token, true);
    }

    private CompletableFuture<Optional<GatewayIdentity>> identity(Signer signer, String token, boolean anonymousHere) {
        Optional<RightTokens.Right> own = signer.open(token);
        if (own.isPresent()) {
            return CompletableFuture.completedFuture(own.flatMap(this::ours));
        }
        return signer.openForeign(token).map(right -> foreign(right.claims(), anonymousHere))
            .orElseGet(() -> CompletableFuture.completedFuture(NOBODY));
    }

    private Optional<GatewayIdentity> ours(RightTokens.Right token) {
        return users.find(token.claims().path(USERNAME).asText(""))
            .filter(user -> user.mayConnect() && token.claims().path(ACCOUNT_ID).asLong() == ACCOUNT
                && token.fits(user, fingerprint::of))
            .map(user -> new GatewayIdentity(user, ACCOUNT));
    }

    /** A token of the reference: with the credentials in it, or of a time when it had none at all. */
    private CompletableFuture<Optional<GatewayIdentity>> foreign(JsonNode claims, boolean anonymousHere) {
        if (!claims.has(USERNAME)) {
            Optional<User> root = anonymousAllowed && anonymousHere ? users.find(Users.ROOT)
                : Optional.empty();
            return CompletableFuture.completedFuture(root.map(user -> new GatewayIdentity(user, ACCOUNT)));
        }
        return authenticate(claims.path(USERNAME).asText(""), claims.path("password").asText(""),
            claims.path("connection_token").asText(""), claims.path(ACCOUNT_ID).asLong(ACCOUNT));
    }
}
