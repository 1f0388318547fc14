package org.memphisee.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwtCodecTest {

    private static final String SECRET = "a-secret-of-nobody";

    private final JwtCodec codec = new JwtCodec(SECRET.getBytes(StandardCharsets.UTF_8));

    /** A token as any other library would make it. */
    static String token(String secret, String mac, String header, String claims) {
        try {
            String signed = base64(header.getBytes(StandardCharsets.UTF_8)) + "."
                + base64(claims.getBytes(StandardCharsets.UTF_8));
            Mac m = Mac.getInstance(mac);
            m.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), mac));
            return signed + "." + base64(m.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Test
    void shouldVerifyTheExampleOfTheStandard() {
        // RFC 7515, appendix A.1
        byte[] key = Base64.getUrlDecoder().decode(
            "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
        String token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6"
            + "Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        JsonNode claims = new JwtCodec(key).verified(token).orElseThrow();
        assertEquals("joe", claims.get("iss").asText());
        assertEquals(1300819380, claims.get("exp").asLong());
    }

    @ParameterizedTest
    @CsvSource({"HmacSHA256,HS256,true", "HmacSHA384,HS384,true", "HmacSHA512,HS512,true", "HmacSHA256,HS512,false",
        "HmacSHA256,none,false", "HmacSHA256,RS256,false", "HmacSHA256,'',false"})
    void shouldVerifyOnlyHmac(String mac, String algorithm, boolean accepted) {
        assertEquals(accepted, codec.verified(token(SECRET, mac, "{\"alg\":\"" + algorithm + "\"}", "{\"a\":1}")).isPresent());
    }

    @Test
    void shouldReadWhatItSigned() {
        String token = codec.sign(JwtCodec.claims().put("username", "ä\"b"));
        assertEquals("ä\"b", codec.verified(token).orElseThrow().get("username").asText());
        assertTrue(new JwtCodec("other secret".getBytes(StandardCharsets.UTF_8)).verified(token).isEmpty());
    }

    @Test
    void shouldRefuseUnsignedTokens() {
        String none = base64("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8)) + "." + base64("{}".getBytes(
            StandardCharsets.UTF_8)) + ".";
        assertTrue(codec.verified(none).isEmpty());
    }

    @Test
    void shouldRefuseExtensionsThatMustBeUnderstood() {
        assertTrue(codec.verified(token(SECRET, "HmacSHA256", "{\"alg\":\"HS256\",\"crit\":[\"x\"]}", "{}")).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "...", "a.b.c", "a.b", "%.%.%", "e30.e30.e30", "\u0000.\u0000.\u0000"})
    void shouldRefuseWhatIsNoToken(String text) {
        assertTrue(codec.verified(text).isEmpty());
    }

    @Test
    void shouldRefuseClaimsThatAreNoObjectOrSayAThingTwice() {
        String header = "{\"alg\":\"HS256\"}";
        for (String claims : new String[] {"1", "[]", "null", "", "{\"a\":1,\"a\":2}", "{} {}", "[".repeat(5_000)}) {
            assertTrue(codec.verified(token(SECRET, "HmacSHA256", header, claims)).isEmpty(), claims);
        }
    }

    @Test
    void shouldRefuseEveryAlteredToken() {
        String token = codec.sign(JwtCodec.claims().put("username", "root"));
        Random random = new Random(20_261_124);
        int signature = token.lastIndexOf('.') + 1;
        for (int i = 0; i < 2_000; i++) {
            StringBuilder altered = new StringBuilder(token);
            int at = random.nextInt(signature + 20); // the last bits of a signature's last character are not significant
            char c = "abcXYZ019-_.~ \u00e4".charAt(random.nextInt(15));
            if (altered.charAt(at) != c) {
                altered.setCharAt(at, c);
                assertTrue(codec.verified(altered.toString()).isEmpty(), altered.toString());
            }
        }
    }

    @Test
    void shouldRefuseTokensThatAreTooLong() {
        assertTrue(codec.verified(codec.sign(JwtCodec.claims().put("a", "x".repeat(JwtCodec.MAX_LENGTH)))).isEmpty());
        assertFalse(codec.verified(codec.sign(JwtCodec.claims().put("a", "x".repeat(1_000)))).isEmpty());
    }

    @Test
    void shouldRefuseAnEmptySecret() {
        assertThrows(IllegalArgumentException.class, () -> new JwtCodec(new byte[0]));
    }
}
