package org.memphisee.dashboard.api;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.definitions.ConflictPolicy;
import org.memphisee.core.definitions.DefinitionsChange;
import org.memphisee.core.definitions.DefinitionsReport;
import org.memphisee.core.definitions.DefinitionsTransfer;
import org.memphisee.core.definitions.DocumentReader;
import org.memphisee.ejb.ProductVersion;

/** Definitions as documents: out, compared, in (deploy.md 6.3). Who may do this decides the core. */
final class DefinitionsOperations {

    /** A thousand stations take a second or two. */
    private static final long IMPORT_SECONDS = 300;

    List<Operation> all() {
        return List.of(Operation.get("v2/definitions", this::export),
            Operation.post("v2/definitions/diff", this::diff).looking().withBody(DocumentReader.MAX_BYTES),
            Operation.post("v2/definitions/import", this::bringIn).withBody(DocumentReader.MAX_BYTES));
    }

    private static DefinitionsTransfer transfer(Call call) {
        return call.engine().transfer();
    }

    private JsonNode export(Call call) {
        boolean hashes = call.query().flag("with_password_hashes");
        if (hashes) {
            call.requireSignIn();
        }
        return Waiting.await(transfer(call).export(call.user().name(), ProductVersion.current(), hashes));
    }

    private JsonNode diff(Call call) {
        ObjectNode answer = Texts.object();
        changes(answer, Waiting.await(transfer(call).differences(call.user().name(), call.bytes())));
        return answer;
    }

    private JsonNode bringIn(Call call) {
        ApiQuery query = call.query();
        String word = query.text("on_conflict");
        ConflictPolicy policy = ConflictPolicy.of(word.isEmpty() ? "fail" : word)
            .orElseThrow(() -> ApiFailure.invalid(List.of(new ApiFailure.Invalid("on_conflict", "fail, skip or update"))));
        boolean dryRun = query.flag("dry_run");
        call.requireSignIn(); // it makes users
        DefinitionsReport report = Waiting.await(transfer(call).bringIn(call.author(), call.bytes(), policy, dryRun), IMPORT_SECONDS);
        ObjectNode answer = Texts.object().put("dry_run", dryRun).put("complete", !dryRun && report.failed().isEmpty());
        changes(answer, report.changes());
        return answer;
    }

    private static void changes(ObjectNode answer, List<DefinitionsChange> changes) {
        ArrayNode array = answer.putArray("changes");
        for (DefinitionsChange change : changes) {
            ObjectNode n = array.addObject().put("kind", DefinitionsChange.word(change.kind())).put("name", change.name())
                .put("action", DefinitionsChange.word(change.action()));
            ArrayNode details = n.putArray("details");
            change.details().forEach(details::add);
            n.put("result", DefinitionsChange.word(change.result())).put("error", change.error());
        }
    }
}
