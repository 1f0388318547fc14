package org.memphisee.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.chaos.Op.Result.OK;
import static org.memphisee.chaos.Op.Result.REFUSED;
import static org.memphisee.chaos.Op.Result.UNKNOWN;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.memphisee.chaos.SetCheck.Stored;

/** Histories that are made up: what is right passes, and each thing that can be wrong is noticed. */
class ChecksTest {

    private static Op op(String kind, String key, String value, long number, long begin, long end, Op.Result result) {
        return new Op("a", kind, key, value, number, begin, end, result, "");
    }

    private static void noticed(String what, List<String> wrong) {
        assertTrue(wrong.stream().anyMatch(each -> each.contains(what)), wrong::toString);
    }

    // ---- set, order

    private static Op published(String value, long sequence, Op.Result result) {
        return op("publish", "", value, sequence, sequence, sequence + 1, result);
    }

    private static Map<String, List<Stored>> at(Stored... messages) {
        return Map.of("n0", List.of(messages));
    }

    private static final List<Op> TWO = List.of(published("x", 1, OK), published("y", 2, OK));

    @Test
    void shouldAcceptASetWithWhatWasTold() {
        List<Op> ops = new ArrayList<>(TWO);
        ops.add(published("perhaps", 0, UNKNOWN));
        ops.add(published("perhaps too", 0, UNKNOWN));
        ops.add(published("refused", 0, REFUSED));
        assertEquals(List.of(), SetCheck.check(ops, at(new Stored(1, "x"), new Stored(2, "y"), new Stored(3, "perhaps too"))));
    }

    @Test
    void shouldNoticeWhatIsWrongWithASet() {
        noticed("lost", SetCheck.check(TWO, at(new Stored(1, "x"))));
        noticed("twice", SetCheck.check(TWO, at(new Stored(1, "x"), new Stored(2, "y"), new Stored(3, "y"))));
        noticed("at sequence 3", SetCheck.check(TWO, at(new Stored(1, "x"), new Stored(3, "y"))));
        noticed("nobody sent", SetCheck.check(TWO, at(new Stored(1, "x"), new Stored(2, "y"), new Stored(3, "z"))));
        noticed("was refused", SetCheck.check(List.of(published("x", 0, REFUSED)), at(new Stored(1, "x"))));
        noticed("two sequences", SetCheck.check(List.of(published("x", 1, OK), published("x", 2, OK)), at(new Stored(1, "x"))));
        noticed("behind sequence", SetCheck.check(TWO, at(new Stored(2, "y"), new Stored(1, "x"))));
        Map<String, List<Stored>> different = new LinkedHashMap<>();
        different.put("n0", List.of(new Stored(1, "x")));
        different.put("n1", List.of());
        noticed("not the same", SetCheck.check(List.of(published("x", 0, UNKNOWN)), different));
    }

    @Test
    void shouldNoticeThatAConnectionsMessagesChangedPlaces() {
        List<Op> unknown = List.of(published("x", 0, UNKNOWN), published("y", 0, UNKNOWN));
        assertEquals(List.of(), SetCheck.check(unknown, at(new Stored(1, "x"), new Stored(2, "y"))));
        noticed("out of order", SetCheck.check(unknown, at(new Stored(1, "y"), new Stored(2, "x"))));
        Op again = op("publish", "id", "x", 0, 0, 1, UNKNOWN);
        assertEquals(List.of(), SetCheck.check(List.of(again, published("y", 1, OK), op("publish", "id", "x", 2, 5, 6, OK)),
            at(new Stored(1, "y"), new Stored(2, "x"))), "it was sent again");
    }

    // ---- register

    private static Op cas(String value, long expected, long number, long begin, long end, Op.Result result) {
        return new Op("a", "cas", "k", value, number, begin, end, result, String.valueOf(expected));
    }

    private static Op put(String value, long number, long begin, long end, Op.Result result) {
        return op("put", "k", value, number, begin, end, result);
    }

    private static Op get(String value, long number, long begin, long end) {
        return op("get", "k", value, number, begin, end, OK);
    }

    @Test
    void shouldAcceptWhatCanHaveHappenedInOneOrder() {
        assertEquals(List.of(), RegisterCheck.check(List.of(get("", 0, 1, 2), put("x", 1, 3, 4, OK), get("x", 1, 5, 6))));
        assertEquals(List.of(), RegisterCheck.check(List.of(put("x", 1, 1, 10, OK), get("", 0, 2, 3), get("x", 1, 4, 5))),
            "at once");
        assertEquals(List.of(), RegisterCheck.check(List.of(put("x", 1, 1, 2, OK), cas("y", 1, 2, 3, 4, OK), cas("z", 1, 0, 5, 6,
            REFUSED), get("y", 2, 7, 8))));
        assertEquals(List.of(), RegisterCheck.check(List.of(put("x", 0, 1, Long.MAX_VALUE, UNKNOWN), get("", 0, 5, 6),
            get("x", 3, 7, 8))), "what is unknown happens late");
        assertEquals(List.of(), RegisterCheck.check(List.of(put("x", 0, 1, Long.MAX_VALUE, UNKNOWN), get("", 0, 5, 6))),
            "or never");
        assertEquals(List.of(), RegisterCheck.check(List.of(put("x", 1, 1, 2, OK), cas("z", 1, 0, 5, 6, REFUSED), get("x", 1, 7,
            8))),
            "refused because of what was on its way");
    }

