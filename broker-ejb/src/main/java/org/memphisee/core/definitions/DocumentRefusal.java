package org.memphisee.core.definitions;

import java.util.List;

/** A document, or what it asks for, is refused as a whole: nothing was changed. Carries no stack trace: it is an answer, not a fault. */
public final class DocumentRefusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final List<String> problems;

    /**
     * A refusal.
     *
     * @param what what was refused, one line
     * @param problems path, problem and remedy, a line for each
     */
    DocumentRefusal(String what, List<String> problems) {
        super(problems.isEmpty() ? what : what + ":\n" + String.join("\n", problems), null, false, false);
        this.problems = List.copyOf(problems);
    }

    /** A line for each problem. */
    public List<String> problems() {
        return problems;
    }
}
