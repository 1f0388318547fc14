package org.memphisee.it.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A CA with a server, its renewed certificate, and a client, and a stranger whom it did not sign; as key store, PEM files and
 * contexts.
 */
public final class TestKeys {
    static final String PASSWORD = "a-Key-store-2";

    private final Path directory;
    private final KeyStore all;

    /** Makes all of them. */
    public TestKeys(Path directory) throws IOException, InterruptedException, GeneralSecurityException {
        this.directory = directory;
        Path file = directory.resolve("all.p12");
        keytool(file, "ca", "-ext", "bc=ca:true");
        keytool(file, "server", "-signer", "ca", "-ext", "san=dns:localhost,ip:127.0.0.1");
        keytool(file, "renewed", "-signer", "ca", "-ext", "san=dns:localhost,ip:127.0.0.1");
        keytool(file, "client", "-signer", "ca");
        keytool(file, "stranger");
        all = empty();
        try (InputStream in = Files.newInputStream(file)) {
            all.load(in, PASSWORD.toCharArray());
        }
        putKeystore("server");
        for (String alias : List.of("ca", "server", "renewed", "client", "stranger")) {
            StringBuilder chain = new StringBuilder();
            for (Certificate certificate : all.getCertificateChain(alias)) {
                chain.append(pem("CERTIFICATE", certificate.getEncoded()));
            }
            Files.writeString(certificate(alias), chain);
            Files.writeString(keyFile(alias), pem("PRIVATE KEY", key(alias).getEncoded()));
        }
    }

    private static void keytool(Path file, String alias, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool")
                .toString(), "-genkeypair", "-alias", alias, "-keyalg", "EC", "-dname", "CN=" + alias, "-validity", "2",
                "-storetype", "PKCS12", "-keystore", file.toString(), "-storepass", PASSWORD));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException("keytool: " + output);
        }
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore empty = KeyStore.getInstance("PKCS12");
        empty.load(null, null);
        return empty;
    }

    private Key key(String alias) throws GeneralSecurityException {
        return all.getKey(alias, PASSWORD.toCharArray());
    }

    private static String pem(String type, byte[] content) {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
                + "\n-----END " + type + "-----\n";
    }

    /** Gives the server's PKCS12 file this one's key; another file takes the name, as certificate managers do it. */
    void putKeystore(String alias) throws GeneralSecurityException, IOException {
        KeyStore server = empty();
        server.setKeyEntry("server", key(alias), PASSWORD.toCharArray(), all.getCertificateChain(alias));
        server.setCertificateEntry("ca", all.getCertificate("ca"));
        Path file = directory.resolve("new.p12");
        try (var out = Files.newOutputStream(file)) {
            server.store(out, PASSWORD.toCharArray());
        }
        Files.move(file, keystore(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The server's PKCS12 file. */
    Path keystore() {
        return directory.resolve("server.p12");
    }

    /** PEM file with the certificate of one of them and what leads to its CA. */
    public Path certificate(String alias) {
        return directory.resolve(alias + "-cert.pem");
    }

    /** PEM file with its key. */
    public Path keyFile(String alias) {
        return directory.resolve(alias + "-key.pem");
    }

    /** What a client needs; it trusts the CA and shows this one's certificate, none if empty. */
    public SSLContext context(String alias) throws GeneralSecurityException, IOException {
        KeyStore trusted = empty();
        trusted.setCertificateEntry("ca", all.getCertificate("ca"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyStore own = empty();
        if (!alias.isEmpty()) {
            own.setKeyEntry(alias, key(alias), PASSWORD.toCharArray(), all.getCertificateChain(alias));
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
