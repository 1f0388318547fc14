package org.memphisee.gateway.rest;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.memphisee.config.BrokerSettings;
import org.memphisee.core.client.ByteBudget;
import org.memphisee.ejb.BrokerEngine;
import org.memphisee.ejb.RequestTimings;
import org.memphisee.token.GatewayIdentity;
import org.memphisee.token.GatewayTokens;

/**
 * The gateway's door. For each request, in this order: CORS, whether the broker serves, token, path and method, then the
 * operation (rest-gateway.md 2.1). The access log is the container's. Thread-safe.
 */
final class RestDoor {

    private static final int OK_NO_CONTENT = 204;
    /** Together fewer than the threads that the container keeps (executor in server.xml), so that other ports are served. */
    private static final int WAITING = 32;
    private static final int READING = 8;
    private static final long WAIT_MILLIS = 50;

    private final GatewayTokens tokens;
    private final RequestTimings timings;
    private final Executor executor;
    private final BooleanSupplier serving;
    private final ShortWaits waits = new ShortWaits(WAITING, WAIT_MILLIS);
    private final boolean resources;
    private final AuthOperations auth;
    private final ProduceOperations produce;
    private final ConsumeOperations consume;

    RestDoor(BrokerEngine engine, BrokerSettings settings, Executor executor, BooleanSupplier serving) {
        BrokerSettings.Gateway options = settings.gateway();
        this.tokens = engine.tokens().gateway();
        this.timings = engine.latencies().rest();
        this.executor = executor;
        this.serving = serving;
        this.resources = options.development();
        RequestBody bodies = new RequestBody(
            new ByteBudget(Math.max(settings.budgets().shardInboxBytes(), 2L * options.maxBatchBytes())),
            new ShortWaits(READING, 0));
        Refusals refusals = new Refusals(options.oldStatus());
        auth = new AuthOperations(tokens, bodies);
        produce = new ProduceOperations(engine.local(), bodies, refusals, options.maxBatchBytes());
        consume = new ConsumeOperations(engine.local(), bodies, refusals);
    }

    /** Answers while there is no broker yet. */
    static void notReady(HttpServletResponse response) throws IOException {
        response.setHeader("Access-Control-Allow-Origin", "*");
        response.setHeader("Retry-After", "1");
        response.setStatus(Answer.NOT_READY.status());
        response.setContentType(Answer.NOT_READY.type());
        response.getOutputStream().write(Answer.NOT_READY.body());
    }

    void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Access-Control-Allow-Origin", "*");
        response.setHeader("Vary", "Origin");
        if (request.getMethod().equals("OPTIONS")) {
            preflight(request, response);
            return;
        }
        if (!serving.getAsBoolean()) {
            notReady(response);
            return;
        }
        Exchange exchange = new Exchange(request, response, executor, waits, timings);
        exchange.step(() -> identify(exchange));
    }

    private static void preflight(HttpServletRequest request, HttpServletResponse response) {
        response.setHeader("Access-Control-Allow-Methods", "GET,POST,HEAD,PUT,DELETE,PATCH");
        String asked = request.getHeader("Access-Control-Request-Headers");
        if (asked != null) {
            response.setHeader("Access-Control-Allow-Headers", asked);
        }
        response.setHeader("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
        response.setStatus(OK_NO_CONTENT);
    }

    private void identify(Exchange exchange) {
        String path = Route.normal(path(exchange.request));
        Optional<Route> route = Route.of(path, resources);
        route.ifPresent(known -> exchange.kind(known.operation().kind()));
        if (route.isPresent() && route.get().operation().open() || path.equals("/")) {
            dispatch(exchange, route, null);
            return;
        }
        boolean produces = route.isPresent() && (route.get().operation() == Route.Operation.PRODUCE
            || route.get().operation() == Route.Operation.PRODUCE_BATCH);
        exchange.when(tokens.access(BearerToken.of(exchange),
            produces ? GatewayTokens.Use.PRODUCE : GatewayTokens.Use.OTHER), (identity, error) -> {
                if (error != null) {
                    exchange.answer(Refusals.other(error));
                } else if (identity.isEmpty()) {
                    exchange.answer(Answer.UNAUTHORIZED);
                } else {
                    dispatch(exchange, route, identity.get());
                }
            });
    }

    private static String path(HttpServletRequest request) {
        String info = request.getPathInfo();
        return info == null ? request.getServletPath() : request.getServletPath() + info;
    }

    private void dispatch(Exchange exchange, Optional<Route> route, GatewayIdentity identity) {
        String method = exchange.method;
        if (route.isEmpty()) {
            exchange.answer(Answer.text(404, "Cannot " + method + " " + exchange.uri));
            return;
        }
        Route.Operation operation = route.get().operation();
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
