package org.memphisee.meta.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.support.FreePort;

@Timeout(value = 180, unit = TimeUnit.SECONDS)
final class EmbeddedPostgresTest {

    /** One for all tests: unpacking costs more than everything else. */
    @TempDir
    private static Path root;
    private static int port;

    private EmbeddedPostgres postgres;

    @BeforeAll
    static void findPort() throws IOException {
        port = FreePort.any();
    }

    @BeforeEach
    void prepare() {
        postgres = server();
    }

    @AfterEach
    void stop() throws PostgresException, InterruptedException {
        server().stop();
    }

    @Test
    void shouldServeWithFsyncAndOnlyWithItsPassword() throws Exception {
        postgres.start();

        assertTrue(postgres.alive());
        assertEquals("on", query("show fsync"));
        assertEquals("on", query("show synchronous_commit"));
        assertEquals("127.0.0.1", query("show listen_addresses"));
        SQLException refused = assertThrows(SQLException.class,
            () -> DriverManager.getConnection(url(), EmbeddedPostgres.USER, "memphis").close());
        assertEquals("28P01", refused.getSQLState());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("password"))));
    }

    @Test
    void shouldKeepDataOverStopAndStart() throws Exception {
        postgres.start();
        execute("create table kept (n integer)");
        execute("insert into kept values (42)");

        postgres.stop();
        assertFalse(postgres.alive());
        postgres.start();

        assertEquals("42", query("select n from kept"));
    }

    @Test
    void shouldStopTheSurvivorOfAKilledBrokerAndStartAgain() throws Exception {
        postgres.start();
        long survivor = process();

        EmbeddedPostgres next = server(); // knows nothing of the first, like a broker after kill -9
        next.start();

        assertTrue(next.alive());
        assertFalse(process() == survivor);
        assertEquals("1", query("select count(*) from pg_stat_activity where application_name = 'PostgreSQL JDBC Driver'"));
    }

    @Test
    void shouldNoticeThatTheServerWasKilledAndRecover() throws Exception {
        postgres.start();
        execute("create table survives (n integer)");
        ProcessHandle process = ProcessHandle.of(process()).orElseThrow();

        process.destroyForcibly();
        process.onExit().get(30, TimeUnit.SECONDS);
        assertFalse(postgres.alive());
        startWhenItsChildrenAreGone();

        assertEquals("0", query("select count(*) from survives"));
    }

    @Test
    void shouldSayThatItsPortIsInUse() throws Exception {
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            PostgresException refused = assertThrows(PostgresException.class, postgres::start);

            assertTrue(refused.isPortInUse());
            assertEquals(port, other.getLocalPort());
        }
    }

    @Test
    void shouldSayHowToGoOnWhenThePasswordIsLost() throws Exception {
        postgres.start();
        postgres.stop();
        Path password = root.resolve("password");
        Path aside = Files.move(password, root.resolve("aside"));
        try {
            PostgresException refused = assertThrows(PostgresException.class, postgres::start);

            assertTrue(refused.getMessage().contains(password.toString()), refused.getMessage());
            assertTrue(refused.getMessage().contains("remove " + root), refused.getMessage());
        } finally {
            Files.move(aside, password);
        }
    }

    @Test
    void shouldStartAfterSomebodyOpenedItsDataToAGroup() throws Exception {
        postgres.start();
        postgres.stop();
        Path data = root.resolve("data");
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwx---")); // as volumes with a group are mounted

        postgres.start();

        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(data)));
    }

    @Test
    void shouldRunProgramsThatAreInstalledAlreadyAndUnpackNone() throws Exception {
        Path installed = PostgresPrograms.packed(EmbeddedPostgresTest.class.getClassLoader()).directory(root);
        Path other = root.resolve("elsewhere");
        EmbeddedPostgres there = new EmbeddedPostgres(other, port, PostgresPrograms.in(installed));
        try {
            there.start();
            assertTrue(there.alive());
            assertEquals(java.util.Set.of("data", "log", "password"), java.util.Arrays.stream(other.toFile().list())
                .filter(name -> !name.endsWith(".out")).collect(java.util.stream.Collectors.toSet()));
        } finally {
            there.stop();
        }
    }

    @Test
    void shouldEndTheServerWhoseDataSomebodyRemovedAfterTheBrokerWasKilled() throws Exception {
        postgres.start();
        ProcessHandle orphan = ProcessHandle.of(process()).orElseThrow();
        assertEquals(Optional.empty(), Survivors.orphan(root.resolve("data")), "it has its data yet");
        for (String name : List.of("data", "log", "password")) {
            remove(root.resolve(name));
        }
        assertEquals(OptionalInt.of(port), EmbeddedPostgres.portOfSurvivor(root), "the port is not somebody else's");
        assertEquals(Optional.empty(), Survivors.orphan(root.resolve("data-of-others")));

        EmbeddedPostgres next = server();
        next.start();

        assertTrue(next.alive());
        assertFalse(orphan.isAlive());
        assertEquals("1", query("select 1"));
    }

    private static void remove(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** A data directory on a volume that is mounted noexec: needs root to be mounted. */
    @Test
    void shouldRunProgramsFromElsewhereWhereTheDataDirectoryAllowsNoneOrSayWhatHelps(@TempDir Path work) throws Exception {
        Path mounted = Files.createDirectory(work.resolve("mounted"));
        Path area = Files.createDirectory(work.resolve("workarea"));
        assumeTrue("root".equals(System.getProperty("user.name")) && command("mount", "-t", "tmpfs", "-o", "noexec,size=200m",
            "memphisee", mounted.toString()) == 0, "only root may mount");
        try {
            ClassLoader loader = EmbeddedPostgresTest.class.getClassLoader();
            Path data = mounted.resolve("postgres");
            PostgresException refused = assertThrows(PostgresException.class,
                () -> new EmbeddedPostgres(data, port, PostgresPrograms.packed(loader, work.resolve("none"))).start());
            assertTrue(refused.getMessage().contains("noexec") && refused.getMessage().contains("MEMPHISEE_METADATA_PROGRAMS"),
                refused.getMessage());
            EmbeddedPostgres there = new EmbeddedPostgres(data, port, PostgresPrograms.packed(loader, work.resolve("none"), area));
            try {
                there.start();
                assertTrue(there.alive());
                assertEquals(List.of("data", "log", "password"), List.of(data.toFile().list()).stream().sorted().toList());
            } finally {
                there.stop();
            }
        } finally {
            assertEquals(0, command("umount", mounted.toString()));
        }
    }

    private static int command(String... words) throws IOException, InterruptedException {
        return new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
    }

    @Test
    void shouldSayWhichProgramIsMissing() {
        PostgresException refused = assertThrows(PostgresException.class,
            () -> new EmbeddedPostgres(root, port, PostgresPrograms.in(root.resolve("nothing"))).start());

        assertTrue(refused.getMessage().contains("memphisee.metadata.programs")
            && refused.getMessage().contains("bin/initdb"), refused.getMessage());
    }

    @Test
    void shouldReportWhatPostgresSaidWhenItDoesNotStart() throws Exception {
        postgres.start();
        postgres.stop();
        Path version = root.resolve("data").resolve("PG_VERSION");
        String right = Files.readString(version);
        Files.writeString(version, "9.6\n");
        try {
            PostgresException failed = assertThrows(PostgresException.class, postgres::start);

            assertTrue(failed.getMessage().startsWith("pg_ctl failed: "), failed.getMessage());
            assertFalse(failed.isPortInUse());
        } finally {
            Files.writeString(version, right);
        }
    }

    /** A killed server's children notice it within moments; until then they hold its shared memory. */
    private void startWhenItsChildrenAreGone() throws InterruptedException, PostgresException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try {
                postgres.start();
                return;
            } catch (PostgresException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
            }
        }
    }

    private static EmbeddedPostgres server() {
        return new EmbeddedPostgres(root, port, PostgresPrograms.packed(EmbeddedPostgresTest.class.getClassLoader()));
    }

    private static long process() throws IOException {
        return Long.parseLong(Files.readAllLines(root.resolve("data").resolve("postmaster.pid")).get(0).trim());
    }

    private static String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?loginTimeout=10&socketTimeout=20";
    }

    private Connection connect() throws SQLException, PostgresException {
        return DriverManager.getConnection(url(), EmbeddedPostgres.USER, postgres.password());
    }

    private void execute(String sql) throws SQLException, PostgresException {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String query(String sql) throws SQLException, PostgresException {
        try (Connection connection = connect(); Statement statement = connection.createStatement();
             ResultSet result = statement.executeQuery(sql)) {
            assertTrue(result.next());
            return result.getString(1);
        }
    }
}
