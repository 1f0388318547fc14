package org.memphisee.cli.link;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;
import org.memphisee.client.KeyProof;

/**
 * A user's key of NATS, from the file with its seed or from a {@code .creds} file with a JWT beside it. Signs with the Ed25519 of the
 * Java in use.
 */
public final class Nkey implements KeyProof {

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final Pattern SEED = Pattern.compile("(?m)^\\s*(S[A-Z2-7]{57})\\s*$");
    private static final Pattern JWT = Pattern.compile("-----BEGIN NATS USER JWT-----\\s+(\\S+)\\s+-+END NATS USER JWT-+");
    /** Of encoded bytes: prefix, role, 32 bytes, checksum. */
    private static final int SEED_LENGTH = 36;
    private static final int KEY_LENGTH = 32;
    private static final int SEED_PREFIX = 18 << 3;
    private static final int USER = 20 << 3;
    private static final int MAX_BYTES = 1 << 20;

    private final PrivateKey key;
    private final String publicKey;
    private final String token;

    private Nkey(byte[] seed, String token) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(255, new Given(seed)); // the only way of Java to the public part of a seed
        KeyPair pair = generator.generateKeyPair();
        key = pair.getPrivate();
        publicKey = encoded(point((EdECPublicKey) pair.getPublic()));
        this.token = token;
    }

    /** The key whose seed is in a file. */
    public static Nkey ofSeed(Path file) {
        return of(file, seed(file, text(file)), "");
    }

    /** The key and the JWT of a file as {@code nsc} writes them. */
    public static Nkey ofCreds(Path file) {
        String text = text(file);
        Matcher jwt = JWT.matcher(text);
        if (!jwt.find()) {
            throw bad(file, "has no JWT of a user; a file with a seed alone goes with --from-nkey");
        }
        byte[] seed = seed(file, text);
        Instant end = expires(file, jwt.group(1));
        if (end.isBefore(Instant.now())) {
            throw bad(file, "expired on " + end + ": have new credentials made");
        }
        return of(file, seed, jwt.group(1));
    }

    private static Nkey of(Path file, byte[] seed, String token) {
        try {
            return new Nkey(seed, token);
        } catch (GeneralSecurityException e) {
            throw bad(file, "holds a key that this Java cannot use: " + e.getMessage());
        }
    }

    private static CliFailure bad(Path file, String what) {
        return new CliFailure(ExitCode.BAD_DATA, file + " " + what);
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw bad(file, "is too large for credentials");
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new CliFailure(ExitCode.BAD_DATA, "The file with the key cannot be read: " + e.getMessage());
        }
    }

    /** The 32 bytes that the key is made of. */
    private static byte[] seed(Path file, String text) {
        Matcher found = SEED.matcher(text);
        if (!found.find()) {
            throw bad(file, "has no seed of a key, a line of 58 characters that begins with SU");
        }
        byte[] all = decoded(found.group(1));
        if (all.length != SEED_LENGTH || (all[0] & 0xf8) != SEED_PREFIX || checksum(all, SEED_LENGTH - 2)
            != (all[SEED_LENGTH - 2] & 0xff | (all[SEED_LENGTH - 1] & 0xff) << 8)) {
            throw bad(file, "has a seed with a typing error: its checksum is wrong");
        }
        if (((all[0] & 7) << 5 | (all[1] & 0xf8) >> 3) != USER) {
            throw bad(file, "has the seed of an account or operator; the seed of a user begins with SU");
        }
        byte[] seed = new byte[KEY_LENGTH];
        System.arraycopy(all, 2, seed, 0, KEY_LENGTH);
        return seed;
    }

    private static Instant expires(Path file, String jwt) {
        String[] parts = jwt.split("\\.");
        try {
            JsonNode claims = JsonMapper.builder().build().readTree(Base64.getUrlDecoder().decode(parts.length == 3 ? parts[1] : ""));
            long end = claims.path("exp").asLong(0);
            return end == 0 ? Instant.MAX : Instant.ofEpochSecond(end);
        } catch (IOException | IllegalArgumentException e) {
            throw bad(file, "has a JWT that cannot be read");
        }
    }

    @Override
    public String publicKey() {
        return publicKey;
    }

    @Override
    public String token() {
        return token;
    }

    @Override
    public byte[] sign(byte[] nonce) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(nonce);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key that was made can sign", e);
        }
    }

    /** The 32 bytes of a public key: y, the lowest byte first, with the sign of x in the highest bit. */
    private static byte[] point(EdECPublicKey key) {
        byte[] bytes = new byte[KEY_LENGTH];
        BigInteger y = key.getPoint().getY();
        for (int i = 0; i < KEY_LENGTH; i++) {
            bytes[i] = y.shiftRight(8 * i).byteValue();
        }
        if (key.getPoint().isXOdd()) {
            bytes[KEY_LENGTH - 1] |= (byte) 0x80;
        }
        return bytes;
    }

    private static String encoded(byte[] point) {
        byte[] all = new byte[1 + KEY_LENGTH + 2];
        all[0] = (byte) USER;
        System.arraycopy(point, 0, all, 1, KEY_LENGTH);
        int sum = checksum(all, 1 + KEY_LENGTH);
        all[1 + KEY_LENGTH] = (byte) sum;
        all[2 + KEY_LENGTH] = (byte) (sum >> 8);
        StringBuilder text = new StringBuilder();
        int held = 0;
        int bits = 0;
        for (byte b : all) {
            held = held << 8 | b & 0xff;
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                text.append(ALPHABET.charAt(held >> bits & 31));
            }
            held &= (1 << bits) - 1;
        }
        return bits == 0 ? text.toString() : text.append(ALPHABET.charAt(held << 5 - bits & 31)).toString();
    }

    private static byte[] decoded(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int held = 0;
        int bits = 0;
        for (char c : text.toCharArray()) {
            held = held << 5 | ALPHABET.indexOf(c);
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                bytes.write(held >> bits);
                held &= (1 << bits) - 1;
            }
        }
        return bytes.toByteArray();
    }

    /** CRC-16 with the polynomial 0x1021 and nothing before (XMODEM). */
    private static int checksum(byte[] bytes, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum ^= (bytes[i] & 0xff) << 8;
            for (int bit = 0; bit < 8; bit++) {
                sum = ((sum & 0x8000) == 0 ? sum << 1 : sum << 1 ^ 0x1021) & 0xffff;
            }
        }
        return sum;
    }

    /** "Random" bytes that are given. */
    private static final class Given extends SecureRandom {
        private static final long serialVersionUID = 1;
        private final byte[] bytes;

        private Given(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public void nextBytes(byte[] into) {
            System.arraycopy(bytes, 0, into, 0, into.length);
        }
    }
}
