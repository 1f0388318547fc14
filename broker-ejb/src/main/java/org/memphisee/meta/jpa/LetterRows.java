package org.memphisee.meta.jpa;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;

import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterFormat;
import org.memphisee.core.letters.LetterGroup;

/** Rows about dead letters, inside somebody's transaction: many at a time, so they are no entities. */
final class LetterRows {

    private static final String LETTER = "insert into dead_letters (partition_id, id, kind, sequence, sent_at, updated_at, size, error, "
        + "producer, checksum) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (partition_id, id) do update set kind = excluded.kind, "
        + "sequence = excluded.sequence, sent_at = excluded.sent_at, updated_at = excluded.updated_at, size = excluded.size, "
        + "error = excluded.error, producer = excluded.producer, checksum = excluded.checksum";
    private static final String GROUP = "insert into dead_letter_groups (partition_id, letter_id, name, cause, deliveries, reason, "
        + "given_up_at, again, attempts, due_at, copied) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    /** A letter of the same message that went while others were looked at. */
    private static final String OTHERS_OF_MESSAGES = "delete from dead_letters where partition_id = ? and kind = 'UNACKED' "
        + "and sequence = any (?) and not id = any (?)";
    private static final String NO_GROUPS = "delete from dead_letter_groups where partition_id = ? and letter_id = any (?)";

    private final Connection connection;

    LetterRows(Connection connection) {
        this.connection = connection;
    }

    /** Partitions of which there are rows. */
    Set<Long> partitions() throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("select distinct partition_id from dead_letters");
             ResultSet rows = s.executeQuery()) {
            Set<Long> found = new HashSet<>();
            while (rows.next()) {
                found.add(rows.getLong(1));
            }
            return found;
        }
    }

    /** Whether the partition is in its table, where it stays until the transaction ends: rows about its letters refer to it. */
    boolean defined(long partition) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("select id from partitions where id = ? for key share")) {
            s.setLong(1, partition);
            try (ResultSet rows = s.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** No rows about a partition any more. */
    void removeAll(long partition) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("delete from dead_letters where partition_id = ?")) {
            s.setLong(1, partition);
            s.executeUpdate();
        }
    }

    /** No rows about some letters any more. */
    void remove(long partition, Collection<Long> ids) throws SQLException {
        if (ids.isEmpty()) {
            return;
        }
        try (PreparedStatement s = connection.prepareStatement("delete from dead_letters where partition_id = ? and id = any (?)")) {
            s.setLong(1, partition);
            s.setArray(2, connection.createArrayOf("bigint", ids.toArray()));
            s.executeUpdate();
        }
    }

    /** Brings the rows of letters with numbers above {@code after}, up to {@code last}, to what there is. */
    void match(long partition, long after, long last, List<Letter> there) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(
            "delete from dead_letters where partition_id = ? and id > ? and id <= ? and not id = any (?)")) {
            s.setLong(1, partition);
            s.setLong(2, after);
            s.setLong(3, last);
            s.setArray(4, connection.createArrayOf("bigint", there.stream().map(Letter::id).toArray()));
            s.executeUpdate();
        }
        Map<Long, Long> known = new HashMap<>();
        try (PreparedStatement s = connection.prepareStatement(
            "select id, checksum from dead_letters where partition_id = ? and id > ? and id <= ?")) {
            s.setLong(1, partition);
            s.setLong(2, after);
            s.setLong(3, last);
            try (ResultSet rows = s.executeQuery()) {
                while (rows.next()) {
                    known.put(rows.getLong(1), rows.getLong(2));
                }
            }
        }
        put(partition, there.stream().filter(letter -> !Long.valueOf(checksum(letter)).equals(known.get(letter.id()))).toList());
    }

    /** Rows of letters as they are now. */
    void put(long partition, List<Letter> letters) throws SQLException {
        if (letters.isEmpty()) {
            return;
        }
        Object[] ids = letters.stream().map(Letter::id).toArray();
        try (PreparedStatement s = connection.prepareStatement(OTHERS_OF_MESSAGES)) {
            s.setLong(1, partition);
            s.setArray(2, connection.createArrayOf("bigint", letters.stream().filter(l -> l.kind() == Letter.Kind.UNACKED)
                .map(Letter::sequence).toArray()));
            s.setArray(3, connection.createArrayOf("bigint", ids));
            s.executeUpdate();
        }
        try (PreparedStatement s = connection.prepareStatement(LETTER)) {
            for (Letter letter : letters) {
                bind(s, partition, letter.id(), letter.kind().name(), letter.sequence(), EventWriter.time(letter.sentNanos()),
                    EventWriter.time(letter.updatedNanos()), letter.size(), EventWriter.text(letter.error()),
                    EventWriter.text(letter.producer()), checksum(letter));
            }
            s.executeBatch();
        }
        try (PreparedStatement s = connection.prepareStatement(NO_GROUPS)) {
            s.setLong(1, partition);
            s.setArray(2, connection.createArrayOf("bigint", ids));
            s.executeUpdate();
        }
        try (PreparedStatement s = connection.prepareStatement(GROUP)) {
            for (Letter letter : letters) {
                for (LetterGroup g : letter.groups()) {
                    bind(s, partition, letter.id(), EventWriter.text(g.name()), g.cause().name(), g.deliveries(),
                        EventWriter.text(g.reason()), EventWriter.time(g.atNanos()), g.again().name(), g.attempts(),
                        g.dueNanos() == 0 ? null : EventWriter.time(g.dueNanos()), g.copied());
                }
            }
            s.executeBatch();
        }
    }

    private static void bind(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        statement.addBatch();
    }

    private static long checksum(Letter letter) {
        CRC32C crc = new CRC32C();
        byte[] bytes = LetterFormat.encode(letter);
        crc.update(bytes, 0, bytes.length);
        return crc.getValue();
    }
}
