package org.memphisee.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A certificate for development, made by the JDK's own {@code keytool}: signed by itself, for {@code localhost}, this machine's
 * name and the address that is listened on. Kept as PKCS12 file that only its owner may read.
 */
final class SelfSigned {

    /** How long it is valid. */
    static final Duration VALIDITY = Duration.ofDays(365);

    /** The key lies beside it: the file's permission protects it, not this word. Liberty reads the file with it too. */
    static final String PASSWORD = "memphisee-self-signed";

    /** The name of the only entry, the same as in the file that Liberty makes. */
    static final String ALIAS = "default";

    private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);
    private static final DateTimeFormatter START_DATE =
        DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String HOST_NAME = "[0-9A-Za-z]([0-9A-Za-z-]*[0-9A-Za-z])?(\\.[0-9A-Za-z]([0-9A-Za-z-]*[0-9A-Za-z])?)*";
    private static final long LIMIT_SECONDS = 60;

    private SelfSigned() { }

    /** Where it is kept. */
    static Path file(Path dataDirectory) {
        return dataDirectory.resolve("tls").resolve("self-signed.p12");
    }

    /**
     * Makes key and certificate and writes the file, replacing an older one. Takes about a second.
     *
     * @param address address of the listeners
     */
    static void create(Path file, String address, Instant now) throws IOException {
        Files.createDirectories(file.getParent());
        // nobody else sees the key before its file is protected
        Path directory = Files.createTempDirectory(file.getParent(), "making-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path fresh = directory.resolve("fresh.p12");
        try {
            keytool("-genkeypair", "-alias", ALIAS, "-keyalg", "EC", "-groupname", "secp256r1", "-sigalg", "SHA256withECDSA",
                "-dname", "CN=Memphis EE development", "-startdate", START_DATE.format(now.minus(CLOCKS_DIFFER)),
                "-validity", String.valueOf(VALIDITY.toDays()), "-ext", "KeyUsage:critical=digitalSignature",
                "-ext", "ExtendedKeyUsage=serverAuth", "-ext", "SubjectAlternativeName=" + names(address),
                "-storetype", "PKCS12", "-keystore", fresh.toString(), "-storepass", PASSWORD);
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
            Files.delete(directory);
        }
    }

    private static void keytool(String... arguments) throws IOException {
        List<String> command = Stream.concat(Stream.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-J-Duser.timezone=UTC", "-J-Duser.language=en", "-J-XX:TieredStopAtLevel=1"), Stream.of(arguments)).toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("keytool: " + output.strip().replaceAll("\\R", " "));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool worked", e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** In the words of keytool, separated by commas. */
    private static String names(String address) {
        Set<String> hosts = new LinkedHashSet<>(Set.of("localhost"));
        Set<InetAddress> addresses = new LinkedHashSet<>();
        try {
            addresses.add(InetAddress.getByName("127.0.0.1"));
            addresses.add(InetAddress.getByName("::1"));
            InetAddress bound = InetAddress.getByName(address);
            if (!bound.isAnyLocalAddress()) {
                addresses.add(bound);
            }
            if (!address.equals(bound.getHostAddress())) {
                hosts.add(address);
            }
            hosts.add(InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException e) {
            // a machine without a name of its own: the others do
        }
        return Stream.concat(hosts.stream().filter(host -> host.matches(HOST_NAME)).map(host -> "DNS:" + host),
            addresses.stream().map(ip -> "IP:" + withoutScope(ip.getHostAddress()))).collect(Collectors.joining(","));
    }

    private static String withoutScope(String address) {
        return address.replaceAll("%.*", "");
    }
}
