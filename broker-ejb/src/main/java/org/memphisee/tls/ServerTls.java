package org.memphisee.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

import org.memphisee.config.BrokerSettings;

/** The server's side of TLS, ready for connections: TLS 1.2 and 1.3, ciphers with forward secrecy only. Immutable. */
public final class ServerTls {

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private static final Pattern CIPHERS =
        Pattern.compile("TLS_(AES|CHACHA20)_.*|TLS_ECDHE_(ECDSA|RSA)_WITH_.*(_GCM_|POLY1305).*");
    private static final String KEYSTORE = "memphisee.tls.keystore";
    /** A store that never leaves this process needs some password all the same. */
    private static final String IN_MEMORY = "in-memory";
    private static final long CONTAINER_WAIT_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long CONTAINER_POLL_MILLIS = 50;

    private final SSLContext context;
    private final Optional<X509Certificate> certificate;
    private final boolean made;

    private ServerTls(SSLContext context, Optional<X509Certificate> certificate, boolean made) {
        this.context = context;
        this.certificate = certificate;
        this.made = made;
    }

    /**
     * Reads, or makes, what the settings say.
     *
     * @param settings with a source of the key
     * @param address address of the listeners, for a certificate of our own
     * @param dataDirectory where that is kept
     * @param now the time of day
     * @throws TlsException with what to do about it
     */
    public static ServerTls load(BrokerSettings.Tls settings, String address, Path dataDirectory, Instant now)
            throws TlsException {
        BrokerSettings.TlsKey key = settings.key();
        boolean mutual = settings.client() == BrokerSettings.ClientTls.MUTUAL;
        if (!key.libertySsl().isEmpty()) {
            return new ServerTls(LibertySsl.context(key.libertySsl()), Optional.empty(), false);
        }
        if (!key.keystore().isEmpty()) {
            KeyStore store = keystore(KEYSTORE, key.keystore(), key.keystorePassword());
            return of(store, key.keystorePassword(), trust(key, mutual, store), false);
        }
        if (!key.certificate().isEmpty()) {
            return fromPem(key, mutual);
        }
        return selfSigned(settings, address, dataDirectory, now, trust(key, mutual, emptyStore()));
    }

    /**
     * Files that this key is read from, to be watched; none for the container's and for one of our own making.
     *
     * @param key where it comes from
     */
    public static List<Path> files(BrokerSettings.TlsKey key) {
        return Stream.of(key.keystore(), key.certificate(), key.key(), key.ca()).filter(name -> !name.isEmpty())
            .map(Path::of).toList();
    }

    /** An engine for one connection; still to be told that it is a server's. Any thread. */
    public SSLEngine engine() {
        SSLEngine engine = context.createSSLEngine();
        engine.setEnabledProtocols(PROTOCOLS);
        engine.setEnabledCipherSuites(Arrays.stream(engine.getSupportedCipherSuites())
            .filter(name -> CIPHERS.matcher(name).matches()).toArray(String[]::new));
        return engine;
    }

    /** Whether the container gave the same twice. */
    boolean sameAs(ServerTls other) {
        return context == other.context;
    }

    /** The certificate that clients see; empty when only the container knows it. */
    public Optional<X509Certificate> certificate() {
        return certificate;
    }

    /** Whether it was just made. */
    public boolean made() {
        return made;
    }

    /** SHA-256 of a certificate, as browsers and {@code openssl x509 -fingerprint -sha256} show it. */
    public static String fingerprint(X509Certificate certificate) {
        try {
            return HexFormat.ofDelimiter(":").withUpperCase()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("each JDK has SHA-256", e);
        }
    }

    private static ServerTls fromPem(BrokerSettings.TlsKey key, boolean mutual) throws TlsException {
        List<X509Certificate> chain = PemFiles.certificates("memphisee.tls.certificate", key.certificate());
        var privateKey = PemFiles.key("memphisee.tls.key", key.key(), key.keyPassword(), chain.get(0));
        try {
            KeyStore store = emptyStore();
            store.setKeyEntry("server", privateKey, IN_MEMORY.toCharArray(), chain.toArray(Certificate[]::new));
            return of(store, IN_MEMORY, trust(key, mutual, emptyStore()), false);
        } catch (GeneralSecurityException e) {
            throw new TlsException("Certificate and key cannot be used: " + e.getMessage(), "Name others", e);
        }
    }

