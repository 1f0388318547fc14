package org.memphisee.net;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Keys and certificates made by the JDK's keytool: a CA with a server and a client, a server whose certificate has expired,
 * one whose is for another host, and a stranger signed by nobody.
 */
public final class TestKeys {

    private static final String PASSWORD = "changeit";
    private final KeyStore store;

    public TestKeys(Path directory) throws IOException, InterruptedException, GeneralSecurityException {
        Path file = directory.resolve("all.p12");
        keytool(file, "ca", "-ext", "bc=ca:true");
        keytool(file, "server", "-signer", "ca", "-ext", "san=dns:localhost,ip:127.0.0.1");
        keytool(file, "client", "-signer", "ca");
        keytool(file, "expired", "-signer", "ca", "-ext", "san=dns:localhost", "-startdate", "-3d");
        keytool(file, "elsewhere", "-signer", "ca", "-ext", "san=dns:elsewhere.example");
        keytool(file, "stranger");
        store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
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

    /**
     * A context that trusts the CA.
     *
     * @param alias whose key it shows; empty for none
     */
    public SSLContext context(String alias) throws GeneralSecurityException, IOException {
        KeyStore trusted = empty();
        trusted.setCertificateEntry("ca", store.getCertificate("ca"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyStore own = empty();
        if (!alias.isEmpty()) {
            own.setKeyEntry(alias, store.getKey(alias, PASSWORD.toCharArray()), PASSWORD.toCharArray(),
                    store.getCertificateChain(alias));
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore empty = KeyStore.getInstance("PKCS12");
        empty.load(null, null);
        return empty;
    }
}
