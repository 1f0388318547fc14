package org.memphisee.cli.run;

/** A time in which a command has nothing to do: the next frame of a screen, the next look at something that goes on. */
public final class Pause {

    private Pause() { }

    /**
     * Lets the time pass.
     *
     * @throws CliFailure when the command is interrupted
     */
    public static void millis(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliFailure(ExitCode.INTERRUPTED, "Interrupted");
        }
    }
}
