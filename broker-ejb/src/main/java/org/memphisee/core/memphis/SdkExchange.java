package org.memphisee.core.memphis;

import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.access.AccessRefusal;
import org.memphisee.core.api.ApiRequest;
import org.memphisee.core.api.Author;
import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.ControlLoop;
import org.memphisee.core.control.NameLock;
import org.memphisee.core.stations.RequestRefusal;

/** One request of an SDK and the one answer to it, whatever goes wrong on the way. */
final class SdkExchange {

    private static final System.Logger LOG = System.getLogger(SdkExchange.class.getName());

    private final ApiRequest request;
    private final ControlEngine engine;
    private final Function<String, String> errorForm;
    private final AtomicBoolean answered = new AtomicBoolean();

    /**
     * @param errorForm how an error text looks in an answer of this kind
     */
    SdkExchange(ApiRequest request, ControlEngine engine, Function<String, String> errorForm) {
        this.request = request;
        this.engine = engine;
        this.errorForm = errorForm;
    }

    /** Errors as they are. */
    static String plainText(String error) {
        return error;
    }

    /** Errors as {@code {"error":"…"}}. */
    static String jsonText(String error) {
        return JsonNodeFactory.instance.objectNode().put("error", error).toString();
    }

    ClientIdentity client() {
        return request.client();
    }

    /** Who asks: over a connection, or at the REST gateway, whose clients have no connection of their own. */
    Author author() {
        return Author.of(client(), client().address().isEmpty() ? Author.Door.REST : Author.Door.SDK);
    }

    byte[] payload() {
        return request.payload();
    }

    /** The connection's id: what was proven at CONNECT, else what the request says (Java adds the user to it). */
    String connectionId(SdkFields f) {
        String said = f.text("connection_id");
        int end = said.indexOf("::");
        return client().sdk() ? client().connectionId() : end < 0 ? said : said.substring(0, end);
    }

    /** The language of the SDK as it is shown to people (wire-protocol.md 3.4). */
    String sdk(SdkFields f) {
        String said = f.text("sdk_lang");
        if (!said.isEmpty()) {
            return said;
        }
        return switch (client().lang()) {
            case "nats.js" -> "node.js";
            case "python3" -> "python";
            default -> client().lang();
        };
    }

    void send(String answer) {
        if (answered.compareAndSet(false, true)) {
            request.reply().send(answer.getBytes(StandardCharsets.UTF_8));
        }
    }

    void send(ObjectNode answer) {
        send(answer.toString());
    }

    void fail(String error) {
        send(errorForm.apply(error));
    }

    /** Answers with the text in the form of errors, or with nothing when it is empty. */
    void finish(String error) {
        if (error.isEmpty()) {
            send("");
        } else {
            fail(error);
        }
    }

    /** Runs a part of the work; what it throws becomes the answer. */
    void guard(Runnable work) {
        try {
            work.run();
        } catch (RequestRefusal | AccessRefusal refusal) {
            fail(refusal.getMessage());
        } catch (ControlLoop.LoopFullException e) {
            fail("the broker is busy, try again");
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "request to " + request.subject() + " failed", e);
            fail("internal error, see the broker's log");
        }
    }

    /** Goes on on the control loop. */
    void onLoop(Runnable work) {
        engine.submit(() -> guard(work));
    }

    /** Goes on on the control loop under the lock of the station's name; the work must release it unless it throws. */
    void underLock(String station, Consumer<NameLock> work) {
        engine.submit(() -> engine.lock(station, lock -> {
            if (lock.refused().isPresent()) { // what is known of the name may be of before
                lock.release();
                fail(lock.refused().get().getMessage());
            } else {
                lock.keep(this::guard, () -> work.accept(lock));
            }
        }));
    }

    /** Goes on on the control loop under a lock that is held already. */
    void resumeLocked(NameLock lock, Consumer<NameLock> work) {
        engine.resume(() -> lock.keep(this::guard, () -> work.accept(lock)));
    }
}
