package org.memphisee.meta.jpa;

import java.sql.SQLException;

/** What an exception of the database means. */
final class Failures {

    private static final int MOST_CAUSES = 20;

    private Failures() { }

    /**
     * Whether the database is there and refuses the data: it breaks a constraint, or a table or column is missing.
     * Everything else may pass by itself.
     */
    static boolean misfit(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null && sql.getSQLState().matches("2[23].*|42.*")) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /** One line for people: what the database said, without what the layers above made of it. */
    static String line(Throwable failure) {
        Throwable best = failure;
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
            if (cause instanceof SQLException) {
                best = cause;
                break;
            }
            cause = cause.getCause();
        }
        String text = best.getMessage() == null ? best.toString() : best.getMessage();
        return text.lines().findFirst().orElse(text).trim();
    }
}
