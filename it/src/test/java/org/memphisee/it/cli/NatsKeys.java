package org.memphisee.it.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.util.Arrays;
import java.util.Base64;

/** Keys of NATS made with what Java has: seeds, public parts, and the JWTs of an operator, its accounts and their users. */
final class NatsKeys {

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int SEED = 18 << 3;
    /** Bytes of an encoded private key before the 32 that it is made of. */
    private static final int PKCS8_HEAD = 16;

    private NatsKeys() { }

    /** Whose key it is, by the first letter of its public part. */
    enum Role {
        OPERATOR(14), ACCOUNT(0), USER(20);

        private final int code;

        Role(int code) {
            this.code = code;
        }
    }

    /** A key. */
    record Key(KeyPair pair, String publicPart, String seed) {

        static Key make(Role role) throws GeneralSecurityException {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            byte[] all = pair.getPublic().getEncoded();
            byte[] raw = Arrays.copyOfRange(all, all.length - 32, all.length);
            byte[] secret = Arrays.copyOfRange(pair.getPrivate().getEncoded(), PKCS8_HEAD, PKCS8_HEAD + 32);
            if (!(pair.getPublic() instanceof EdECPublicKey)) {
                throw new GeneralSecurityException("no Ed25519");
            }
            int prefix = role.code << 3;
            return new Key(pair, base32(checked(new byte[] {(byte) prefix}, raw)),
                base32(checked(new byte[] {(byte) (SEED | prefix >> 5), (byte) ((prefix & 31) << 3)}, secret)));
        }

        /** A JWT about another key, or about itself. */
        String sign(String name, Key subject, String claims, long expires) throws GeneralSecurityException {
            String head = part("{\"typ\":\"JWT\",\"alg\":\"ed25519-nkey\"}");
            String body = part("{\"jti\":\"" + name + "\",\"iat\":1700000000," + (expires == 0 ? "" : "\"exp\":" + expires + ",") + "\"iss\":\""
                + publicPart + "\",\"name\":\"" + name + "\",\"sub\":\"" + subject.publicPart + "\",\"nats\":" + claims + "}");
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(pair.getPrivate());
            signature.update((head + "." + body).getBytes(StandardCharsets.UTF_8));
            return head + "." + body + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
        }
    }

    private static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    /** Configuration of a server that knows a user by its key alone. */
    static String keyUsers(Key user) {
        return "authorization { users = [ { nkey: " + user.publicPart() + " } ] }\n";
    }

    /** Configuration of a server with an operator and one account with JetStream; the user's file is written. */
    static String operator(Path creds, long expires) throws GeneralSecurityException, IOException {
        Key operator = Key.make(Role.OPERATOR);
        Key account = Key.make(Role.ACCOUNT);
        Key system = Key.make(Role.ACCOUNT);
        Key user = Key.make(Role.USER);
        String limits = "\"limits\":{\"subs\":-1,\"data\":-1,\"payload\":-1,\"imports\":-1,\"exports\":-1,\"wildcards\":true,\"conn\":-1,"
            + "\"leaf\":-1";
        String plain = "{" + limits + "},\"type\":\"account\",\"version\":2}";
        String streams = "{" + limits + ",\"mem_storage\":-1,\"disk_storage\":-1,\"streams\":-1,\"consumer\":-1},\"type\":\"account\","
            + "\"version\":2}";
        String jwt = account.sign("reader", user, "{\"pub\":{},\"sub\":{},\"subs\":-1,\"data\":-1,\"payload\":-1,\"type\":\"user\","
            + "\"version\":2}", expires);
        Files.writeString(creds, "-----BEGIN NATS USER JWT-----\n" + jwt + "\n------END NATS USER JWT------\n\n"
            + "************************* IMPORTANT *************************\nNKEY Seed printed below can be used to sign and prove "
            + "identity.\n\n-----BEGIN USER NKEY SEED-----\n" + user.seed() + "\n------END USER NKEY SEED------\n");
        return "operator: " + operator.sign("op", operator, "{\"type\":\"operator\",\"version\":2}", 0) + "\nsystem_account: "
            + system.publicPart() + "\nresolver: MEMORY\nresolver_preload {\n  " + account.publicPart() + ": "
            + operator.sign("account", account, streams, 0) + "\n  " + system.publicPart() + ": "
            + operator.sign("system", system, plain, 0) + "\n}\n";
    }

    private static byte[] checked(byte[] prefix, byte[] rest) {
        ByteBuffer all = ByteBuffer.allocate(prefix.length + rest.length + 2).put(prefix).put(rest);
        int sum = 0;
        for (int i = 0; i < all.position(); i++) {
            sum ^= (all.get(i) & 0xff) << 8;
            for (int bit = 0; bit < 8; bit++) {
                sum = ((sum & 0x8000) == 0 ? sum << 1 : sum << 1 ^ 0x1021) & 0xffff;
            }
        }
        return all.put((byte) sum).put((byte) (sum >> 8)).array();
    }

    private static String base32(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int bit = 0; bit < bytes.length * 8; bit += 5) {
            int value = 0;
            for (int i = bit; i < bit + 5; i++) {
                value = value << 1 | (i / 8 < bytes.length ? bytes[i / 8] >> 7 - i % 8 & 1 : 0);
            }
            text.append(ALPHABET.charAt(value));
        }
        return text.toString();
    }
}