    @Test
    void shouldNoticeWhatCannotHaveHappenedInOneOrder() {
        noticed("not in one order", RegisterCheck.check(List.of(put("x", 1, 1, 2, OK), get("", 0, 3, 4))));
        noticed("not in one order", RegisterCheck.check(List.of(put("x", 1, 1, 2, OK), put("y", 2, 3, 4, OK), get("x", 1, 5,
            6))));
        noticed("not in one order", RegisterCheck.check(List.of(put("x", 1, 1, 2, OK), cas("y", 1, 2, 3, 4, OK),
            cas("z", 1, 3, 5, 6, OK))));
        noticed("not in one order", RegisterCheck.check(List.of(put("x", 1, 1, 2, OK), cas("y", 1, 0, 3, 4, REFUSED),
            get("y", 2, 5, 6))));
        noticed("not in one order", RegisterCheck.check(List.of(put("x", 0, 1, Long.MAX_VALUE, UNKNOWN), get("x", 3, 2, 3),
            get("", 0, 4, 5))));
        noticed("not in one order", RegisterCheck.check(List.of(put("x", 2, 1, 2, OK), put("y", 1, 3, 4, OK))));
        noticed("two sequences", RegisterCheck.check(List.of(put("x", 1, 1, 2, OK), get("x", 2, 3, 4))));
    }

    // ---- group

    private static final Op PUBLISHED = published("x", 1, OK);
    private static final Op DELIVERED = op("deliver", "", "x", 1, 3, 3, OK);
    private static final Op ACKNOWLEDGED = op("ack", "", "x", 1, 4, 5, OK);

    private static Op saw(String what, long number, long begin, long end) {
        return op("see", what, "", number, begin, end, OK);
    }

    @Test
    void shouldAcceptAGroupThatGotEverything() {
        assertEquals(List.of(), GroupCheck.check(List.of(PUBLISHED, DELIVERED, ACKNOWLEDGED, saw("floor", 1, 6, 7),
            op("deliver", "", "x", 1, 8, 8, OK), saw("floor", 0, 5, 9)), 20));
    }

    @Test
    void shouldNoticeWhatIsWrongWithAGroup() {
        noticed("never delivered", GroupCheck.check(List.of(PUBLISHED), 20));
        noticed("comes again", GroupCheck.check(List.of(PUBLISHED, DELIVERED, ACKNOWLEDGED, op("deliver", "", "x", 1, 21, 21,
            OK)), 20));
        noticed("another message", GroupCheck.check(List.of(PUBLISHED, op("deliver", "", "y", 1, 3, 3, OK)), 20));
        noticed("fell", GroupCheck.check(List.of(saw("floor", 5, 1, 2), saw("floor", 4, 3, 4)), 20));
    }

    // ---- definitions

    @Test
    void shouldAcceptDefinitionsThatWereMade() {
        List<Op> ops = List.of(op("create", "A", "", 0, 1, 2, OK), op("create", "B", "", 0, 3, 4, OK), op("delete", "B", "", 0,
            5, 6, OK),
            op("create", "C", "", 0, 7, 8, UNKNOWN), op("delete", "A", "", 0, 9, 10, REFUSED));
        assertEquals(List.of(), DefinitionsCheck.check(ops, Map.of("n0", Set.of("A"), "n1", Set.of("A"))));
        assertEquals(List.of(), DefinitionsCheck.check(ops, Map.of("n0", Set.of("A", "C"))));
    }

    @Test
    void shouldNoticeWhatIsWrongWithDefinitions() {
        Op made = op("create", "A", "", 0, 1, 2, OK);
        noticed("is not there", DefinitionsCheck.check(List.of(made), Map.of("n0", Set.of())));
        noticed("is there", DefinitionsCheck.check(List.of(made, op("delete", "A", "", 0, 3, 4, OK)), Map.of("n0", Set.of("A"))));
        noticed("made by nobody", DefinitionsCheck.check(List.of(), Map.of("n0", Set.of("A"))));
        noticed("not the same", DefinitionsCheck.check(List.of(op("create", "A", "", 0, 1, 2, UNKNOWN)),
            Map.of("n0", Set.of("A"), "n1", Set.of())));
    }
}
