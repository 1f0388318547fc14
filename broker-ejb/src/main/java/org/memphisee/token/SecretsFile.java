package org.memphisee.token;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/**
 * Where secrets live that nobody configured: made once, kept in a file of the data directory that only the server's
 * user can read, so that tokens survive a restart. Used by the starting thread.
 */
public final class SecretsFile {

    /** Name of the file in the data directory. */
    public static final String NAME = "signing.secrets";

    private static final int SECRET_BYTES = 48;
    private static final Set<PosixFilePermission> OWNER_ONLY =
        Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final Path file;
    private final Properties entries = new Properties();
    private boolean changed;

    private SecretsFile(Path file) {
        this.file = file;
    }

    /**
     * The secrets in force: what was configured, and for the rest what the file has, or new ones that are in the file
     * when this returns.
     *
     * @param directory the data directory
     * @throws IOException the file cannot be read or written, or is damaged; the message says what
     */
    public static SigningSecrets open(Path directory, SigningSecrets.Configured configured) throws IOException {
        SecretsFile secrets = new SecretsFile(directory.resolve(NAME));
        secrets.read();
        SigningSecrets result = new SigningSecrets(secrets.get("gateway.access", configured.gatewayAccess()),
            secrets.get("gateway.refresh", configured.gatewayRefresh()),
            secrets.get("management.access", configured.managementAccess()),
            secrets.get("management.refresh", configured.managementRefresh()));
        secrets.write();
        return result;
    }

    /**
     * The key that secrets are sealed with which have to be used again, made once.
     *
     * @param directory the data directory
     * @throws IOException as of {@link #open}
     */
    public static byte[] sealingKey(Path directory) throws IOException {
        SecretsFile secrets = new SecretsFile(directory.resolve(NAME));
        secrets.read();
        byte[] key = secrets.get("sealing", Optional.empty());
        secrets.write();
        return key;
    }

    private void read() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        ownerOnly(file);
        try (var in = Files.newInputStream(file)) {
            entries.load(in);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is damaged: " + e.getMessage(), e);
        }
    }

    private byte[] get(String name, Optional<String> configured) throws IOException {
        if (configured.isPresent()) {
            return configured.get().getBytes(StandardCharsets.UTF_8);
        }
        String stored = entries.getProperty(name);
        if (stored == null) {
            byte[] fresh = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(fresh);
            entries.setProperty(name, Base64.getEncoder().encodeToString(fresh));
            changed = true;
            return fresh;
        }
        try {
            byte[] secret = Base64.getDecoder().decode(stored);
            if (secret.length == SECRET_BYTES) {
                return secret;
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is damaged: entry " + name + " is not in base64", e);
        }
        throw new IOException(file + " is damaged: entry " + name + " has a wrong length");
    }

    /** Complete or not at all, also when the machine fails meanwhile. */
    private void write() throws IOException {
        if (!changed) {
            return;
        }
        Path fresh = file.resolveSibling(NAME + ".new");
        Files.deleteIfExists(fresh);
        create(fresh);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        entries.store(text, "Secrets that tokens are signed with. Whoever has them can sign in as anybody.");
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.toByteArray());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void create(Path path) throws FileAlreadyExistsException, IOException {
        FileAttribute<?>[] attributes = posix(path)
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)} : new FileAttribute<?>[0];
        Files.createFile(path, attributes);
    }

    private static void ownerOnly(Path path) throws IOException {
        if (posix(path) && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(path))) {
            Files.setPosixFilePermissions(path, OWNER_ONLY);
        }
    }

    private static boolean posix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
