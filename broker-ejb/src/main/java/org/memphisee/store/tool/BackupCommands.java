package org.memphisee.store.tool;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.memphisee.store.backup.BackupException;
import org.memphisee.store.backup.BackupRestore;
import org.memphisee.store.backup.Manifest;
import org.memphisee.store.backup.Pruning;

/** What the tool does with backups: {@code verify-backup BACKUP}, {@code restore BACKUP} and {@code prune-backups DIR}. */
final class BackupCommands {

    static final Set<String> NAMES = Set.of("verify-backup", "restore", "prune-backups");

    private static final String TOOL = "memphis-store: ";

    private final PrintStream out;
    private final PrintStream err;

    BackupCommands(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs one; {@code environment} is the data directory from the environment, null for none. */
    int run(String[] args, String environment) {
        return args[0].equals("prune-backups") ? prune(args) : one(args, environment);
    }

    private int one(String[] args, String environment) {
        List<String> words = new ArrayList<>();
        String data = environment;
        boolean replace = false;
        boolean same = false;
        boolean restore = args[0].equals("restore");
        for (int i = 1; i < args.length; i++) {
            if (restore && args[i].equals("--data") && i + 1 < args.length) {
                data = args[++i];
            } else if (restore && args[i].equals("--replace")) {
                replace = true;
            } else if (restore && args[i].equals("--same")) {
                same = true;
            } else if (args[i].startsWith("--")) {
                return refuse("unknown or incomplete option " + args[i]);
            } else {
                words.add(args[i]);
            }
        }
        if (words.size() != 1) {
            return refuse(args[0] + " needs the directory of one backup");
        }
        if (restore && (data == null || data.isEmpty())) {
            return refuse("name the data directory with --data or MEMPHISEE_DATA_DIR");
        }
        try {
            Path backup = Path.of(words.get(0)).toAbsolutePath().normalize();
            return restore ? restore(backup, Path.of(data).toAbsolutePath().normalize(), replace, same) : verify(backup);
        } catch (InvalidPathException e) {
            return refuse("not a path: " + e.getInput());
        } catch (BackupException e) {
            return refuse(e.getMessage());
        } catch (IOException e) {
            return refuse(e.toString());
        }
    }

    private int verify(Path backup) throws IOException, BackupException {
        List<String> wrong = BackupRestore.verify(backup);
        wrong.forEach(line -> err.println("damaged: " + line));
        if (wrong.isEmpty()) {
            Manifest manifest = Manifest.read(backup);
            out.println("good: " + manifest.files().size() + " files, " + manifest.bytes() + " bytes, of " + manifest.time()
                + ", made by release " + manifest.product());
        }
        return wrong.isEmpty() ? StoreTool.GOOD : StoreTool.DAMAGED;
    }

    private int restore(Path backup, Path data, boolean replace, boolean same) throws IOException, BackupException {
        Manifest manifest = BackupRestore.restore(backup, data, replace, same);
        out.println("restored: " + manifest.bytes() + " bytes of " + manifest.time() + " into " + data);
        return StoreTool.GOOD;
    }

    private int prune(String[] args) {
        List<String> words = new ArrayList<>();
        int keep = 0;
        Instant before = null;
        boolean dry = false;
        try {
            for (int i = 1; i < args.length; i++) {
                if (args[i].equals("--keep") && i + 1 < args.length) {
                    keep = Integer.parseInt(args[++i]);
                    if (keep < 1) {
                        return refuse("--keep takes a whole number from 1 on: the last good backup always stays");
                    }
                } else if (args[i].equals("--before") && i + 1 < args.length) {
                    before = Instant.parse(args[++i]);
                } else if (args[i].equals("--dry-run")) {
                    dry = true;
                } else if (args[i].startsWith("--")) {
                    return refuse("unknown or incomplete option " + args[i]);
                } else {
                    words.add(args[i]);
                }
            }
        } catch (NumberFormatException e) {
            return refuse("--keep takes a whole number from 1 on");
        } catch (DateTimeParseException e) {
            return refuse("--before takes a time such as 2026-11-30T12:00:00Z");
        }
        if (words.size() != 1 || keep == 0 && before == null) {
            return refuse("prune-backups needs the directory of backups, and --keep, --before or both");
        }
        try {
            Path into = Path.of(words.get(0)).toAbsolutePath().normalize();
            return prune(into, Math.max(1, keep), before == null ? Instant.MAX : before, dry);
        } catch (InvalidPathException e) {
            return refuse("not a path: " + e.getInput());
        } catch (IOException e) {
            return refuse(e.toString());
        }
    }

    private int prune(Path into, int keep, Instant before, boolean dry) throws IOException {
        if (!Files.isDirectory(into)) {
            return refuse("there is no directory " + into);
        }
        boolean damaged = false;
        for (Pruning.Judged one : Pruning.judge(into, keep, before)) {
            String name = one.backup().getFileName() + ", " + one.bytes() + " bytes";
            switch (one.fate()) {
                case GOOD -> out.println("stays, good: " + name);
                case STAYS -> out.println("stays: " + name);
                case DAMAGED -> {
                    damaged = true;
                    err.println("stays, damaged: " + name + ": " + String.join("; ", one.wrong()));
                }
                default -> {
                    if (!dry) {
                        Pruning.remove(one.backup());
                    }
                    out.println((dry ? "would be removed: " : "removed: ") + name);
                }
            }
        }
        return damaged ? StoreTool.DAMAGED : StoreTool.GOOD;
    }

    private int refuse(String why) {
        err.println(TOOL + why);
        return StoreTool.REFUSED;
    }
}
