package org.memphisee.dashboard.api;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.fasterxml.jackson.databind.JsonNode;

import org.memphisee.core.access.NewUser;
import org.memphisee.core.access.PermissionPatterns;
import org.memphisee.core.access.User;
import org.memphisee.core.access.UserProfile;
import org.memphisee.core.access.Users;
import org.memphisee.token.TokenPair;

/** Signing in, staying in, signing out (management-api.md M-001 to M-004). */
final class SessionOperations {

    /**
     * How long a login waits until it is written that it was; a broker that cannot write lets people in all the same.
     */
    private static final long NOTED_SECONDS = 2;

    private final Guard guard;
    private final LoginLimiter limiter = new LoginLimiter(() -> System.nanoTime() / 1_000_000);

    SessionOperations(Guard guard) {
        this.guard = guard;
    }

    List<Operation> all() {
        return List.of(Operation.post("usermgmt/login", this::login).withoutToken(),
            Operation.post("usermgmt/refreshToken", this::refresh).withoutToken(),
            Operation.post("v2/session", this::resume).withoutToken(),
            Operation.post("usermgmt/addUserSignUp", this::signUp).withoutToken(),
            Operation.get("usermgmt/getSignUpFlag", call -> Texts.object()
                .put("show_signup", signUpOpen(call))).withoutToken(),
            Operation.post("usermgmt/signOut", this::signOut).withoutToken(),
            Operation.post("v2/sign-out", this::signOut).withoutToken());
    }

    private static Users users(Call call) {
        return call.engine().users();
    }

    private JsonNode login(Call call) {
        JsonBody body = call.body();
        String name = body.requiredText("username").toLowerCase(Locale.ROOT);
        String password = body.requiredText("password");
        body.check();
        // who was signed in here as this user needs no guessing; others of the same address cannot lock it out
        boolean known = guard.refreshing(call.request()).filter(user -> user.name().equals(name)).isPresent();
        long wait = known ? 0 : limiter.waitSeconds(call.address(), name);
        if (wait > 0) {
            call.response().setHeader("Retry-After", String.valueOf(wait));
            throw ApiFailure.of(ApiFailure.TOO_MANY, "Too many wrong logins, try again in " + wait + " seconds");
        }
        Optional<User> user = Waiting.await(users(call).authenticate(name, password))
            .filter(User::maySignIn);
        if (user.isEmpty()) {
            limiter.failed(call.address(), name);
            throw ApiFailure.unauthorized();
        }
        return signedIn(call, user.get());
    }

    private JsonNode refresh(Call call) {
        return session(call, guard.refreshing(call.request()).orElseThrow(ApiFailure::unauthorized));
    }

    /** As refresh; nobody being signed in is an answer here and no error, which browsers show in red. */
    private JsonNode resume(Call call) {
        return guard.refreshing(call.request()).map(user -> session(call, user)).orElseGet(Texts::object);
    }

    /** Only for who tries the broker on this machine; an operator who has set a password signs in as root. */
    private static boolean signUpOpen(Call call) {
        return users(call).wellKnownPassword() && users(call).signUpOpen();
    }

    private JsonNode signUp(Call call) {
        if (!signUpOpen(call)) {
            throw ApiFailure.unauthorized();
        }
        JsonBody body = call.body();
        String name = body.requiredText("username").toLowerCase(Locale.ROOT);
        body.requiredText("user_type");
        String password = body.text("password");
        body.check();
        UserProfile profile = new UserProfile(body.text("full_name"), body.text("team"), body.text("position"),
            body.text("description"), "", 1, false);
        Waiting.await(users(call).signUp(call.author(name), new NewUser(name, "management", password, profile, PermissionPatterns.NONE)));
        return signedIn(call, users(call).find(name).orElseThrow(ApiFailure::unauthorized));
    }

    /** With the figures of before this login: they decide whether the tour for beginners is shown. */
    private JsonNode signedIn(Call call, User user) {
        try {
            users(call).loggedIn(call.author(user.name()), user).get(NOTED_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException notNoted) {
            return session(call, user);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return session(call, user);
    }

    private JsonNode session(Call call, User user) {
        TokenPair tokens = call.engine().tokens().management().issue(user);
        cookie(call, tokens.refresh(), tokens.refreshMillis() / 1000);
        return SignedInUser.of(call, user, tokens);
    }

    private JsonNode signOut(Call call) {
        cookie(call, "", 0);
        return Texts.object();
    }

    private void cookie(Call call, String value, long seconds) {
        cookie(call, Guard.cookieName(call.engine().tokens().management()), value, seconds);
        if (guard.refreshingByCommonName(call.request())) {
            cookie(call, Guard.COOKIE, "", 0); // else it would still be good after signing out
        }
    }

    private static void cookie(Call call, String name, String value, long seconds) {
        boolean tls = call.request().isSecure()
            || "https".equalsIgnoreCase(call.request().getHeader("X-Forwarded-Proto"));
        call.response().addHeader("Set-Cookie", name + "=" + value
            + "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" + seconds + (tls ? "; Secure" : ""));
    }
}
