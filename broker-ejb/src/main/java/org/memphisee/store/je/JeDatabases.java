package org.memphisee.store.je;

import com.sleepycat.je.CacheMode;
import com.sleepycat.je.Database;
import com.sleepycat.je.DatabaseConfig;
import com.sleepycat.je.DatabaseException;
import com.sleepycat.je.Environment;
import java.util.ArrayList;
import java.util.List;

/** The databases; all partitions share them, so that a new partition costs nothing. */
final class JeDatabases {
    private static final String SIDE_LOGS = "sidelogs";
    private static final String KEYS = "keys";

    /** partition, first sequence → record. */
    final Database batches;
    /** partition, first sequence → summary; recovery reads these and never the batches. */
    final Database summaries;
    /** partition, first sequence → tombstones. */
    final Database tombstones;
    /** partition → state. */
    final Database states;
    /** partition, consumer → cursor. */
    final Database cursors;
    /** index → event of the system log. */
    final Database system;
    /** 0 → index and snapshot of the system log. */
    final Database snapshot;
    /** partition → nothing; deletions that are not finished. */
    final Database drops;

    /** side log, number → time and record; null in a store of an older release that is only read. */
    final Database sideLogs;

    /** data key → wrapped data key, in the clear; null in a store that is not encrypted. */
    final Database keys;

    private final boolean readOnly;
    private final List<Database> all = new ArrayList<>();

    /**
     * Opens them, and makes those that are missing; to be read only when the environment is.
     *
     * @param encrypted whether there is to be a database for data keys
     */
    JeDatabases(Environment environment, boolean readOnly, boolean encrypted) {
        this.readOnly = readOnly;
        try {
            batches = open(environment, "batches");
            summaries = open(environment, "summaries");
            tombstones = open(environment, "tombstones");
            states = open(environment, "states");
            cursors = open(environment, "cursors");
            system = open(environment, "system");
            snapshot = open(environment, "snapshot");
            drops = open(environment, "drops");
            List<String> names = environment.getDatabaseNames();
            sideLogs = readOnly && !names.contains(SIDE_LOGS) ? null : open(environment, SIDE_LOGS);
            keys = names.contains(KEYS) || encrypted && !readOnly ? open(environment, KEYS) : null;
        } catch (DatabaseException | IllegalStateException e) {
            closeAfter(e);
            throw e;
        }
    }

    private void closeAfter(RuntimeException failure) {
        try {
            close();
        } catch (DatabaseException | IllegalStateException e) {
            failure.addSuppressed(e);
        }
    }

    /** Those that hold data of partitions under keys that begin with the partition, small ones first. */
    List<Database> ofPartitions() {
        return List.of(states, cursors, tombstones, summaries, batches);
    }

    void close() throws DatabaseException {
        for (Database database : all) {
            database.close();
        }
    }

    private Database open(Environment environment, String name) {
        DatabaseConfig config = new DatabaseConfig();
        config.setAllowCreate(!readOnly);
        config.setReadOnly(readOnly);
        config.setTransactional(true);
        // The cache is for B-tree nodes. Batches just written are served from the core's memory (D9), the other
        // values are read once, at recovery.
        config.setCacheMode(CacheMode.EVICT_LN);
        Database database = environment.openDatabase(null, name, config);
        all.add(database);
        return database;
    }
}
