package org.memphisee.it.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Directories of one broker under {@code target/brokers}: a server of its own (a copy of the packaged one; the
 * installation is shared), its output, its data, its temporary files, and its logs, which stay when the rest is removed.
 *
 * <p>The application and PostgreSQL's programs are those of the installed server ({@code it.image}), as archives and images
 * have them: unpacked once for all brokers, which saves seconds of each first start. Without an installed server, with
 * {@code -Dit.packed=true} or for a test that changes the application, a broker unpacks its own, as the run command's does.
 */
final class BrokerHome {
    static final String SERVER = "memphis";
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final List<String> COPIED = List.of("server.xml", "memphisee.xml", "jvm.options", "bootstrap.properties",
            "configDropins", "tls");
    private static final String APPLICATION = "broker.ear";

    private final Path installation;
    private final Path installed;
    private final boolean shares;
    private final Path root;

    /**
     * Makes the directories and copies the server.
     *
     * @param ownApplication whether the application is this broker's alone, packed, and may be changed
     */
    BrokerHome(boolean ownApplication) {
        installation = Path.of(required("it.wlp")).toAbsolutePath().normalize();
        if (!Files.exists(installation.resolve("bin").resolve("server"))) {
            throw new IllegalStateException("no server in " + installation + "; mvn package builds it");
        }
        installed = Path.of(System.getProperty("it.image", "../liberty-config/target/image")).toAbsolutePath().normalize();
        shares = !ownApplication && !Boolean.getBoolean("it.packed")
                && Files.isDirectory(installedServer().resolve("apps").resolve(APPLICATION));
        root = Path.of(System.getProperty("it.brokers", "target/brokers")).toAbsolutePath().normalize()
                .resolve(ProcessHandle.current().pid() + "-" + NUMBERS.incrementAndGet());
        try {
            Files.createDirectories(logs());
            Files.createDirectories(output());
            Files.createDirectories(temporary());
            Path from = installation.resolve("usr").resolve("servers").resolve(SERVER);
            for (String name : COPIED) {
                if (Files.exists(from.resolve(name))) {
                    copy(from.resolve(name), server().resolve(name));
                }
            }
            if (shares) {
                shareUnpacked();
            } else {
                copy(from.resolve("apps"), server().resolve("apps"));
            }
            Files.writeString(server().resolve("jvm.options"), "\n-Djava.io.tmpdir=" + temporary() + "\n",
                    StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String required(String name) {
        String value = System.getProperty(name, "");
        if (value.isEmpty()) {
            throw new IllegalStateException("system property " + name + " is missing; failsafe sets it");
        }
        return value;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                if (Files.isDirectory(file)) {
                    // an application that was expanded by another run is not copied: it is expanded anew
                    Files.createDirectories(target);
                } else if (!file.startsWith(from.resolve("expanded"))) {
                    Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private Path installedServer() {
        return installed.resolve("wlp").resolve("usr").resolve("servers").resolve(SERVER);
    }

    private void shareUnpacked() throws IOException {
        Path overrides = server().resolve("configDropins").resolve("overrides");
        Files.createDirectories(overrides);
        Files.createDirectories(server().resolve("apps"));
        Files.createSymbolicLink(server().resolve("apps").resolve(APPLICATION),
                installedServer().resolve("apps").resolve(APPLICATION));
        Files.copy(installedServer().resolve("configDropins").resolve("overrides").resolve("installed.xml"),
                overrides.resolve("installed.xml"));
    }

    /** The programs of PostgreSQL that all brokers share; empty when each unpacks its own. */
    Optional<Path> postgresPrograms() {
        return shares ? Optional.of(installed.resolve("postgres")) : Optional.empty();
    }

    /** Everything of this broker is below, and nothing of others. */
    Path root() {
        return root;
    }

    Path command() {
        return installation.resolve("bin").resolve("server");
    }

    Path users() {
        return root.resolve("usr");
    }

    Path server() {
        return users().resolve("servers").resolve(SERVER);
    }

    Path output() {
        return root.resolve("output");
    }

    Path data() {
        return root.resolve("data");
    }

    /** Where Java and programs put what they need for a moment. */
    Path temporary() {
        return root.resolve("tmp");
    }

    Path logs() {
        return root.resolve("logs");
    }

    /** Everything the process printed, over all its lives. */
    Path console() {
        return logs().resolve("console.log");
    }

    /** Removes everything but the logs; {@code -Dit.keep=true} keeps it. */
    void remove() {
        if (Boolean.getBoolean("it.keep")) {
            return;
        }
        for (Path directory : List.of(users(), output(), data(), temporary())) {
            try (Stream<Path> files = Files.exists(directory) ? Files.walk(directory) : Stream.empty()) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
