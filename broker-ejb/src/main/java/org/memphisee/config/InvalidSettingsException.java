package org.memphisee.config;

import java.util.List;

/** Settings with which the broker must not start. */
public final class InvalidSettingsException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    InvalidSettingsException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** One line per wrong value: key, value, what is allowed. Never empty. */
    public List<String> problems() {
        return problems;
    }
}
