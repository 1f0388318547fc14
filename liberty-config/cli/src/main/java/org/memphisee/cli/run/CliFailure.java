package org.memphisee.cli.run;

/** A command that ends here: the text goes to the standard error, the code to whoever called us. */
public final class CliFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int code;

    /**
     * @param code one of {@link ExitCode}
     * @param message what is wrong and what helps, for people
     */
    public CliFailure(int code, String message) {
        super(message);
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** Options or arguments that cannot be meant. */
    public static CliFailure usage(String message) {
        return new CliFailure(ExitCode.USAGE, message);
    }

    /** What was named is not there. */
    public static CliFailure notFound(String message) {
        return new CliFailure(ExitCode.NOT_FOUND, message);
    }

    /**
     * A refusal of the broker, which has one status for all its texts: what they say decides the code.
     *
     * @param message the broker's words
     */
    public static CliFailure refused(String message) {
        String text = message.toLowerCase(java.util.Locale.ROOT);
        if (text.contains("does not exist") || text.contains("not found")) {
            return notFound(message);
        }
        boolean forbidden = text.contains("not allowed to") || text.contains("may not do this")
            || text.contains("can be done only by") || text.contains("permissions violation");
        return new CliFailure(forbidden ? ExitCode.NOT_ALLOWED : ExitCode.REFUSED, message);
    }
}
