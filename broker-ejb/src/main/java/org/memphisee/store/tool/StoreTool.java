package org.memphisee.store.tool;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

import org.memphisee.core.log.StoreException;
import org.memphisee.store.crypt.StorageKeys;
import org.memphisee.store.crypt.StorageKeysException;
import org.memphisee.store.je.JeInspection;
import org.memphisee.store.version.DataVersion;
import org.memphisee.store.version.DataVersionException;

/** The command line. Results go to the standard output, progress and damage to the standard error. */
public final class StoreTool {

    static final int GOOD = 0;
    static final int DAMAGED = 1;
    static final int REFUSED = 2;

    private static final String USAGE = """
        Looks at the store of a stopped broker, and changes nothing in it but with restore; looks at backups, and removes old ones.

          memphis-store verify [--data DIR]                  reads everything and names what is damaged
          memphis-store list   [--data DIR]                  the partitions, their streams and sizes
          memphis-store dump   STREAM [--data DIR]           one partition: state, batches, cursors
          memphis-store export STREAM [--data DIR] [--out FILE]
                                                             its readable messages, one JSON object a line

          memphis-store verify-backup BACKUP                 reads all of a backup and compares checksums
          memphis-store restore BACKUP [--data DIR] [--replace] [--same]
                                                             puts it into an empty data directory; --replace: one that
                                                             holds a log, which stays beside it; --same: the directory
                                                             counts as the one that was saved, which must not come back
          memphis-store prune-backups DIR [--keep N] [--before TIME] [--dry-run]
                                                             removes old backups from a directory of them: N good ones stay,
                                                             at least one, and all that were begun at TIME or later

        STREAM is the name of a stream (a station's partitions are streams called STATION$1, STATION$2 ...), or the
        number of a partition. The first four take --keys FILE when the store is encrypted: the file with the storage
        keys. DIR is the broker's data directory; without it, the variable MEMPHISEE_DATA_DIR.
        Exit status: 0 all is well, 1 something is damaged, 2 the tool could not do what was asked.
        """;

    private final PrintStream out;
    private final PrintStream err;

    StoreTool(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs one command and ends the process with its status. */
    public static void main(String[] args) {
        PrintStream out = new PrintStream(new BufferedOutputStream(System.out, 1 << 16), false, StandardCharsets.UTF_8);
        int status = new StoreTool(out, System.err).run(args, System.getenv("MEMPHISEE_DATA_DIR"));
        out.flush();
        if (out.checkError() && status == GOOD) {
            System.err.println("memphis-store: the output could not be written");
            status = REFUSED;
        }
        System.exit(status);
    }

    /** Runs one command; {@code environment} is the data directory from the environment, null for none. */
    int run(String[] args, String environment) {
        if (args.length > 0 && BackupCommands.NAMES.contains(args[0])) {
            return new BackupCommands(out, err).run(args, environment);
        }
        Arguments arguments;
        try {
            arguments = Arguments.parse(args, environment);
        } catch (Arguments.UsageException e) {
            err.println(e.getMessage().isEmpty() ? USAGE : "memphis-store: " + e.getMessage() + "\n\n" + USAGE);
            return REFUSED;
        }
        Optional<StorageKeys> keys;
        try {
            DataVersion.read(arguments.data());
        } catch (IOException | DataVersionException e) {
            err.println("memphis-store: " + arguments.data() + ": " + e.getMessage());
            return REFUSED;
        }
        try {
            keys = arguments.keys() == null ? Optional.empty() : Optional.of(StorageKeys.read(arguments.keys()));
        } catch (StorageKeysException e) {
            err.println("memphis-store: " + e.getMessage());
            return REFUSED;
        }
        try (JeInspection store = JeInspection.open(arguments.data().resolve("log"), keys)) {
            return run(arguments, store);
        } catch (StoreException e) {
            err.println("memphis-store: " + e.getMessage());
            return REFUSED;
        } catch (IOException e) {
            err.println("memphis-store: damaged: " + e.getMessage());
            return DAMAGED;
        }
    }

    private int run(Arguments arguments, JeInspection store) throws IOException {
        Damages damages = new Damages(err);
        StreamNames names = StreamNames.read(store, damages);
        switch (arguments.command()) {
            case "verify" -> new Verification(store, names, damages, out, new Progress(err, System::nanoTime)).run();
            case "list" -> new Listing(store, names, damages, out).run();
            case "dump" -> {
                long partition = partition(names, arguments);
                if (partition < 0) {
                    return REFUSED;
                }
                new Dump(store, names, damages, out).run(partition);
            }
            default -> {
                long partition = partition(names, arguments);
                if (partition < 0) {
                    return REFUSED;
                }
                export(arguments, store, damages, partition);
            }
        }
        return damages.count() == 0 ? GOOD : DAMAGED;
    }

    private long partition(StreamNames names, Arguments arguments) {
        long partition = names.partition(arguments.stream());
        if (partition < 0) {
            err.println("memphis-store: no stream is called " + arguments.stream() + "; \"memphis-store list\" names all");
        }
        return partition;
    }

    private void export(Arguments arguments, JeInspection store, Damages damages, long partition) throws IOException {
        if (arguments.out() == null) {
            report(new Export(store, damages, out).run(partition), "standard output");
            return;
        }
        // never over a file that is there: it may be the last good export
        try (OutputStream file = Files.newOutputStream(arguments.out(), StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE)) {
            report(new Export(store, damages, new BufferedOutputStream(file, 1 << 16)).run(partition),
                arguments.out().toString());
        } catch (FileAlreadyExistsException e) {
            throw new StoreException("the file " + arguments.out() + " is there already; name another one with --out", e,
                false);
        }
    }

    private void report(Export.Result result, String where) {
        err.println("exported " + result.messages() + " messages to " + where + (result.uncertain() == 0 ? ""
            : "; " + result.uncertain() + " of them may have been removed before (\"maybe_removed\")"));
    }
}
