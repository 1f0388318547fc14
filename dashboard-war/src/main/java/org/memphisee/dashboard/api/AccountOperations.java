package org.memphisee.dashboard.api;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

import org.memphisee.core.access.User;
import org.memphisee.core.access.Users;
import org.memphisee.core.integrations.IntegrationView;
import org.memphisee.core.stations.SchemaView;
import org.memphisee.core.stations.StationView;

/** Root removes everything at once, where a setting allows that (management-api.md M-009). */
final class AccountOperations {

    List<Operation> all() {
        return List.of(Operation.delete("usermgmt/removeMyUser", AccountOperations::empty));
    }

    /**
     * Thing by thing, users last: who lists them while this goes on sees less and less. When one cannot be removed the others
     * that are left stay, and asking again goes on with them.
     */
    private static JsonNode empty(Call call) {
        if (!call.user().name().equals(Users.ROOT) || !call.settings().dashboard().emptying()) {
            throw ApiFailure.showable("Only root user can remove the entire account");
        }
        call.requireSignIn();
        removeStations(call);
        removeStations(call); // a stream of plain clients may have had the name of a station
        List<String> schemas = Waiting.await(call.engine().schemas().list()).stream().map(SchemaView::name).toList();
        Waiting.await(call.engine().schemas().remove(call.author(), schemas, false));
        for (IntegrationView integration : call.engine().integrations().list()) {
            Waiting.await(call.engine().integrations().remove(call.author(), integration.name()));
        }
        for (User user : call.engine().users().list()) {
            if (!user.name().equals(Users.ROOT) && !user.name().startsWith("$")) {
                Waiting.await(call.engine().users().removeUser(call.author(), user.name()));
            }
        }
        return Texts.object();
    }

    private static void removeStations(Call call) {
        List<String> names = Waiting.await(call.engine().stations().queries().list()).stream().map(StationView::name)
            .distinct().toList();
        if (!names.isEmpty()) {
            Waiting.await(call.engine().stations().remove(call.author(), names));
        }
    }
}
