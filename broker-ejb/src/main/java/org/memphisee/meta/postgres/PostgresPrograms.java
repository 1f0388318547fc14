package org.memphisee.meta.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where PostgreSQL's programs are: unpacked by somebody, or in an archive that is unpacked when they are needed. Immutable;
 * asked by the thread that starts and stops the database.
 */
@FunctionalInterface
public interface PostgresPrograms {

    /**
     * The directory with {@code bin}, {@code lib} and {@code share}; may take seconds the first time.
     *
     * @param root directory of the embedded database, for what has to be unpacked
     * @throws IOException if they cannot be unpacked
     * @throws PostgresException if there are none; the message says the remedy
     */
    Path directory(Path root) throws IOException, PostgresException;

    /**
     * The programs that come with the broker, unpacked into the directory of the database.
     *
     * @param loader class loader that sees the archive
     * @param elsewhere directories, which nobody else may write to, for a database on a file system that no programs may be run from
     */
    static PostgresPrograms packed(ClassLoader loader, Path... elsewhere) {
        return root -> PostgresBinaries.unpacked(root, List.of(elsewhere), loader);
    }

    /** Programs that are installed already, such as those of a distribution or an image. */
    static PostgresPrograms in(Path directory) {
        return root -> {
            for (String program : List.of("initdb", "pg_ctl", "postgres")) {
                if (!Files.isExecutable(directory.resolve("bin").resolve(program))) {
                    throw new PostgresException("memphisee.metadata.programs is \"" + directory + "\", and there is no program bin/"
                        + program + " that we may run; name the directory with bin, lib and share of a PostgreSQL");
                }
            }
            return directory;
        };
    }

    /**
     * Unpacks the programs that come with the broker, for an installation that has them ready.
     *
     * @param arguments the directory that is to have {@code bin}, {@code lib} and {@code share}
     */
    static void main(String[] arguments) throws IOException, PostgresException {
        PostgresBinaries.unpack(PostgresPrograms.class.getClassLoader(), Path.of(arguments[0]));
    }
}
