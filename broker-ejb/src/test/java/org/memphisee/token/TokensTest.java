package org.memphisee.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.access.NewUser;
import org.memphisee.core.access.PermissionPatterns;
import org.memphisee.core.access.User;
import org.memphisee.core.access.UserProfile;
import org.memphisee.core.control.Authors;
import org.memphisee.core.control.ControlFixture;
import org.memphisee.core.control.ControlSettings;
import org.memphisee.core.control.FakeApi;
import org.memphisee.core.control.FakeSystemLog;
import org.memphisee.core.control.PlaneFixture;
import org.memphisee.token.GatewayTokens.Use;

/**
 * rest-gateway.md 2.3 and 2.4, management-api.md 1.3; one secret for everything, so that only claims tell kinds apart.
 */
class TokensTest {

    private static final String SECRET = "one-secret-for-everything-there-is";
    private static final String PASSWORD = "Secret-1x";
    private static final String HEADER = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";

    private PlaneFixture plane = new PlaneFixture();
    private long now = 1_800_000_000L;
    private boolean anonymous;
    private final Map<String, Tokens> made = new HashMap<>();

    @BeforeEach
    void users() {
        user("app", "application");
        user("boss", "management");
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    private void user(String name, String type) {
        FakeApi.await(plane.plane.users().createUser(Authors.of("root"),
            new NewUser(name, type, PASSWORD, UserProfile.EMPTY, PermissionPatterns.NONE)));
    }

    /** The same as long as nothing else is asked for, so that it has seen the tokens of the test before. */
    private Tokens tokens(int max) {
        return made.computeIfAbsent(max + " " + anonymous, how -> newTokens(max));
    }

    private Tokens newTokens(int max) {
        byte[] secret = SECRET.getBytes(StandardCharsets.UTF_8);
        return new Tokens(new SigningSecrets(secret, secret, secret, secret),
            new TokenOptions(new Lifetimes(15, 300, max), new Lifetimes(15, 2880, 0), anonymous, ""), plane.plane.users(),
            plane.plane.authenticator(), "$memphis", () -> now);
    }

    private GatewayTokens gateway() {
        return tokens(0).gateway();
    }

    private ManagementTokens management() {
        return tokens(0).management();
    }

    private User find(String name) {
        return plane.plane.users().find(name).orElseThrow();
    }

    private TokenPair gatewayPair() {
        return gateway().issue(new GatewayIdentity(find("app"), 1), 0, 0);
    }

    private Optional<String> access(String token) {
        return FakeApi.await(gateway().access(token, Use.OTHER)).map(identity -> identity.user().name());
    }

    private Optional<String> refresh(String token) {
        return FakeApi.await(gateway().refresh(token)).map(identity -> identity.user().name());
    }

    private static String foreign(String claims) {
        return JwtCodecTest.token(SECRET, "HmacSHA256", HEADER, claims.replace('\'', '"'));
    }

    private static String decoded(String token) {
        return new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8);
    }

    @Test
    void shouldLetClientsInWithTheirTokens() {
        TokenPair pair = gatewayPair();
        assertEquals(Optional.of("app"), access(pair.access()));
        assertEquals(Optional.of("app"), refresh(pair.refresh()));
        assertEquals(List.of(900_000L, 18_000_000L), List.of(pair.accessMillis(), pair.refreshMillis()));
        assertFalse(pair.toString().contains(pair.access()));
    }

    /** */
    @Test
    void shouldPutNoSecretIntoTokens() {
        TokenPair pair = gatewayPair();
        for (String token : List.of(pair.access(), pair.refresh(), management().issue(find("boss")).access())) {
            String claims = decoded(token);
            assertFalse(claims.contains(PASSWORD) || claims.contains("pbkdf2") || claims.contains("password")
                || claims.contains("connection_token"), claims);
        }
        assertTrue(decoded(pair.refresh()).contains("\"token_exp\":" + (now + 900)));
        assertTrue(decoded(pair.access()).contains("\"account_id\":1"));
    }

    @Test
    void shouldTellKindsApartEvenUnderOneSecret() {
        TokenPair pair = gatewayPair();
        TokenPair other = management().issue(find("root"));
        assertEquals(Optional.empty(), access(pair.refresh()));
        assertEquals(Optional.empty(), refresh(pair.access()));
        assertEquals(Optional.empty(), access(other.access()));
        assertEquals(Optional.empty(), refresh(other.refresh()));
        assertEquals(Optional.of("app"), access(pair.access()));
        assertEquals(Optional.empty(), access(pair.refresh()));
        assertTrue(management().access(pair.access()).isEmpty());
        assertTrue(management().access(other.refresh()).isEmpty());
        assertTrue(management().refresh(other.access()).isEmpty());
    }

