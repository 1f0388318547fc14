package org.memphisee.core.tasks;

/** A task that is not begun or stopped; the message is for the person who asked. An answer, not a fault: no stack trace. */
public final class TaskRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TaskRefusal(String text) {
        super(text, null, false, false);
    }
}