    private static ServerTls selfSigned(BrokerSettings.Tls settings, String address, Path dataDirectory, Instant now,
                                        TrustManager[] trust) throws TlsException {
        Path file = SelfSigned.file(dataDirectory);
        try {
            if (settings.http()) {
                awaitContainer(file); // it serves HTTPS with the same file and makes it before we could
            }
            boolean there = Files.exists(file);
            if (there) {
                KeyStore store = keystore("the data directory", file.toString(), SelfSigned.PASSWORD);
                ServerTls kept = of(store, SelfSigned.PASSWORD, trust, false);
                if (settings.http() || kept.certificate.filter(c -> c.getNotAfter().toInstant().isAfter(now)).isPresent()) {
                    return kept;
                }
            }
            SelfSigned.create(file, address, now);
            return of(keystore("the data directory", file.toString(), SelfSigned.PASSWORD), SelfSigned.PASSWORD, trust, true);
        } catch (IOException e) {
            throw new TlsException("No self-signed certificate can be made in \"" + file + "\": " + e.getMessage(),
                "Give the server's user the right to write there", e);
        }
    }

    private static void awaitContainer(Path file) {
        long deadline = System.nanoTime() + CONTAINER_WAIT_NANOS;
        try {
            while (!Files.exists(file) && System.nanoTime() - deadline < 0) {
                Thread.sleep(CONTAINER_POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the server stops; whoever is next finds out
        }
    }

    private static KeyStore keystore(String setting, String file, String password) throws TlsException {
        byte[] bytes = PemFiles.read(setting, file);
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(bytes), password.toCharArray());
            return store;
        } catch (IOException e) {
            if (e.getCause() instanceof UnrecoverableKeyException) {
                throw new TlsException("The password of key store \"" + file + "\" is wrong",
                    "Set memphisee.tls.keystore.password or MEMPHISEE_TLS_KEYSTORE_PASSWORD_FILE", e);
            }
            throw new TlsException("\"" + file + "\" is no key store in PKCS12 form",
                "Make one: openssl pkcs12 -export -in cert.pem -inkey key.pem -out server.p12", e);
        } catch (GeneralSecurityException e) {
            throw new TlsException("Key store \"" + file + "\" cannot be read: " + e.getMessage(), "Make another one", e);
        }
    }

    private static ServerTls of(KeyStore store, String password, TrustManager[] trust, boolean made)
            throws TlsException {
        try {
            String alias = Collections.list(store.aliases()).stream().filter(name -> isKey(store, name)).findFirst()
                .orElseThrow(() -> new TlsException("The key store has no private key",
                    "Put certificate and key into it: openssl pkcs12 -export -in cert.pem -inkey key.pem -out server.p12"));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust, null);
            return new ServerTls(context, Optional.of((X509Certificate) store.getCertificate(alias)), made);
        } catch (UnrecoverableKeyException e) {
            throw new TlsException("The key in the key store has another password than the store",
                "Give both the same password", e);
        } catch (GeneralSecurityException e) {
            throw new TlsException("The key cannot be used: " + e.getMessage(), "Use an RSA or EC key", e);
        }
    }

    private static boolean isKey(KeyStore store, String alias) {
        try {
            return store.isKeyEntry(alias);
        } catch (GeneralSecurityException e) {
            return false; // cannot be: the store is loaded
        }
    }

    /** Who signs clients' certificates: the CA file, or the trusted certificates of the key store. */
    private static TrustManager[] trust(BrokerSettings.TlsKey key, boolean mutual, KeyStore keystore) throws TlsException {
        try {
            KeyStore trusted = emptyStore();
            if (!key.ca().isEmpty()) {
                int number = 0;
                for (X509Certificate ca : PemFiles.certificates("memphisee.tls.ca", key.ca())) {
                    trusted.setCertificateEntry("ca-" + number++, ca);
                }
            } else {
                for (String alias : Collections.list(keystore.aliases())) {
                    if (keystore.isCertificateEntry(alias)) {
                        trusted.setCertificateEntry(alias, keystore.getCertificate(alias));
                    }
                }
            }
            if (trusted.size() == 0) {
                if (mutual) {
                    throw new TlsException("memphisee.tls.client is \"mutual\", and nobody is trusted",
                        "Name the CA certificate of the clients with memphisee.tls.ca");
                }
                return new TrustManager[0];
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException e) {
            throw new TlsException("memphisee.tls.ca cannot be used: " + e.getMessage(), "Name another file", e);
        }
    }

    private static KeyStore emptyStore() throws TlsException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            return store;
        } catch (IOException | GeneralSecurityException e) {
            throw new TlsException("This JDK has no PKCS12 key stores", "Use another JDK", e);
        }
    }
}
