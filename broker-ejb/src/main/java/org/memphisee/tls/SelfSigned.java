package org.memphisee.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * A certificate for development, made with the JDK alone: signed by itself, for {@code localhost}, this machine's name and
 * the address that is listened on. Kept as PKCS12 file that only its owner may read.
 */
final class SelfSigned {

    /** How long it is valid. */
    static final Duration VALIDITY = Duration.ofDays(365);

    /** The key lies beside it: the file's permission protects it, not this word. Liberty reads the file with it too. */
    static final String PASSWORD = "memphisee-self-signed";

    private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);
    private static final DateTimeFormatter UTC_TIME =
        DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final byte[] ECDSA_SHA256 = Der.of(Der.SEQUENCE, Der.oid("1.2.840.10045.4.3.2"));
    private static final int DNS_NAME = 0x82;
    private static final int IP_ADDRESS = 0x87;

    private SelfSigned() { }

    /** Where it is kept. */
    static Path file(Path dataDirectory) {
        return dataDirectory.resolve("tls").resolve("self-signed.p12");
    }

    /**
     * Makes key and certificate and writes the file, replacing an older one.
     *
     * @param address address of the listeners
     */
    static X509Certificate create(Path file, String address, Instant now) throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair keys = generator.generateKeyPair();
        X509Certificate certificate = certificate(keys, address, now);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("memphis-ee", keys.getPrivate(), PASSWORD.toCharArray(), new Certificate[] {certificate});
        Files.createDirectories(file.getParent());
        Path fresh = file.resolveSibling(file.getFileName() + ".new"); // renamed when complete
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (OutputStream out = Files.newOutputStream(fresh)) {
            store.store(out, PASSWORD.toCharArray());
        }
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        return certificate;
    }

    private static X509Certificate certificate(KeyPair keys, String address, Instant now)
            throws GeneralSecurityException {
        byte[] serial = new byte[16];
        new SecureRandom().nextBytes(serial);
        serial[0] = (byte) (serial[0] & 0x7f | 0x01); // positive and without leading zero
        byte[] name = Der.of(Der.SEQUENCE, Der.of(Der.SET, Der.of(Der.SEQUENCE, Der.oid("2.5.4.3"),
            Der.text(Der.UTF8_STRING, "Memphis EE development"))));
        byte[] validity = Der.of(Der.SEQUENCE, Der.text(Der.UTC_TIME, UTC_TIME.format(now.minus(CLOCKS_DIFFER))),
            Der.text(Der.UTC_TIME, UTC_TIME.format(now.plus(VALIDITY))));
        byte[] extensions = Der.of(Der.SEQUENCE,
            extension("2.5.29.15", true, Der.of(Der.BIT_STRING, new byte[] {7, (byte) 0x80})), // digitalSignature
            extension("2.5.29.37", false, Der.of(Der.SEQUENCE, Der.oid("1.3.6.1.5.5.7.3.1"))), // serverAuth
            extension("2.5.29.17", false, Der.of(Der.SEQUENCE, names(address))));
        byte[] content = Der.of(Der.SEQUENCE, Der.of(0xa0, Der.of(Der.INTEGER, new byte[] {2})),
            Der.of(Der.INTEGER, serial), ECDSA_SHA256, name, validity, name, keys.getPublic().getEncoded(),
            Der.of(0xa3, extensions));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(content);
        byte[] whole = Der.of(Der.SEQUENCE, content, ECDSA_SHA256, Der.bits(signature.sign()));
        X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(whole));
        certificate.verify(keys.getPublic());
        return certificate;
    }

    private static byte[] extension(String oid, boolean critical, byte[] value) {
        byte[] octets = Der.of(Der.OCTET_STRING, value);
        return critical ? Der.of(Der.SEQUENCE, Der.oid(oid), Der.of(Der.BOOLEAN, new byte[] {(byte) 0xff}), octets)
            : Der.of(Der.SEQUENCE, Der.oid(oid), octets);
    }

    private static byte[][] names(String address) {
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
        return java.util.stream.Stream.concat(
            hosts.stream().filter(host -> host.matches("[0-9A-Za-z.-]+")).map(host -> Der.text(DNS_NAME, host)),
            addresses.stream().map(ip -> Der.of(IP_ADDRESS, ip.getAddress()))).toArray(byte[][]::new);
    }
}
