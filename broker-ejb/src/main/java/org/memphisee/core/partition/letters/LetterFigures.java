package org.memphisee.core.partition.letters;

/**
 * How much a dead-letter log has.
 *
 * @param unacked letters of messages that groups gave up
 * @param schema letters of messages that violate a schema
 * @param bytes what they take
 * @param toCopy groups of letters of which the dead-letter station lacks the copy
 * @param toResend groups of letters that wait to get their message again
 * @param forRoom how many went since the start because there was no room for more
 * @param notKept how many schema failures did not become letters since the start, because there were too many at a time
 * @param givenUp how often a group gave up a message since the start that is kept here
 * @param first the lowest number of a letter, 0 when there is none
 * @param last the highest one
 * @param changes a number that changes when letters that are followed do; -1 while they are not decided here
 */
public record LetterFigures(int unacked, int schema, long bytes, int toCopy, int toResend, long forRoom, long notKept,
                            long givenUp, long first, long last, long changes) {

    /** Nothing. */
    public static final LetterFigures NONE = new LetterFigures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1);

    /** The same with another number of schema failures that were not kept. */
    LetterFigures withNotKept(long count) {
        return new LetterFigures(unacked, schema, bytes, toCopy, toResend, forRoom, count, givenUp, first, last, changes);
    }

    /** All letters. */
    public int letters() {
        return unacked + schema;
    }

    /** Whether a letter with this number may be there. */
    public boolean mayHave(long id) {
        return letters() > 0 && first <= id && id <= last;
    }
}
