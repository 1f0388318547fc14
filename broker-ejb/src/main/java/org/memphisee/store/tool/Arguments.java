package org.memphisee.store.tool;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What was asked for.
 *
 * @param command verify, list, dump or export
 * @param data the data directory
 * @param stream name or number, empty where the command takes none
 * @param out where an export goes, null for the standard output
 * @param keys the file with the storage keys, null for none
 */
record Arguments(String command, Path data, String stream, Path out, Path keys) {

    private static final Set<String> WITHOUT_STREAM = Set.of("verify", "list");
    private static final Set<String> WITH_STREAM = Set.of("dump", "export");

    /** The call is off; an empty text asks for the usage alone. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1;

        UsageException(String message) {
            super(message);
        }
    }

    static Arguments parse(String[] args, String environment) throws UsageException {
        List<String> words = new ArrayList<>();
        String data = environment;
        String out = null;
        String keys = null;
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--help") || args[i].equals("-h")) {
                throw new UsageException("");
            } else if (args[i].equals("--data") && i + 1 < args.length) {
                data = args[++i];
            } else if (args[i].equals("--out") && i + 1 < args.length) {
                out = args[++i];
            } else if (args[i].equals("--keys") && i + 1 < args.length) {
                keys = args[++i];
            } else if (args[i].startsWith("--")) {
                throw new UsageException("unknown or incomplete option " + args[i]);
            } else {
                words.add(args[i]);
            }
        }
        if (words.isEmpty()) {
            throw new UsageException("");
        }
        String command = words.get(0);
        if (!WITHOUT_STREAM.contains(command) && !WITH_STREAM.contains(command)) {
            throw new UsageException("unknown command " + command);
        }
        int expected = WITH_STREAM.contains(command) ? 2 : 1;
        if (words.size() != expected) {
            throw new UsageException(command + (expected == 2 ? " needs one stream" : " takes no stream"));
        }
        if (out != null && !command.equals("export")) {
            throw new UsageException("--out belongs to export");
        }
        if (data == null || data.isEmpty()) {
            throw new UsageException("name the data directory with --data or MEMPHISEE_DATA_DIR");
        }
        return new Arguments(command, path(data), expected == 2 ? words.get(1) : "", out == null ? null : path(out),
            keys == null ? null : path(keys));
    }

    private static Path path(String text) throws UsageException {
        try {
            return Path.of(text).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new UsageException("not a path: " + text);
        }
    }
}