    @Test
    void shouldExpire() {
        TokenPair pair = gatewayPair();
        now += 899;
        assertEquals(Optional.of("app"), access(pair.access()));
        now += 1;
        assertEquals(Optional.empty(), access(pair.access()));
        assertEquals(Optional.of("app"), refresh(pair.refresh()));
        now += 300 * 60;
        assertEquals(Optional.empty(), refresh(pair.refresh()));
    }

    /** at once, not within seconds. */
    @Test
    void shouldBeWorthNothingAfterAPasswordChangeOrRemoval() {
        TokenPair pair = gatewayPair();
        TokenPair boss = management().issue(find("boss"));
        assertEquals(Optional.of("app"), access(pair.access())); // so that it is remembered
        assertTrue(management().access(boss.access()).isPresent());
        FakeApi.await(plane.plane.users().changePassword(Authors.of("root"), "app", PASSWORD));
        FakeApi.await(plane.plane.users().changePassword(Authors.of("root"), "boss", PASSWORD));
        assertEquals(Optional.empty(), access(pair.access()));
        assertEquals(Optional.empty(), refresh(pair.refresh()));
        assertTrue(management().access(boss.access()).isEmpty());
        assertTrue(management().refresh(boss.refresh()).isEmpty());
        TokenPair fresh = gatewayPair();
        TokenPair freshBoss = management().issue(find("boss"));
        assertEquals(Optional.of("app"), access(fresh.access()));
        assertTrue(management().access(freshBoss.access()).isPresent());
        FakeApi.await(plane.plane.users().removeUser(Authors.of("root"), "app"));
        FakeApi.await(plane.plane.users().removeUser(Authors.of("root"), "boss"));
        assertEquals(Optional.empty(), access(fresh.access()));
        assertTrue(management().access(freshBoss.access()).isEmpty());
        users(); // they come back under the same names and passwords
        assertEquals(Optional.empty(), access(fresh.access()));
        assertTrue(management().access(freshBoss.access()).isEmpty());
    }

    @Test
    void shouldLiveAsLongAsAskedWithoutOverflow() {
        long year = 525_600;
        GatewayIdentity app = new GatewayIdentity(find("app"), 1);
        TokenPair pair = gateway().issue(app, year, 10_000_092);
        assertEquals(year * 60_000, pair.accessMillis());
        assertEquals(10_000_092L * 60_000, pair.refreshMillis());
        for (long minutes : new long[] {Integer.MAX_VALUE, 1L << 31, 1L << 53, Long.MAX_VALUE}) {
            TokenPair longLived = gateway().issue(app, minutes, minutes);
            assertTrue(longLived.accessMillis() >= Math.min(minutes, 150_000_000_000L) * 60_000L);
            assertEquals(Optional.of("app"), access(longLived.access()));
            assertEquals(Optional.of("app"), refresh(longLived.refresh()));
        }
        assertEquals(900_000, gateway().issue(app, -5, Long.MIN_VALUE).accessMillis());
        assertEquals(60_000L * 100, tokens(100).gateway().issue(app, year, 0).accessMillis());
    }

    /** */
    @Test
    void shouldTakeTokensOfAReferenceGateway() {
        String claims = "{'username':'App','account_id':1,'password':'" + PASSWORD + "','connection_token':'','exp':"
            + (now + 100) + "}";
        assertEquals(Optional.of("app"), access(foreign(claims)));
        assertEquals(Optional.of("app"), refresh(foreign(claims)));
        assertEquals(Optional.of("app"), access(JwtCodecTest.token(SECRET, "HmacSHA512", "{\"alg\":\"HS512\"}",
            claims.replace('\'', '"'))));
        assertEquals(Optional.empty(), access(foreign(claims.replace(PASSWORD, "Wrong-1x"))));
        assertEquals(Optional.empty(), access(foreign(claims.replace("'account_id':1", "'account_id':2"))));
        assertEquals(Optional.empty(), access(foreign(claims.replace("'password'", "'other'"))));
        assertEquals(Optional.empty(), access(foreign(claims.replace("App", "boss"))));
        FakeApi.await(plane.plane.users().changePassword(Authors.of("root"), "app", "Other-2yz"));
        assertEquals(Optional.empty(), access(foreign(claims)));
    }

