package org.memphisee.core.definitions;

import java.util.List;

import org.memphisee.core.definitions.DefinitionsChange.Action;
import org.memphisee.core.definitions.DefinitionsChange.Result;

/**
 * What an import does, or has done. Immutable.
 *
 * @param changes each thing of the document, in the order in which they are brought in
 */
public record DefinitionsReport(List<DefinitionsChange> changes) {

    public DefinitionsReport {
        changes = List.copyOf(changes);
    }

    /** What failed; when something did, what comes behind it was not tried. */
    public List<DefinitionsChange> failed() {
        return changes.stream().filter(change -> change.result() == Result.FAILED).toList();
    }

    /** How many things are there so by now: of those with this action. */
    public long done(Action action) {
        return changes.stream().filter(change -> change.action() == action && change.result() == Result.DONE).count();
    }

    /** How many things have this action. */
    public long count(Action action) {
        return changes.stream().filter(change -> change.action() == action).count();
    }
}
