package org.memphisee.gateway.rest;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import org.memphisee.token.GatewayIdentity;
import org.memphisee.token.GatewayTokens;
import org.memphisee.token.TokenPair;

/** Tokens for credentials and for older tokens. Thread-safe. */
final class AuthOperations {

    private static final int MAX_BODY = 64 << 10;
    private static final long DEFAULT_ACCOUNT = 1;

    private final GatewayTokens tokens;
    private final RequestBody bodies;

    AuthOperations(GatewayTokens tokens, RequestBody bodies) {
        this.tokens = tokens;
        this.bodies = bodies;
    }

    private interface Request {
        CompletableFuture<Optional<GatewayIdentity>> identity(BodyFields fields) throws BodyFields.Malformed;
    }

    void authenticate(RestExchange exchange) {
        handle(exchange, fields -> {
            String user = fields.text("username");
            String password = fields.text("password");
            String token = fields.text("connection_token");
            long account = fields.number("account_id", true);
            if (user.isEmpty()) {
                throw new Rejection(fields.looksLikeJson() ? Answer.USERNAME_REQUIRED.hint("the body looks like JSON and was "
                    + "read as a form; send Content-Type: application/json") : Answer.USERNAME_REQUIRED);
            }
            int suffix = user.lastIndexOf('$');
            String name = suffix > 0 ? user.substring(0, suffix) : user;
            if (account == 0) {
                account = number(RestQuery.parameter(exchange, "accountId"));
            }
            if (account == 0) {
                account = suffix > 0 ? number(user.substring(suffix + 1)) : DEFAULT_ACCOUNT;
            }
            return tokens.authenticate(name, password, token, account);
        });
    }

    void refresh(RestExchange exchange) {
        handle(exchange, fields -> tokens.refresh(fields.text("jwt_refresh_token")));
    }

    /** Not negative; 0 for what is absent or no number. */
    private static long number(String text) {
        try {
            return text == null ? 0 : Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private void handle(RestExchange exchange, Request request) {
        exchange.when(bodies.read(exchange, MAX_BODY, Answer.failure(413, "Request Entity Too Large")), (body, error) -> {
            if (error != null) {
                exchange.answer(Refusals.other(error));
                return;
            }
            exchange.leaveLoop(() -> {
                try {
                    BodyFields fields = BodyFields.read(body, exchange.contentType);
                    long access = fields.number("token_expiry_in_minutes", false);
                    long refresh = fields.number("refresh_token_expiry_in_minutes", false);
                    exchange.when(request.identity(fields), (identity, failure) -> exchange.answer(failure != null
                        ? Refusals.other(failure)
                        : identity.map(user -> granted(tokens.issue(user, access, refresh))).orElse(Answer.UNAUTHORIZED)));
                } catch (BodyFields.Malformed e) {
                    exchange.answer(BodyFields.readable(exchange.contentType) ? Answer.INVALID_FIELDS
                        : Answer.INVALID_FIELDS.hint("the body was not read; send Content-Type: application/json"));
                }
            });
        });
    }

    private static Answer granted(TokenPair pair) {
        return Answer.json(200, JsonNodeFactory.instance.objectNode().put("jwt", pair.access())
            .put("expires_in", pair.accessMillis()).put("jwt_refresh_token", pair.refresh())
            .put("refresh_token_expires_in", pair.refreshMillis()));
    }
}
