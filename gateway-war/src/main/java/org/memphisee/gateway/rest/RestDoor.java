package org.memphisee.gateway.rest;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

import org.memphisee.config.BrokerSettings;
import org.memphisee.core.client.ByteBudget;
import org.memphisee.ejb.BrokerEngine;
import org.memphisee.ejb.RequestTimings;
import org.memphisee.port.HttpAnswer;
import org.memphisee.port.HttpCall;
import org.memphisee.port.HttpService;
import org.memphisee.token.GatewayIdentity;
import org.memphisee.token.GatewayTokens;

/**
 * The gateway's door. For each request, in this order: CORS, token, path and method, then the operation (rest-gateway.md
 * 2.1). Event loops of the connections.
 */
final class RestDoor implements HttpService {

    private final GatewayTokens tokens;
    private final RequestTimings timings;
    private final Executor executor;
    private final AccessLog log;
    private final boolean resources;
    private final AuthOperations auth;
    private final ProduceOperations produce;
    private final ConsumeOperations consume;

    /**
     * A door to a running broker.
     *
     * @param executor for what is too much for an event loop
     * @param log gets a line for each request
     */
    RestDoor(BrokerEngine engine, BrokerSettings settings, Executor executor, AccessLog log) {
        BrokerSettings.Gateway options = settings.gateway();
        this.tokens = engine.tokens().gateway();
        this.timings = engine.latencies().rest();
        this.executor = executor;
        this.log = log;
        this.resources = options.development();
        RequestBody bodies = new RequestBody(
            new ByteBudget(Math.max(settings.budgets().shardInboxBytes(), 2L * options.maxBatchBytes())));
        Refusals refusals = new Refusals(options.oldStatus());
        auth = new AuthOperations(tokens, bodies);
        produce = new ProduceOperations(engine.local(), bodies, refusals, options.maxBatchBytes());
        consume = new ConsumeOperations(engine.local(), bodies, refusals);
    }

    @Override
    public void serve(HttpCall call) {
        RestExchange exchange = new RestExchange(call, executor, timings, log);
        if (exchange.method.equals("OPTIONS")) {
            preflight(exchange);
        } else {
            exchange.step(() -> identify(exchange));
        }
    }

    @Override
    public HttpAnswer refusal(int status, String why) {
        Answer answer = Answer.message(status, why);
        return new HttpAnswer(status, RestExchange.fields(answer, List.of()), answer.body());
    }

    private static void preflight(RestExchange exchange) {
        exchange.header("Access-Control-Allow-Methods", "GET,POST,HEAD,PUT,DELETE,PATCH");
        String asked = exchange.call.header("Access-Control-Request-Headers");
        if (asked != null) {
            exchange.header("Access-Control-Allow-Headers", asked);
        }
        exchange.header("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
        exchange.answer(Answer.NOTHING);
    }

    private void identify(RestExchange exchange) {
        String path = RestRoute.normal(exchange.path);
        Optional<RestRoute> route = RestRoute.of(path, resources);
        route.ifPresent(known -> exchange.kind(known.operation().kind()));
        if (route.isPresent() && route.get().operation().open() || path.equals("/")) {
            dispatch(exchange, route, null);
            return;
        }
        boolean produces = route.isPresent() && (route.get().operation() == RestRoute.Operation.PRODUCE
            || route.get().operation() == RestRoute.Operation.PRODUCE_BATCH);
        exchange.when(tokens.access(BearerToken.of(exchange),
            produces ? GatewayTokens.Use.PRODUCE : GatewayTokens.Use.OTHER), (identity, error) -> {
                if (error != null) {
                    exchange.answer(Refusals.other(error));
                } else if (identity.isEmpty()) {
                    exchange.answer(tokens.expired(BearerToken.of(exchange)) ? Answer.UNAUTHORIZED.hint("the token has "
                        + "expired; get a new one from /auth/refreshToken or /auth/authenticate") : Answer.UNAUTHORIZED);
                } else {
                    dispatch(exchange, route, identity.get());
                }
            });
    }

    private void dispatch(RestExchange exchange, Optional<RestRoute> route, GatewayIdentity identity) {
        String method = exchange.method;
        if (route.isEmpty()) {
            exchange.answer(Answer.text(404, "Cannot " + method + " " + exchange.path));
            return;
        }
        RestRoute.Operation operation = route.get().operation();
        if (!operation.allows(method)) {
            exchange.header("Allow", operation.allowed());
            exchange.answer(Answer.text(405, "Method Not Allowed"));
            return;
        }
        String user = identity == null ? "" : identity.user().name();
        String station = route.get().station();
        switch (operation) {
            case AUTHENTICATE -> auth.authenticate(exchange);
            case REFRESH -> auth.refresh(exchange);
            case PRODUCE -> produce.single(exchange, user, station);
            case PRODUCE_BATCH -> produce.batch(exchange, user, station);
            case CONSUME -> consume.batch(exchange, user, station);
            case ACKNOWLEDGE -> consume.acknowledge(exchange, user, station);
            case REFUSE -> consume.refuse(exchange, user, station);
            case STATUS -> exchange.answer(Answer.ALIVE);
            case RESOURCES -> exchange.answer(Utilization.now());
        }
    }
}
