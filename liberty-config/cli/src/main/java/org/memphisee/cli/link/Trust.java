package org.memphisee.cli.link;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;

/** Whose certificates are trusted. */
public final class Trust {

    private Trust() { }

    /** Trusts the certificates of a file in PEM, or without one those of the machine. */
    public static SSLContext context(Optional<Path> ca) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(ca.isPresent() ? store(ca.get()) : null);
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new CliFailure(ExitCode.BAD_DATA, "The certificates to trust cannot be read"
                + ca.map(file -> " from " + file).orElse("") + ": " + e.getMessage());
        }
    }

    private static KeyStore store(Path file) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(file)) {
            int number = 0;
            for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca" + number++, certificate);
            }
        }
        return store;
    }
}
