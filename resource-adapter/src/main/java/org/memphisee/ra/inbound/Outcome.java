package org.memphisee.ra.inbound;

/** What became of a call of a bean. */
sealed interface Outcome {

    /** It returned, and its transaction, if there was one, has committed. */
    record Handled() implements Outcome { }

    /** It threw, or its transaction was rolled back. */
    record Failed(Throwable why) implements Outcome {

        /** One line for people. */
        String text() {
            Throwable root = why;
            while (root.getCause() != null && root.getCause() != root) {
                root = root.getCause();
            }
            String message = root.getMessage() == null ? "" : ": " + root.getMessage().lines().findFirst().orElse("");
            return root.getClass().getName() + message;
        }
    }
}
