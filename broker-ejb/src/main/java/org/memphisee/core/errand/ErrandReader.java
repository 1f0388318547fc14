package org.memphisee.core.errand;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterFormat;
import org.memphisee.core.partition.log.StoredMessage;

/** Reads what {@link ErrandWriter} writes. Lengths are looked at before they are believed. One thread. */
public final class ErrandReader {

    private final byte[] bytes;
    private int at;

    /** Reads from the beginning. */
    public ErrandReader(byte[] bytes) {
        this.bytes = bytes;
    }

    private int step(int length) {
        if (length < 0 || length > bytes.length - at) {
            throw new ErrandFormatException(length + " bytes at " + at + " of " + bytes.length);
        }
        at += length;
        return at - length;
    }

    /** One byte, 0 to 255. */
    int u8() {
        return bytes[step(1)] & 0xff;
    }

    /** A truth. */
    boolean flag() {
        return u8() != 0;
    }

    /** Four bytes. */
    int i32() {
        return u8() << 24 | u8() << 16 | u8() << 8 | u8();
    }

    /** Eight bytes. */
    long i64() {
        return (long) i32() << 32 | i32() & 0xffff_ffffL;
    }

    /** Bytes. */
    byte[] slice() {
        int length = i32();
        int from = step(length);
        return Arrays.copyOfRange(bytes, from, from + length);
    }

    /** A text. */
    String text() {
        return new String(slice(), StandardCharsets.UTF_8);
    }

    /** A list; each of its elements has a byte at least. */
    <T> List<T> list(Function<ErrandReader, T> each) {
        int count = i32();
        if (count < 0 || count > bytes.length - at) {
            throw new ErrandFormatException("a list of " + count + " at " + at + " of " + bytes.length);
        }
        List<T> all = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            all.add(each.apply(this));
        }
        return all;
    }

    /** Numbers. */
    List<Long> numbers() {
        return list(ErrandReader::i64);
    }

    /** Something that may not be there. */
    <T> Optional<T> maybe(Function<ErrandReader, T> how) {
        return flag() ? Optional.of(how.apply(this)) : Optional.empty();
    }

    /** One of an enumeration, by its number. */
    <T> T choice(T[] all) {
        int number = u8();
        if (number >= all.length) {
            throw new ErrandFormatException("choice " + number + " of " + all.length);
        }
        return all[number];
    }

    /** A stored message. */
    StoredMessage message() {
        return new StoredMessage(text(), i64(), i64(), slice(), slice());
    }

    /** A letter. */
    Letter letter() {
        long id = i64();
        try {
            return LetterFormat.decode(id, slice());
        } catch (IllegalStateException e) {
            throw new ErrandFormatException(e.getMessage());
        }
    }

    /** That nothing follows. */
    void end() {
        if (at < bytes.length) {
            throw new ErrandFormatException((bytes.length - at) + " bytes behind the end");
        }
    }
}
