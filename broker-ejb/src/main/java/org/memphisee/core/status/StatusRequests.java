package org.memphisee.core.status;

import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.api.ApiRegistry;
import org.memphisee.core.api.ApiRequest;
import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.status.StatusPages.RefusedException;
import org.memphisee.core.time.World;
import org.memphisee.port.ServerIdentity;

/**
 * Answers what NATS tools ask below {@code $SYS.REQ}: about the server and about accounts to who administers it, about
 * itself and the account it is in to every client. For others the subjects are served by nobody, as where there is an
 * account of the system. Pages are made on one thread of its own behind a bounded queue. Thread-safe.
 */
public final class StatusRequests implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(StatusRequests.class.getName());
    private static final String REQUEST = "$SYS.REQ.";
    private static final int WAITING = 64;
    private static final int ACCOUNT_TOKEN = 3;
    private static final int SERVER_TOKEN = 3;
    private static final String OWN = "PING";

    private final ServerIdentity identity;
    private final String tenant;
    private final Predicate<ClientIdentity> administers;
    private final World world;
    private final ExecutorService worker;
    private final AtomicLong answers = new AtomicLong();
    private volatile StatusPages pages;

    private interface Question {
        ObjectNode answer(StatusAnswers answers) throws RefusedException;
    }

    /**
     * Answers nothing yet.
     *
     * @param identity of this server
     * @param tenant name of the one account that clients are in
     * @param administers whether a client may ask about everything
     * @param world has the thread on which pages are made
     */
    public StatusRequests(ServerIdentity identity, String tenant, Predicate<ClientIdentity> administers,
                          World world) {
        this.identity = identity;
        this.tenant = tenant;
        this.administers = administers;
        this.world = world;
        worker = world.worker("memphisee-status", WAITING);
    }

    /** Where pages come from from now on; null when they are not shown any more. */
    public void show(StatusPages shown) {
        pages = shown;
    }

    /** Serves the subjects. */
    public void bind(ApiRegistry registry) {
        registry.serve(REQUEST + "USER.INFO", this::user);
        registry.serve(REQUEST + "SERVER.PING", request -> server(request, "STATSZ"));
        registry.serve(REQUEST + "SERVER.*.*", this::named);
        registry.serve(REQUEST + "ACCOUNT.*.*", this::account);
    }

    private static String lastToken(ApiRequest request) {
        return request.subject().substring(request.subject().lastIndexOf('.') + 1);
    }

    /** What tools ask first. Says nothing of others. */
    private void user(ApiRequest request) {
        StatusPages shown = pages;
        ObjectNode answer = begun(shown == null ? "" : shown.host());
        answer.putObject("data").put("user", request.client().user()).put("account", tenant);
        request.reply().send(bytes(answer));
    }

    /** To every server, or to one; to another server of the cluster nobody here can answer. */
    private void named(ApiRequest request) {
        String id = request.subject().split("\\.", -1)[SERVER_TOKEN];
        if (id.equals(OWN) || id.equals(identity.serverId())) {
            server(request, lastToken(request));
        } else {
            request.reply().nobody();
        }
    }

    private void server(ApiRequest request, String question) {
        if (administers.test(request.client())) {
            later(request, answers -> answers.server(question));
        } else {
            request.reply().nobody();
        }
    }

    private void account(ApiRequest request) {
        String account = request.subject().split("\\.", -1)[ACCOUNT_TOKEN];
        String question = lastToken(request);
        boolean own = account.equals(OWN);
        if (own && (question.equals("CONNZ") || question.equals("STATZ")) || administers.test(request.client())) {
            later(request, answers -> answers.account(own ? tenant : account, question));
        } else {
            request.reply().nobody();
        }
    }

    private void later(ApiRequest request, Question question) {
        if (!request.reply().wanted()) {
            return;
        }
        try {
            worker.execute(() -> answer(request, question));
        } catch (RejectedExecutionException e) {
            fail(request, begun(""), 503, "the server is busy answering others, try again");
        }
    }

    private void answer(ApiRequest request, Question question) {
        StatusPages shown = pages;
        ObjectNode answer = begun(shown == null ? "" : shown.host());
        if (shown == null) {
            fail(request, answer, 503, "the monitor of the server is not there yet, try again");
            return;
        }
        try {
            StatusOptions options = StatusOptions.read(request.payload());
            if (!options.meant(identity, shown.host())) {
                return; // others answer
            }
            byte[] bytes = bytes(question.answer(new StatusAnswers(identity, shown, options, tenant, answer.deepCopy(), world)));
            if (bytes.length > identity.maxPayload()) {
                fail(request, answer, 500, "the answer has " + bytes.length + " bytes, more than a message may have; ask for "
                    + "less, with limit and offset where there are such");
            } else {
                request.reply().send(bytes);
            }
        } catch (RefusedException e) {
            fail(request, answer, 400, e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "request to " + request.subject() + " failed", e);
            fail(request, answer, 500, "the server failed to answer, see its log");
        }
    }

    private void fail(ApiRequest request, ObjectNode answer, int code, String description) {
        answer.putObject("error").put("code", code).put("description", description);
        request.reply().send(bytes(answer));
    }

    private ObjectNode begun(String host) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.putObject("server").put("name", identity.serverName()).put("host", host).put("id", identity.serverId())
            .put("ver", identity.version()).put("jetstream", true).put("seq", answers.incrementAndGet())
            .put("time", time());
        return answer;
    }

    private String time() {
        long now = world.clock().wallNanos();
        return Instant.ofEpochSecond(now / 1_000_000_000L, now % 1_000_000_000L).toString();
    }

    private static byte[] bytes(ObjectNode answer) {
        return answer.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
