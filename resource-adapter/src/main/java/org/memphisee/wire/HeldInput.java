package org.memphisee.wire;

import org.memphisee.port.DeliverySink;

/**
 * Input that waits, with the message at its head, until the message's receiver has less waiting or is not waited for any
 * more. Nothing is read meanwhile; what comes all the same (a read may unpack to more, and what a client sent before it
 * left comes at once) is kept, within bounds. I/O thread.
 */
final class HeldInput {

    /** More than an operating system keeps of what a client sent. */
    private static final int MAX_BYTES = 8 << 20;
    private static final Runnable NOTHING = () -> { };

    private final InputBuffer input;
    private final DeliverySink sender;
    private final Transport transport;
    private final Runnable goOn;

    private boolean present;
    private int number;
    private int mostBytes;
    private boolean insisting;
    private Runnable afterwards = NOTHING;

    /**
     * Nothing is held yet.
     *
     * @param sender the client whose input it is
     * @param goOn parses what waits and completes the read
     */
    HeldInput(InputBuffer input, DeliverySink sender, Transport transport, Runnable goOn) {
        this.input = input;
        this.sender = sender;
        this.transport = transport;
        this.goOn = goOn;
    }

    /** Whether nothing may be parsed now. */
    boolean present() {
        return present;
    }

    /** Whether what is at hand must be taken, whoever has too much waiting. */
    boolean insisting() {
        return insisting;
    }

    /** The message at the head of the input waits for this receiver from now on. */
    void begin(DeliverySink receiver) {
        present = true;
        mostBytes = input.waiting() + MAX_BYTES;
        int begun = ++number;
        sender.pauseReading();
        receiver.whenRelieved(() -> transport.execute(() -> {
            if (present && begun == number) {
                end();
            }
        }));
    }

    /** More input has come: too much of it waits for nobody. */
    void grown() {
        if (present && input.waiting() > mostBytes) {
            insisting = true;
            end();
        }
    }

    /** The read is over. */
    void readComplete() {
        insisting = false;
    }

    /** Runs the action when everything that has come is handed on, at once if it is. */
    void whenHandedOn(Runnable action) {
        if (present) {
            afterwards = action;
        } else {
            action.run();
        }
    }

    /** The conversation is over. */
    void forget() {
        present = false;
        afterwards = NOTHING;
    }

    private void end() {
        present = false;
        sender.resumeReading();
        goOn.run();
        if (!present) {
            Runnable action = afterwards;
            afterwards = NOTHING;
            action.run();
        }
    }
}
