package org.memphisee.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;

import org.memphisee.message.OperatorMessage;
import org.memphisee.run.ExitStatus;

/**
 * The key store that the container serves HTTPS from, made of the PEM files of the settings: the container reads key stores only, and only
 * one that is there before it starts. The start script of an installed server runs this program first; the broker writes the file anew when
 * the PEM files are renewed, and the container sees that. Nobody but the server's user may read it, as the key that it is made of.
 */
public final class HttpsStore {

    /** Its password, which protects nothing: the container wants one. Stands in {@code tls/https-pem.xml} too. */
    static final String PASSWORD = "memphisee-https";

    private static final String CERTIFICATE = "MEMPHISEE_TLS_CERTIFICATE";
    private static final String KEY = "MEMPHISEE_TLS_KEY";
    private static final String KEY_PASSWORD = "MEMPHISEE_TLS_KEY_PASSWORD";

    private HttpsStore() { }

    /** Writes the file that the one argument names, from the environment; ends with 78 and one line when that cannot be. */
    public static void main(String[] args) {
        try {
            Map<String, String> environment = System.getenv();
            write(Path.of(args[0]), environment.getOrDefault(CERTIFICATE, ""), environment.getOrDefault(KEY, ""), password(environment));
        } catch (TlsException e) {
            System.err.println(OperatorMessage.TLS_UNUSABLE.lineWithRemedy(e.getMessage(), e.remedy()));
            System.exit(ExitStatus.WRONG_SETTINGS);
        }
    }

    static String password(Map<String, String> environment) throws TlsException {
        String file = environment.get(KEY_PASSWORD + "_FILE");
        if (environment.containsKey(KEY_PASSWORD) || file == null) {
            return environment.getOrDefault(KEY_PASSWORD, "");
        }
        return new String(PemFiles.read(KEY_PASSWORD + "_FILE", file), java.nio.charset.StandardCharsets.UTF_8).replaceAll("\\R\\z", "");
    }

    /**
     * Writes the key store; it is there as a whole or not at all.
     *
     * @param certificate PEM file with our certificate and what leads to its CA
     * @param key PEM file with the key
     * @param password of the key, empty for none
     * @throws TlsException if they cannot be used, or the file cannot be written
     */
    public static void write(Path file, String certificate, String key, String password) throws TlsException {
        List<X509Certificate> chain = PemFiles.certificates("memphisee.tls.certificate", certificate);
        PrivateKey secret = PemFiles.key("memphisee.tls.key", key, password, chain.get(0));
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", secret, PASSWORD.toCharArray(), chain.toArray(Certificate[]::new));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            store.store(bytes, PASSWORD.toCharArray());
            replace(file, bytes.toByteArray());
        } catch (GeneralSecurityException e) {
            throw new TlsException("Certificate and key cannot be used for HTTPS: " + e.getMessage(), "Name others", e);
        } catch (IOException e) {
            throw new TlsException("The key store for HTTPS, " + file + ", cannot be written (" + e.getClass().getSimpleName() + ")",
                "Give the server's user the right to write there", e);
        }
    }

    private static void replace(Path file, byte[] bytes) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(fresh, bytes);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
