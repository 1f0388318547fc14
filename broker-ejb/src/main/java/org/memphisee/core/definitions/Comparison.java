package org.memphisee.core.definitions;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

import org.memphisee.core.access.Users;
import org.memphisee.core.definitions.DefinitionsChange.Action;
import org.memphisee.core.definitions.DefinitionsChange.Kind;
import org.memphisee.core.letters.RetryPolicy;

/** Two documents side by side: what is wanted and what is there. Any thread. */
final class Comparison {

    private static final int LONGEST = 60;

    private final Map<Piece.Key, Piece> wanted;
    private final Map<Piece.Key, Piece> present;

    Comparison(DefinitionsDocument wanted, DefinitionsDocument present) {
        this.wanted = Piece.of(named(wanted, present));
        this.present = Piece.of(present);
    }

    private static DefinitionsDocument named(DefinitionsDocument wanted, DefinitionsDocument present) {
        Map<String, SchemaItem> there = new HashMap<>();
        present.schemas().forEach(schema -> there.put(schema.name(), schema));
        Map<String, StationItem> stations = new HashMap<>();
        present.stations().forEach(station -> stations.put(station.name(), station));
        return new DefinitionsDocument(wanted.settings(), wanted.users(), wanted.tags(), wanted.schemas().stream()
            .map(schema -> there.containsKey(schema.name()) ? schema.namedAs(there.get(schema.name())) : schema).toList(),
            wanted.stations().stream().map(station -> stations.containsKey(station.name())
                ? station.pinnedAs(stations.get(station.name())) : station).toList(), wanted.integrations());
    }

    /** What an import does, thing by thing. */
    List<DefinitionsChange> plan(ConflictPolicy policy) {
        List<DefinitionsChange> plan = new ArrayList<>();
        wanted.forEach((key, piece) -> plan.add(planned(piece, present.get(key), policy)));
        return plan;
    }

    /** What differs, with what is only here. */
    List<DefinitionsChange> differences() {
        List<DefinitionsChange> found = new ArrayList<>();
        plan(ConflictPolicy.UPDATE).stream().filter(change -> change.action() != Action.SAME).forEach(found::add);
        present.forEach((key, piece) -> {
            if (!wanted.containsKey(key)) {
                found.add(new DefinitionsChange(piece.kind(), piece.name(), Action.ONLY_HERE, List.of()));
            }
        });
        return found;
    }

    Piece wanted(DefinitionsChange change) {
        return wanted.get(new Piece.Key(change.kind(), change.name()));
    }

    Piece present(DefinitionsChange change) {
        return present.get(new Piece.Key(change.kind(), change.name()));
    }

    private DefinitionsChange planned(Piece piece, Piece before, ConflictPolicy policy) {
        // a station that is there may be in use without a schema: that changes what it takes
        boolean added = piece.kind() == Kind.ATTACHMENT && present.containsKey(new Piece.Key(Kind.STATION, piece.name()));
        if (before == null && piece.item() instanceof RetryPolicy retry) {
            before = new Piece(piece.kind(), piece.name(), DocumentWriter.retry(RetryPolicy.NONE), RetryPolicy.NONE);
            if (!present.containsKey(new Piece.Key(Kind.STATION, piece.name()))) {
                return change(piece, retry.equals(RetryPolicy.NONE) ? Action.SAME : Action.CREATE, List.of());
            }
        }
        if (before == null && added) {
            return change(piece, policy == ConflictPolicy.UPDATE ? Action.UPDATE : policy == ConflictPolicy.SKIP ? Action.KEEP
                : Action.CONFLICT, List.of("the station has no schema here"));
        }
        if (before == null) {
            return piece.kind() != Kind.INTEGRATION ? change(piece, Action.CREATE, List.of())
                : change(piece, Action.KEEP, List.of("its secret is not in the document; make it by hand"));
        }
        List<String> details = details(piece, before);
        if (details.isEmpty()) {
            return change(piece, Action.SAME, details);
        }
        if (piece.kind() == Kind.TAG) {
            return change(piece, Action.KEEP, List.of("a tag keeps the colour that it was given first"));
        }
        if (policy != ConflictPolicy.UPDATE) {
            return change(piece, policy == ConflictPolicy.SKIP ? Action.KEEP : Action.CONFLICT, details);
        }
        if (piece.kind() == Kind.SCHEMA && details.size() == 1 && longer((SchemaItem) before.item(), (SchemaItem) piece.item())) {
            return change(piece, Action.KEEP, List.of("it has newer versions here, which stay"));
        }
        List<String> fixed = fixed(piece, before);
        return fixed.isEmpty() ? change(piece, Action.UPDATE, details) : change(piece, Action.CONFLICT, fixed);
    }

