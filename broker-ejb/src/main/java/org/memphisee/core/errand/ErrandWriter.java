package org.memphisee.core.errand;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterFormat;
import org.memphisee.core.partition.log.StoredMessage;

/**
 * Writes errands and answers: big endian, slices and lists with their length (4 bytes) before them, texts in UTF-8. One thread.
 */
public final class ErrandWriter {

    private byte[] bytes = new byte[64];
    private int size;

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
        }
    }

    /** One byte. */
    ErrandWriter u8(int value) {
        room(1);
        bytes[size++] = (byte) value;
        return this;
    }

    /** A truth, one byte. */
    ErrandWriter flag(boolean value) {
        return u8(value ? 1 : 0);
    }

    /** Four bytes. */
    ErrandWriter i32(int value) {
        return u8(value >> 24).u8(value >> 16).u8(value >> 8).u8(value);
    }

    /** Eight bytes. */
    ErrandWriter i64(long value) {
        return i32((int) (value >> 32)).i32((int) value);
    }

    /** Bytes. */
    ErrandWriter slice(byte[] of) {
        i32(of.length);
        room(of.length);
        System.arraycopy(of, 0, bytes, size, of.length);
        size += of.length;
        return this;
    }

    /** A text. */
    ErrandWriter text(String text) {
        return slice(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A list. */
    <T> ErrandWriter list(List<T> all, BiConsumer<ErrandWriter, T> each) {
        i32(all.size());
        all.forEach(one -> each.accept(this, one));
        return this;
    }

    /** Numbers. */
    ErrandWriter numbers(Collection<Long> all) {
        return list(List.copyOf(all), ErrandWriter::i64);
    }

    /** Something that may not be there. */
    <T> ErrandWriter maybe(Optional<T> value, BiConsumer<ErrandWriter, T> how) {
        flag(value.isPresent());
        value.ifPresent(there -> how.accept(this, there));
        return this;
    }

    /** A stored message. */
    ErrandWriter message(StoredMessage m) {
        return text(m.subject()).i64(m.sequence()).i64(m.timestampNanos()).slice(m.header()).slice(m.payload());
    }

    /** A letter, as it is stored. */
    ErrandWriter letter(Letter letter) {
        return i64(letter.id()).slice(LetterFormat.encode(letter));
    }

    /** What was written; nothing is written after that. */
    public byte[] take() {
        return Arrays.copyOf(bytes, size);
    }
}
