package org.memphisee.core.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.control.ControlSettings;
import org.memphisee.port.ConnectOptions;
import org.memphisee.port.SessionInfo.Transport;

/**
 * Decides on CONNECT (wire-protocol.md 2.3). Unlike the reference it believes no user name that was not proven: the one
 * in an SDK's connection name must be the authenticated one. Called on I/O threads.
 */
public final class Authenticator {

    private static final AuthResult REFUSED = new AuthResult.Refused("Authorization Violation");
    /** Unlike a wrong password something after which clients try again. */
    private static final AuthResult BUSY = new AuthResult.Refused("Authentication Timeout");
    private static final String SEPARATOR = "::";
    /** The only account there is. */
    private static final String ACCOUNT_SUFFIX = "$1";
    /** Tools whose connection name is no identity; the users they log in with are checked like any other. */
    private static final List<String> TOOLS = List.of("NATS CLI", "MEMPHIS HTTP LOGGER",
        "MEMPHIS CLOUD FUNCTIONS ADMINISTRATION", "MEMPHIS CLOUD FUNCTIONS ENGINE", "MEMPHIS CLOUD CONNECTORS ENGINE");

    private final ControlSettings settings;
    private final Users users;
    private volatile String viewerPassword = "";

    public Authenticator(ControlSettings settings, Users users) {
        this.settings = settings;
        this.users = users;
    }

    /** What {@link LiveViewer} connects with; while it is empty it does not. */
    public void viewerPassword(String password) {
        viewerPassword = password;
    }

    /** The same, for who is signed in to the management API. */
    public String viewerPassword() {
        return viewerPassword;
    }

    /**
     * Decides.
     *
     * @param whenDone called exactly once: at once, or later on the hashing thread
     */
    public void authenticate(ConnectOptions options, Transport transport, Consumer<AuthResult> whenDone) {
        if (options.accountRequested()) {
            whenDone.accept(REFUSED);
        } else if (settings.authMode() == ControlSettings.AuthMode.TOKEN) {
            whenDone.accept(byToken(options, transport));
        } else {
            byPassword(options, transport, whenDone);
        }
    }

    private void byPassword(ConnectOptions options, Transport transport, Consumer<AuthResult> whenDone) {
        if (transport == Transport.WEBSOCKET && withoutAccount(options.user()).equals(LiveViewer.NAME)) {
            whenDone.accept(!viewerPassword.isEmpty() && same(options.password(), viewerPassword) ? viewer(options) : REFUSED);
            return;
        }
        Optional<User> user = users.find(withoutAccount(options.user())).filter(User::mayConnect);
        Optional<ClientIdentity> identity = user.flatMap(u -> identity(options, transport, u.name()));
        if (identity.isEmpty()) {
            whenDone.accept(REFUSED);
            return;
        }
        users.verify(user.get(), options.password(), outcome -> whenDone.accept(switch (outcome) {
            case RIGHT -> new AuthResult.Accepted(identity.get(), user.get());
            case WRONG -> REFUSED;
            case BUSY -> BUSY;
        }));
    }

    private AuthResult byToken(ConnectOptions options, Transport transport) {
        boolean sdk = sdkNamed(options, transport);
        String[] parts = sdk ? options.name().split(SEPARATOR, -1) : options.authToken().split(SEPARATOR, -1);
        if (parts.length != 2) {
            return REFUSED;
        }
        String user = sdk ? parts[1].toLowerCase(Locale.ROOT) : withoutAccount(parts[0]);
        String token = sdk ? options.authToken() : parts[1];
        if (!rightToken(token)) {
            return REFUSED;
        }
        if (transport == Transport.WEBSOCKET && user.isEmpty()) {
            return viewer(options);
        }
        return users.find(user).filter(User::mayConnect).<AuthResult>map(known -> new AuthResult.Accepted(
            new ClientIdentity(user, sdk ? parts[0] : "", options.lang(), settings.tenant()), known)).orElse(REFUSED);
    }

    private AuthResult viewer(ConnectOptions options) {
        return new AuthResult.Viewer(new ClientIdentity(LiveViewer.NAME, "", options.lang(), settings.tenant()));
    }

    /** Who a proven user is on this connection; empty when the connection's name says somebody else. */
    private Optional<ClientIdentity> identity(ConnectOptions options, Transport transport, String user) {
        if (!sdkNamed(options, transport)) {
            return Optional.of(new ClientIdentity(user, "", options.lang(), settings.tenant()));
        }
        String[] parts = options.name().split(SEPARATOR, -1);
        return parts.length == 2 && parts[1].toLowerCase(Locale.ROOT).equals(user)
            ? Optional.of(new ClientIdentity(user, parts[0], options.lang(), settings.tenant())) : Optional.empty();
    }

    private static boolean sdkNamed(ConnectOptions options, Transport transport) {
        return transport != Transport.WEBSOCKET && options.name().contains(SEPARATOR)
            && TOOLS.stream().noneMatch(options.name()::contains);
    }

    /**
     * The user that may be a client with these credentials, for doors without CONNECT. Completes at once, or later on
     * the hashing thread.
     *
     * @param user name in any case
     * @param password password, or empty
     * @param connectionToken the shared token, or empty
     */
    public CompletableFuture<Optional<User>> credentials(String user, String password, String connectionToken) {
        String name = withoutAccount(user.toLowerCase(Locale.ROOT));
        if (settings.authMode() == ControlSettings.AuthMode.TOKEN) {
            return CompletableFuture.completedFuture(users.find(name)
                .filter(known -> known.mayConnect() && rightToken(connectionToken)));
        }
        return users.authenticate(name, password).thenApply(found -> found.filter(User::mayConnect));
    }

    private boolean rightToken(String token) {
        return same(token, settings.connectionToken());
    }

    private static boolean same(String given, String wanted) {
        return MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), wanted.getBytes(StandardCharsets.UTF_8));
    }

    /** Another account than the only one stays in the name and thus finds nobody. */
    private static String withoutAccount(String user) {
        return user.endsWith(ACCOUNT_SUFFIX) ? user.substring(0, user.length() - ACCOUNT_SUFFIX.length()) : user;
    }
}
