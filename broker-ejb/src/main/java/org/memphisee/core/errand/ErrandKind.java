package org.memphisee.core.errand;

import java.util.function.Function;

/** The errands there are. Numbers are part of what nodes say to each other, and never change their meaning. */
public enum ErrandKind {
    FIGURES(1, true, Sizes.SMALL, ReadFigures::read),
    CONSUMERS(2, true, Sizes.LARGE, ReadConsumers::read),
    MESSAGES(3, true, Sizes.LARGE, ReadBackwards::read),
    MESSAGE(4, true, Sizes.LARGE, ReadMessage::read),
    PURGE(5, false, Sizes.SMALL, PurgeMessages::read),
    DELETE(6, false, Sizes.SMALL, DeleteMessages::read),
    START(7, true, Sizes.SMALL, FindStart::read),
    LETTERS(8, true, Sizes.LARGE, ReadLetters::read),
    LETTER(9, true, Sizes.LARGE, ReadLetter::read),
    MARK_LETTERS(10, true, Sizes.SMALL, MarkLetters::read),
    MARK_NEXT_LETTERS(11, true, Sizes.SMALL, MarkNextLetters::read),
    DROP_LETTERS(12, false, Sizes.SMALL, DropLetters::read),
    KEEP_VIOLATION(13, false, Sizes.SMALL, KeepViolation::read),
    GIVE_UP(14, true, Sizes.SMALL, GiveUpMessage::read),
    SETTLE_LETTER(15, false, Sizes.SMALL, SettleLetter::read),
    TAKE_LETTERS(16, false, Sizes.LARGE, TakeLetters::read),
    FIND_LETTER(17, true, Sizes.LARGE, FindLetter::read);

    private static final class Sizes {
        static final int SMALL = 512;
        static final int LARGE = 256 << 10;
    }

    private final int number;
    private final boolean repeated;
    private final int answerBytes;
    private final Function<ErrandReader, Errand<?>> reader;

    ErrandKind(int number, boolean repeated, int answerBytes, Function<ErrandReader, Errand<?>> reader) {
        this.number = number;
        this.repeated = repeated;
        this.answerBytes = answerBytes;
        this.reader = reader;
    }

    /** Its number, 1 to 255. */
    public int number() {
        return number;
    }

    /** Whether it may be done again when it is not known whether it was. */
    public boolean repeated() {
        return repeated;
    }

    /** About how large an answer is at most, but for one of a single message, in bytes. */
    public int answerBytes() {
        return answerBytes;
    }

    /**
     * The kind with a number.
     *
     * @throws ErrandFormatException when this release knows none
     */
    public static ErrandKind of(int number) {
        for (ErrandKind kind : values()) {
            if (kind.number == number) {
                return kind;
            }
        }
        throw new ErrandFormatException("an errand of kind " + number + ", which this release does not know");
    }

    /**
     * The errand that was written.
     *
     * @throws ErrandFormatException when these bytes are none
     */
    public Errand<?> read(byte[] bytes) {
        ErrandReader in = new ErrandReader(bytes);
        Errand<?> errand = reader.apply(in);
        in.end();
        return errand;
    }
}
