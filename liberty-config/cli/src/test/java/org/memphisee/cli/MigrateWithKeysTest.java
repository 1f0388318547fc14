package org.memphisee.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever is known to the other server by a key: what is signed, and what is wrong with files. Seeds are those of public examples. */
class MigrateWithKeysTest extends CliFixture {

    private static final String SEED = "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY";
    private static final String PUBLIC = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4";
    private static final String NONCE = "p0Sbzk1-7dKDMjc";
    /** What stands before the 32 bytes of an Ed25519 key in X.509. */
    private static final String X509 = "302a300506032b6570032100";

    private final FakeClientPort here = new FakeClientPort(Optional.empty());
    private final FakeClientPort there = new FakeClientPort(Optional.empty()).asking(NONCE);

    @BeforeEach
    void open() {
        environment.put("MEMPHISEE_CLI_SERVER", "127.0.0.1:" + here.port());
        environment.put("MEMPHISEE_CLI_PASSWORD", "ours");
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
    }

    private void plan(int code, String... who) {
        String[] all = new String[4 + who.length];
        System.arraycopy(new String[] {"migrate", "plan", "--from", "127.0.0.1:" + there.port()}, 0, all, 0, 4);
        System.arraycopy(who, 0, all, 4, who.length);
        shouldEnd(code, all);
    }

    private String file(String text) throws IOException {
        return Files.writeString(home.resolve("key"), text).toString();
    }

    private static String creds(String claims) {
        return "-----BEGIN NATS USER JWT-----\n" + "e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes())
            + ".sig\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n" + SEED + "\n------END USER NKEY SEED------\n";
    }

    private static String member(String line, String name) {
        Matcher found = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(line);
        return found.find() ? found.group(1) : "";
    }

    private void assertSigned(String connect) throws Exception {
        byte[] all = new byte[36];
        int bit = 0;
        for (char c : PUBLIC.toCharArray()) {
            int value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c);
            for (int i = 4; i >= 0 && bit < all.length * 8; i--, bit++) {
                all[bit / 8] |= (byte) ((value >> i & 1) << 7 - bit % 8);
            }
        }
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(HexFormat.of().parseHex(X509
            + HexFormat.of().formatHex(all, 1, 33)))));
        signature.update(NONCE.getBytes(StandardCharsets.UTF_8));
        assertTrue(signature.verify(Base64.getUrlDecoder().decode(member(connect, "sig"))), connect);
    }

    @Test
    void shouldSignWhatTheServerSaidWithAKeyThatItKnows() throws Exception {
        plan(0, "--from-nkey", file(SEED + "\n"));
        String connect = there.connects().get(0);
        assertEquals(PUBLIC, member(connect, "nkey"));
        assertTrue(!connect.contains("\"user\"") && !connect.contains("\"pass\"") && !connect.contains("ours"), connect);
        assertSigned(connect);
        assertTrue(here.connects().get(0).contains("\"pass\":\"ours\""), "it is nobody's business here");
    }

    @Test
    void shouldShowTheTokenOfCredentials() throws Exception {
        environment.put("MEMPHISEE_CLI_FROM_CREDS", file(creds("{\"exp\":99999999999}")));
        plan(0);
        String connect = there.connects().get(0);
        assertTrue(member(connect, "jwt").startsWith("e30.") && member(connect, "nkey").isEmpty(), connect);
        assertSigned(connect);
        there.connects().clear();
        plan(0, "--from-user", "");
        assertTrue(there.connects().get(0).contains("\"user\":\"\""), "an option counts before the variable");
    }

    @Test
    void shouldSayThatTheServerRefusesTheKeyOrAsksForNone() throws Exception {
        plan(77, "--from-creds", file(creds("{\"sub\":1}").replace("e30.", "revoked.")));
        assertTrue(err.contains("refuses key " + PUBLIC), err);
        shouldEnd(69, "migrate", "plan", "--from", "127.0.0.1:" + here.port(), "--from-nkey", file(SEED));
        assertTrue(err.contains("could sign"), err);
    }

    @Test
    void shouldSayWhatIsWrongWithAFile() throws Exception {
        plan(65, "--from-creds", file(creds("{\"exp\":1700000000}")));
        assertTrue(err.contains("expired on 2023-11-14"), err);
        plan(65, "--from-creds", file(SEED));
        assertTrue(err.contains("--from-nkey"), err);
        plan(65, "--from-nkey", file(SEED.replace("3UA", "3UB")));
        assertTrue(err.contains("checksum"), err);
        plan(65, "--from-nkey", file("SAANJIBNEKGCRUWJCPIWUXFBFJLR36FJTFKGBGKAT7AQXH2LVFNQWZJMQU"));
        assertTrue(err.contains("account or operator") || err.contains("checksum"), err);
        plan(65, "--from-nkey", file("not a key"));
        plan(65, "--from-nkey", home.resolve("none").toString());
        String seed = file(SEED);
        plan(64, "--from-nkey", seed, "--from-creds", seed);
        plan(64, "--from-nkey", seed, "--from-user", "me");
        assertTrue(!(out + err).contains(SEED.substring(5)), "never printed");
    }
}
