package org.memphisee.tls;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.PublicKey;

/**
 * Private keys as PKCS#1 (RSA) and SEC1 (elliptic curves) have them, the forms of {@code BEGIN RSA PRIVATE KEY} and {@code BEGIN
 * EC PRIVATE KEY}: the JDK reads PKCS#8 only, which is the same bytes in an envelope that names the algorithm. That name stands
 * in the public key of the certificate as well.
 */
final class OldKeyForm {

    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final byte[] VERSION = {0x02, 0x01, 0x00};

    private OldKeyForm() { }

    /**
     * The key in its envelope.
     *
     * @param key the bytes inside of the PEM block
     * @param counterpart public key that it belongs to
     * @throws GeneralSecurityException if the public key has no form that we know
     */
    static byte[] asPkcs8(byte[] key, PublicKey counterpart) throws GeneralSecurityException {
        byte[] algorithm = first(content(counterpart.getEncoded()));
        return element(SEQUENCE, VERSION, algorithm, element(OCTETS, key));
    }

    private static byte[] element(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        if (length < 0x80) {
            out.write(length);
        } else {
            int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
            out.write(0x80 | bytes);
            for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
                out.write(length >> shift);
            }
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    /** What is inside of an element. */
    private static byte[] content(byte[] element) throws GeneralSecurityException {
        int head = head(element);
        return java.util.Arrays.copyOfRange(element, head, head + length(element));
    }

    /** The first of the elements, head and all. */
    private static byte[] first(byte[] elements) throws GeneralSecurityException {
        return java.util.Arrays.copyOf(elements, head(elements) + length(elements));
    }

    private static int head(byte[] element) throws GeneralSecurityException {
        if (element.length < 2 || element[0] != SEQUENCE) {
            throw new GeneralSecurityException("no public key of a known form");
        }
        return element[1] >= 0 ? 2 : 2 + (element[1] & 0x7f);
    }

    private static int length(byte[] element) throws GeneralSecurityException {
        int head = head(element);
        int length = head == 2 ? element[1] : 0;
        for (int i = 2; i < head && i < element.length; i++) {
            length = length << 8 | element[i] & 0xff;
        }
        if (head > 5 || length < 0 || head + length > element.length) {
            throw new GeneralSecurityException("no public key of a known form");
        }
        return length;
    }
}
