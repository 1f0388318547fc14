package org.memphisee.core.cluster.link;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What is made of the cluster's secret. Any thread. */
final class LinkKeys {

    static final int MAC = 32;
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    /** @param secret of the cluster; without one (on loopback) everybody has the same */
    LinkKeys(byte[] secret) {
        key = new SecretKeySpec(secret.length == 0 ? new byte[1] : secret, ALGORITHM);
    }

    /** Proves whose bytes these are. */
    byte[] mac(ByteBuffer bytes) {
        Mac mac = mac();
        mac.update(bytes.duplicate());
        return mac.doFinal();
    }

    boolean proves(byte[] mac, ByteBuffer bytes) {
        return MessageDigest.isEqual(mac, mac(bytes));
    }

    /** Number of the link that two nodes make with these nonces; both get the same. */
    long link(String one, byte[] nonceOfOne, String other, byte[] nonceOfOther) {
        if (one.compareTo(other) > 0) {
            return link(other, nonceOfOther, one, nonceOfOne);
        }
        Mac mac = mac();
        mac.update("link".getBytes(StandardCharsets.UTF_8));
        mac.update(nonceOfOne);
        mac.update(nonceOfOther);
        return ByteBuffer.wrap(mac.doFinal()).getLong();
    }

    private Mac mac() {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // each JDK has it
        }
    }
}