    @Test
    void shouldRefuseTokensThatNeverExpire() {
        String claims = "{'username':'app','account_id':1,'password':'" + PASSWORD + "','connection_token':''%s}";
        for (String exp : new String[] {"", ",'exp':null", ",'exp':'9999999999'", ",'exp':[]", ",'exp':-1"}) {
            assertEquals(Optional.empty(), access(foreign(claims.formatted(exp))), exp);
        }
    }

    @Test
    void shouldTakeTokensWithoutUserOnlyWhenAllowedAndOnlyToProduce() {
        String token = foreign("{'exp':" + (now + 100) + "}");
        assertTrue(FakeApi.await(gateway().access(token, Use.PRODUCE)).isEmpty());
        assertEquals(Optional.empty(), refresh(token));
        anonymous = true;
        assertEquals("root", FakeApi.await(gateway().access(token, Use.PRODUCE)).orElseThrow().user().name());
        assertEquals(Optional.empty(), access(token));
        assertEquals(Optional.of("root"), refresh(token));
    }

    @Test
    void shouldLetOnlyClientsUseTheGateway() {
        assertTrue(FakeApi.await(gateway().authenticate("APP$1", PASSWORD, "", 1)).isPresent());
        assertTrue(FakeApi.await(gateway().authenticate("root", "memphis", "", 1)).isPresent());
        assertTrue(FakeApi.await(gateway().authenticate("boss", PASSWORD, "", 1)).isEmpty());
        assertTrue(FakeApi.await(gateway().authenticate("app", "", "", 1)).isEmpty());
        assertTrue(FakeApi.await(gateway().authenticate("app", PASSWORD, "", 2)).isEmpty());
        assertTrue(FakeApi.await(gateway().authenticate("nobody", PASSWORD, "", 1)).isEmpty());
    }

    @Test
    void shouldLetOnlyPeopleUseTheManagementApi() {
        assertEquals("boss", management().access(management().issue(find("boss")).access()).orElseThrow().name());
        assertEquals("root", management().refresh(management().issue(find("root")).refresh()).orElseThrow().name());
        assertTrue(management().access(management().issue(find("app")).access()).isEmpty());
    }

    @Test
    void shouldCheckTheConnectionTokenWhereClientsShareOne() {
        plane.close();
        made.clear();
        plane = new PlaneFixture(new FakeSystemLog(),
            ControlSettings.of("memphis", ControlSettings.AuthMode.TOKEN, "tok", "memphis-0").withPasswordIterations(1000));
        users();
        assertTrue(FakeApi.await(gateway().authenticate("app", "", "tok", 1)).isPresent());
        assertTrue(FakeApi.await(gateway().authenticate("app", PASSWORD, "", 1)).isEmpty());
        assertTrue(FakeApi.await(gateway().authenticate("nobody", "", "tok", 1)).isEmpty());
        assertEquals(Optional.of("app"), access(foreign("{'username':'app','account_id':1,'password':'',"
            + "'connection_token':'tok','exp':" + (now + 100) + "}")));
    }

    @Test
    void shouldSurviveARestart() {
        TokenPair pair = gatewayPair();
        FakeSystemLog log = plane.log;
        plane.close();
        plane = new PlaneFixture(log, ControlFixture.settings());
        made.clear();
        assertEquals(Optional.of("app"), access(pair.access()));
    }

    /** Browsers keep cookies by host, whatever the port: two brokers of one host need two names for them. */
    @Test
    void shouldNameItsSessionsAfterTheSecretThatTheyHoldFor() {
        Tokens one = tokensWith("refresh tokens of one broker here");
        Tokens same = tokensWith("refresh tokens of one broker here");
        Tokens other = tokensWith("refresh tokens of another broker ");
        User boss = plane.plane.users().find("boss").orElseThrow();
        String refresh = one.management().issue(boss).refresh();
        assertTrue(same.management().refresh(refresh).isPresent());
        assertEquals(one.management().session(), same.management().session());
        assertTrue(other.management().refresh(refresh).isEmpty());
        assertFalse(one.management().session().equals(other.management().session()));
        assertTrue(one.management().session().matches("[0-9a-f]{8}"), one.management().session());
    }

    private Tokens tokensWith(String refreshSecret) {
        byte[] secret = SECRET.getBytes(StandardCharsets.UTF_8);
        return new Tokens(new SigningSecrets(secret, secret, secret, refreshSecret.getBytes(StandardCharsets.UTF_8)),
            new TokenOptions(new Lifetimes(15, 300, 0), new Lifetimes(15, 2880, 0), anonymous, ""), plane.plane.users(),
            plane.plane.authenticator(), "$memphis", () -> now);
    }
}
