package org.memphisee.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

import org.memphisee.core.file.FileTooLargeException;
import org.memphisee.core.file.SmallFile;

/** Certificates and keys in PEM files. */
final class PemFiles {

    private static final int MAX_BYTES = 1 << 20;
    private static final Pattern KEY = Pattern.compile(
        "-----BEGIN ((?:ENCRYPTED |RSA |EC )?)PRIVATE KEY-----\\s+([A-Za-z0-9+/=\\s]+)-----END", Pattern.DOTALL);

    private static final Pattern OLD_ENCRYPTION = Pattern.compile("PRIVATE KEY-----\\s+Proc-Type: *4, *ENCRYPTED");

    private PemFiles() { }

    /** All certificates of a file, the server's own first. */
    static List<X509Certificate> certificates(String setting, String file) throws TlsException {
        byte[] bytes = read(setting, file);
        try {
            List<X509Certificate> found = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(bytes)).stream().map(X509Certificate.class::cast).toList();
            if (!found.isEmpty()) {
                return found;
            }
        } catch (GeneralSecurityException e) {
            throw new TlsException(setting + " names \"" + file + "\", which is no certificate",
                "Name a PEM file with BEGIN CERTIFICATE", e);
        }
        throw new TlsException(setting + " names \"" + file + "\", which has no certificate",
            "Name a PEM file with BEGIN CERTIFICATE");
    }

    /**
     * The key of a file.
     *
     * @param password of an encrypted one, else empty
     * @param certificate whose key it must be
     */
    static PrivateKey key(String setting, String file, String password, X509Certificate certificate)
            throws TlsException {
        String text = new String(read(setting, file), StandardCharsets.ISO_8859_1);
        Matcher pem = KEY.matcher(text);
        if (!pem.find()) {
            if (OLD_ENCRYPTION.matcher(text).find()) {
                throw new TlsException("The key in \"" + file + "\" is encrypted in an old way that protects it badly",
                    "Convert it: openssl pkcs8 -topk8 -in old.pem -out key.pem");
            }
            throw new TlsException(setting + " names \"" + file + "\", which has no private key",
                "Name a PEM file with BEGIN PRIVATE KEY");
        }
        String form = pem.group(1).trim();
        boolean encrypted = form.equals("ENCRYPTED");
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(pem.group(2));
            PublicKey counterpart = certificate.getPublicKey();
            PKCS8EncodedKeySpec plain = switch (form) {
                case "" -> new PKCS8EncodedKeySpec(bytes);
                case "ENCRYPTED" -> decrypted(bytes, password);
                default -> new PKCS8EncodedKeySpec(OldKeyForm.asPkcs8(bytes, counterpart));
            };
            PrivateKey key = KeyFactory.getInstance(counterpart.getAlgorithm()).generatePrivate(plain);
            if (!belongs(key, counterpart)) {
                throw new GeneralSecurityException("another key");
            }
            return key;
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new TlsException("The key in \"" + file + "\" cannot be used with the certificate: "
                + (encrypted ? "wrong password, or it belongs to another one" : "it belongs to another one or is damaged"),
                !encrypted ? "Name the key that the certificate was made for with " + setting
                : "Give its password with memphisee.tls.key.password or MEMPHISEE_TLS_KEY_PASSWORD_FILE", e);
        }
    }

    private static PKCS8EncodedKeySpec decrypted(byte[] bytes, String password)
            throws IOException, GeneralSecurityException {
        EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(bytes);
        // for PBES2 the JDK's name of the algorithm is in the parameters
        String algorithm = info.getAlgName().equals("PBES2") ? info.getAlgParameters().toString() : info.getAlgName();
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(Cipher.DECRYPT_MODE, SecretKeyFactory.getInstance(algorithm)
            .generateSecret(new PBEKeySpec(password.toCharArray())), info.getAlgParameters());
        return info.getKeySpec(cipher);
    }

    private static boolean belongs(PrivateKey key, PublicKey counterpart) throws GeneralSecurityException {
        String algorithm = switch (counterpart.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> counterpart.getAlgorithm();
        };
        byte[] anything = {1, 2, 3};
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(anything);
        byte[] signed = signature.sign();
        signature.initVerify(counterpart);
        signature.update(anything);
        return signature.verify(signed);
    }

    /** The bytes of a configured file. */
    static byte[] read(String setting, String file) throws TlsException {
        try {
            return SmallFile.bytes(Path.of(file), MAX_BYTES);
        } catch (FileTooLargeException e) {
            throw new TlsException(setting + " names \"" + file + "\", which is larger than 1 MiB",
                "Name the right file");
        } catch (IOException | InvalidPathException e) {
            throw new TlsException(setting + " names \"" + file + "\", which cannot be read ("
                + e.getClass().getSimpleName() + ")", "Name an existing file that the server's user may read", e);
        }
    }
}
