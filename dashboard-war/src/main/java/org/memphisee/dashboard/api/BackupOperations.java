package org.memphisee.dashboard.api;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.backup.BackupMaker;
import org.memphisee.core.backup.NodeBackups;

/** Backups of this node (deploy.md 6.4). Who may ask for one decides the core. */
final class BackupOperations {

    List<Operation> all() {
        return List.of(Operation.get("v2/backups", this::made),
            Operation.post("v2/backups", this::begin));
    }

    private JsonNode made(Call call) {
        BackupMaker.Made made = call.engine().backups().made(call.user().name());
        ObjectNode answer = Texts.object().put("directory", made.directory()).put("keep", made.keep()).put("running", made.running());
        ArrayNode backups = answer.putArray("backups");
        made.backups().forEach(backup -> backups.addObject().put("name", backup.name()).put("created_at", backup.at().toString())
            .put("bytes", backup.bytes()));
        return answer;
    }

    private JsonNode begin(Call call) {
        boolean all = false;
        if (call.bytes().length > 0) {
            JsonBody body = call.body();
            all = body.flag("all_nodes");
            body.check();
        }
        NodeBackups backups = call.engine().backups();
        return TaskOperations.json(Waiting.await(all ? backups.beginAll(call.author()) : backups.begin(call.author())));
    }
}
