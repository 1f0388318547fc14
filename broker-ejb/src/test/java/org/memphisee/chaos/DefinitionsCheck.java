package org.memphisee.chaos;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether what was created is there and what was removed is not, at all nodes. Each name is one client's, who asks one thing
 * after the other; kinds are {@code create} and {@code delete}.
 */
final class DefinitionsCheck {

    private DefinitionsCheck() { }

    /** @param there names that each node knows */
    static List<String> check(List<Op> ops, Map<String, Set<String>> there) {
        List<String> wrong = new ArrayList<>();
        Map<String, Set<Boolean>> mayBe = new LinkedHashMap<>();
        Map<String, Op> last = new LinkedHashMap<>();
        for (Op op : ops) {
            boolean wanted = op.kind().equals("create");
            Set<Boolean> states = mayBe.computeIfAbsent(op.key(), key -> new HashSet<>(Set.of(false)));
            if (op.ok()) {
                states.clear();
            }
            if (op.result() != Op.Result.REFUSED) {
                states.add(wanted);
            }
            last.put(op.key(), op);
        }
        there.forEach((node, names) -> {
            mayBe.forEach((name, states) -> {
                if (!states.contains(names.contains(name))) {
                    wrong.add(name + (names.contains(name) ? " is there" : " is not there") + " at " + node + ": "
                        + last.get(name));
                }
            });
            names.stream().filter(name -> !mayBe.containsKey(name)).forEach(name -> wrong.add(name + " at " + node
                + " was made by nobody"));
        });
        List<String> nodes = List.copyOf(there.keySet());
        for (String node : nodes) {
            if (!there.get(node).equals(there.get(nodes.get(0)))) {
                wrong.add("not the same at " + nodes.get(0) + " and " + node + ": " + there.get(nodes.get(0)) + ", "
                    + there.get(node));
            }
        }
        return wrong;
    }
}
