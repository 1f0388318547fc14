package org.memphisee.core.routing;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Sessions by the user they belong to, for the moment in which that user is no longer welcome. Thread-safe. */
final class UserSessions {

    private final Map<String, Set<ClientSession>> sessions = new ConcurrentHashMap<>();

    void add(String user, ClientSession session) {
        sessions.compute(user, (name, known) -> {
            Set<ClientSession> all = known == null ? ConcurrentHashMap.newKeySet() : known;
            all.add(session);
            return all;
        });
    }

    void remove(String user, ClientSession session) {
        sessions.computeIfPresent(user, (name, known) -> {
            known.remove(session);
            return known.isEmpty() ? null : known;
        });
    }

    /** Closes all connections of the user. */
    void cut(String user) {
        sessions.getOrDefault(user, Set.of()).forEach(ClientSession::cut);
    }
}
