package org.memphisee.meta.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.logging.Logger;
import java.util.stream.Stream;

import org.memphisee.message.OperatorMessage;

/**
 * One PostgreSQL server on 127.0.0.1 with its own password and with fsync. Its directory holds the programs, the data,
 * the password and the log. Not thread-safe; every method may block for seconds.
 */
public final class EmbeddedPostgres {

    /** The only user, and the owner of everything. */
    public static final String USER = "memphis";

    private static final Logger LOG = Logger.getLogger(EmbeddedPostgres.class.getName());
    private static final Duration PROGRAM_LIMIT = Duration.ofSeconds(90);
    private static final Duration ORPHAN_LIMIT = Duration.ofSeconds(10);

    private static final String DATA = "data";

    private final Path root;
    private final Path data;
    private final int port;
    private final PostgresPrograms programs;
    private boolean running;

    /**
     * A server that is not started yet.
     *
     * @param root its directory, made when needed
     * @param port port to listen on
     * @param programs where its programs are
     */
    public EmbeddedPostgres(Path root, int port, PostgresPrograms programs) {
        this.root = root.toAbsolutePath().normalize();
        this.data = this.root.resolve(DATA);
        this.port = port;
        this.programs = programs;
    }

    /**
     * Starts the server and waits until it accepts connections. Stops a survivor of a killed broker first, also one whose
     * directory was removed.
     *
     * @throws PostgresException when it cannot be started; it may be tried again
     */
    public void start() throws PostgresException, InterruptedException {
        try {
            Files.createDirectories(root);
            Path programs = this.programs.directory(root);
            ProgramRunner runner = new ProgramRunner(root);
            stopSurvivor(runner, programs);
            requireFreePort();
            if (!Files.exists(data.resolve("PG_VERSION"))) {
                initialise(runner, programs);
            }
            password(); // fails early with a remedy
            Files.createDirectories(root.resolve("log"));
            runner.own(root);
            closeToOthers();
            runner.run(PROGRAM_LIMIT, List.of(program(programs, "pg_ctl"), "start", "-w", "-t", "60", "-D",
                data.toString(), "-l", root.resolve("log").resolve("start.log").toString(), "-o", options()));
            running = true;
        } catch (IOException e) {
            throw new PostgresException(e.getClass().getSimpleName() + ": " + e.getMessage(), e);
        }
    }

    /**
     * The port of a server that was started by an earlier broker and is still there, whether its directory is or not.
     *
     * @param root directory of the embedded PostgreSQL
     */
    public static OptionalInt portOfSurvivor(Path root) {
        return Survivors.port(root.toAbsolutePath().normalize().resolve(DATA));
    }

    /** Whether the server that was started is still there. */
    public boolean alive() {
        return running && Survivors.of(data).isPresent();
    }

    /** Stops the server, if it runs: sessions are ended, data is on disk when this returns. */
    public void stop() throws PostgresException, InterruptedException {
        if (Survivors.of(data).isEmpty()) {
            running = false;
            return;
        }
        try {
            stopProcess(new ProgramRunner(root), programs.directory(root));
            running = false;
        } catch (IOException e) {
            throw new PostgresException(e.getClass().getSimpleName() + ": " + e.getMessage(), e);
        }
    }

    /** The password of {@link #USER}. */
    public String password() throws PostgresException {
        Path file = passwordFile();
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new PostgresException("the password file " + file + " cannot be read; if it is lost, remove " + root
                + " while the broker is down: the database is written anew from the log", e);
        }
    }

    public int port() {
        return port;
    }

    private String options() {
        return String.join(" ", "-p " + port, "-h 127.0.0.1", "-c unix_socket_directories=''", "-c fsync=on",
            "-c synchronous_commit=on", "-c shared_buffers=24MB", "-c max_connections=40", "-c logging_collector=on",
            "-c log_directory=../log", "-c log_filename=postgres-%a.log", "-c log_truncate_on_rotation=on",
            "-c log_rotation_age=1440");
    }

    /**
     * Who mounts a volume may have opened all of it to a group, as orchestrators do; PostgreSQL refuses a directory like that.
     */
    private void closeToOthers() throws IOException {
        if (data.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        }
    }

    private void initialise(ProgramRunner runner, Path programs) throws IOException, PostgresException,
        InterruptedException {
        Path fresh = root.resolve("data.new"); // renamed when complete: an interrupted one is begun anew
        deleteTree(fresh);
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        writeSecret(passwordFile(), Base64.getUrlEncoder().withoutPadding().encodeToString(random));
        runner.own(root);
        runner.run(PROGRAM_LIMIT, List.of(program(programs, "initdb"), "-D", fresh.toString(), "-U", USER, "-A",
            "scram-sha-256", "--pwfile=" + passwordFile(), "-E", "UTF8", "--locale=C"));
        Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
    }

    private void stopSurvivor(ProgramRunner runner, Path programs) throws IOException, PostgresException,
        InterruptedException {
        Optional<ProcessHandle> survivor = Survivors.of(data);
        if (survivor.isPresent()) {
            stopProcess(runner, programs);
            OperatorMessage.POSTGRES_SURVIVOR.log(LOG, survivor.get().pid());
            return;
        }
        Optional<ProcessHandle> orphan = Survivors.orphan(data);
        if (orphan.isPresent()) {
            Survivors.end(orphan.get(), ORPHAN_LIMIT);
            OperatorMessage.POSTGRES_ORPHAN.log(LOG, orphan.get().pid(), data);
        }
    }

    private void stopProcess(ProgramRunner runner, Path programs) throws IOException, PostgresException,
        InterruptedException {
        runner.run(PROGRAM_LIMIT, List.of(program(programs, "pg_ctl"), "stop", "-w", "-t", "30", "-m", "fast", "-D",
            data.toString()));
    }

    private void requireFreePort() throws PostgresException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
        } catch (IOException e) {
            throw PostgresException.portInUse(port);
        }
    }

    private Path passwordFile() {
        return root.resolve("password");
    }

    private static String program(Path programs, String name) {
        return programs.resolve("bin").resolve(name).toString();
    }

    private static void writeSecret(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void deleteTree(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : new ArrayList<>(files.sorted(Comparator.reverseOrder()).toList())) {
                Files.delete(file);
            }
        }
    }
}