    private static DefinitionsChange change(Piece piece, Action action, List<String> details) {
        return new DefinitionsChange(piece.kind(), piece.name(), action, details);
    }

    /** Where two things differ. */
    private static List<String> details(Piece wanted, Piece before) {
        List<String> details = new ArrayList<>();
        wanted.facts().properties().forEach(member -> {
            JsonNode there = before.facts().get(member.getKey());
            if (there == null || !there.equals(member.getValue())) {
                difference(wanted, before, member.getKey(), there, member.getValue(), details);
            }
        });
        return details;
    }

    private static void difference(Piece wanted, Piece before, String name, JsonNode there, JsonNode value, List<String> details) {
        if (name.equals("password_hash")) {
            if (!Users.samePassword(value.textValue(), ((UserItem) before.item()).passwordHash())) {
                details.add("another password");
            }
        } else if (name.equals("versions")) {
            details.add(((SchemaItem) before.item()).versions().size() + " versions here, "
                + ((SchemaItem) wanted.item()).versions().size() + " in the document");
        } else {
            details.add(name + " is " + shown(there) + " here and " + shown(value) + " in the document");
        }
    }

    private static String shown(JsonNode value) {
        String text = String.valueOf(value);
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }

    /** What of the differences no update can level, with the way out. */
    private static List<String> fixed(Piece wanted, Piece before) {
        List<String> fixed = new ArrayList<>();
        switch (wanted.kind()) {
            case USER -> List.of("type", "role", "permissions").forEach(name -> unless(same(wanted, before, name), fixed, name
                + " of a user can not be changed by an import; change its rights first, or remove the user and import again"));
            case SCHEMA -> {
                unless(same(wanted, before, "type"), fixed, "the language of a schema can not be changed; give it another name");
                unless(continues((SchemaItem) wanted.item(), (SchemaItem) before.item()), fixed,
                    "its versions say something else than those that are here; give the schema another name");
            }
            case STATION -> {
                List.of("storage_type", "replicas").forEach(name -> unless(same(wanted, before, name), fixed, name
                    + " of a station can not be changed; write what it has, or remove the station with its messages"));
                unless(wanted.facts().path("partitions").asInt() >= before.facts().path("partitions").asInt(), fixed,
                    "a station can not have fewer partitions; write at least " + before.facts().path("partitions").asInt());
            }
            default -> { }
        }
        return fixed;
    }

    private static boolean same(Piece a, Piece b, String name) {
        return a.facts().path(name).equals(b.facts().path(name));
    }

    private static boolean longer(SchemaItem here, SchemaItem wanted) {
        return here.versions().size() > wanted.versions().size() && continues(here, wanted);
    }

    /** Whether one history is the beginning of the other. */
    private static boolean continues(SchemaItem a, SchemaItem b) {
        int common = Math.min(a.versions().size(), b.versions().size());
        return a.versions().subList(0, common).equals(b.versions().subList(0, common));
    }

    private static void unless(boolean fine, List<String> fixed, String text) {
        if (!fine) {
            fixed.add(text);
        }
    }
}
