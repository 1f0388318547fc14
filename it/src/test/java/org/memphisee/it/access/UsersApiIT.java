package org.memphisee.it.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.it.access.Management.assertAnswer;
import static org.memphisee.it.access.Management.assertShowable;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.memphisee.it.access.Management.Answer;
import org.memphisee.it.support.RawConnection;

/** Who may sign in to the management API, and the users it keeps, row by row (management-api.md 18). */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class UsersApiIT extends ManagementFixture {

    private static RawConnection connect(String user, String password) throws IOException {
        RawConnection connection = RawConnection.open(broker);
        connection.readLine();
        connection.send("CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true,\"no_responders\":true,"
                + "\"user\":\"" + user + "\",\"pass\":\"" + password + "\"}\r\n");
        try {
            connection.flush();
            return connection;
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    /** M-001, M-127. */
    @Test
    void shouldSignInRootWithAllFieldsAndACookie() {
        Answer answer = Management.anonymous(broker).post("usermgmt/login", "{'username':'ROOT','password':'memphis'}");
        assertEquals(200, answer.code());
        for (String field : ("jwt expires_in user_id username user_type created_at already_logged_in avatar_id last_login "
                + "send_analytics env full_name skip_get_started broker_host rest_gw_host ui_host "
                + "tiered_storage_time_sec http_port clients_port rest_gw_port user_pass_based_auth connection_token "
                + "account_id ws_host internal_ws_pass dls_retention logs_retention max_msg_size_mb light_icon dark_icon "
                + "brand_colors").split(" ")) {
            assertTrue(answer.body().contains('"' + field + "\":"), field + " in " + answer.body());
        }
        assertEquals("900000", answer.member("expires_in"));
        assertEquals(String.valueOf(broker.clientPort()), answer.member("clients_port"));
        assertTrue(answer.header("Set-Cookie").matches(
                "memphis-jwt-refresh-token-[0-9a-f]{8}=[\\w.-]+; Path=/; HttpOnly; SameSite=Lax; Max-Age=172800"),
                answer.header("Set-Cookie"));
        Answer behindTls = Management.anonymous(broker).call("POST", "usermgmt/login",
                "{'username':'root','password':'memphis'}", "X-Forwarded-Proto", "https");
        assertTrue(behindTls.header("Set-Cookie").endsWith("; Secure"), behindTls.header("Set-Cookie"));
    }

    @Test
    void shouldRefuseWrongPasswordsUnknownUsersAndApplicationUsersAlike() {
        root.addUser(name, "application", PASSWORD, "");
        Management nobody = Management.anonymous(broker);
        String wrong = "{'username':'%s','password':'%s'}";
        for (Answer answer : new Answer[] {nobody.post("usermgmt/login", wrong.formatted(name, "Wrong-1x")),
            nobody.post("usermgmt/login", wrong.formatted(name, PASSWORD)),
            nobody.post("usermgmt/login", wrong.formatted("nobody", PASSWORD))}) {
            assertAnswer(401, "{'message':'Unauthorized'}", answer);
        }
    }

    @Test
    void shouldSlowDownWhoGuessesButNobodyElse() {
        root.addUser(name, "management", PASSWORD, "");
        root.addUser(name + "b", "management", PASSWORD, "");
        Management nobody = Management.anonymous(broker);
        Answer answer = nobody.post("usermgmt/login", "{'username':'" + name + "','password':'Wrong-1'}");
        for (int i = 0; i < 30 && answer.code() == 401; i++) {
            answer = nobody.post("usermgmt/login", "{'username':'" + name + "','password':'Wrong-" + i + "'}");
        }
        assertEquals(429, answer.code(), answer.body());
        assertTrue(Integer.parseInt(answer.header("Retry-After")) > 0);
        Management.signIn(broker, name + "b", PASSWORD);
        Management.root(broker);
    }

    /** M-002. */
    @Test
    void shouldRenewTheSessionWithTheCookieAlone() {
        Management nobody = Management.anonymous(broker);
        assertAnswer(401, "{'message':'Unauthorized'}", nobody.post("usermgmt/refreshToken", ""));
        Answer login = nobody.post("usermgmt/login", "{'username':'root','password':'memphis'}");
        String cookie = login.header("Set-Cookie").replaceAll(";.*", "");
        Answer renewed = nobody.call("POST", "usermgmt/refreshToken", "", "Cookie", "a=b; " + cookie);
        assertEquals(200, renewed.code());
        assertTrue(renewed.header("Set-Cookie").startsWith(cookie.replaceAll("=.*", "=ey")), renewed.header("Set-Cookie"));
        assertEquals(200, Management.withToken(broker, renewed.member("jwt")).get("stations/getStations").code());
        assertEquals(401, nobody.call("POST", "usermgmt/refreshToken", "", "Cookie",
                cookie.replaceAll("=.*", "=") + login.member("jwt")).code());
        assertEquals(200, nobody.call("POST", "usermgmt/refreshToken", "", "Cookie",
                cookie.replaceAll("token-[^=]*", "token")).code(), "by the name of the reference");
        assertEquals(401, Management.withToken(broker, cookie.substring(cookie.indexOf('=') + 1))
                .get("stations/getStations").code());
        assertTrue(nobody.post("usermgmt/signOut", "").header("Set-Cookie").contains("Max-Age=0"));
    }

    /** M-003, M-004: root has signed in. */
    @Test
    void shouldNotOfferSignUpOnceRootWasHere() {
        Management nobody = Management.anonymous(broker);
        assertAnswer(200, "{'show_signup':false}", nobody.get("usermgmt/getSignUpFlag"));
        assertAnswer(401, "{'message':'Unauthorized'}", nobody.post("usermgmt/addUserSignUp",
                "{'username':'a@b.de','user_type':'management','password':'" + PASSWORD + "'}"));
    }

    /** M-005, M-006, M-007. */
    @Test
    void shouldAddAUserThatConnectsAtOnceAndNeverShowSecrets() throws IOException {
        Answer added = root.post("usermgmt/addUser", "{'Username':'" + name.toUpperCase(java.util.Locale.ROOT)
                + "','user_type':'application','password':'" + PASSWORD + "','full_name':'Ann','team':'Blue','unknown':1,"
                + "'allow_write_permissions':['orders.*']}");
        assertEquals(200, added.code(), added.body());
        assertEquals(name, added.member("username"));
        assertEquals("root", added.member("owner"));
        assertEquals("blue", added.member("team"));
        connect(name, PASSWORD).close();
        Answer all = root.get("usermgmt/getAllUsers");
        Answer applications = root.get("usermgmt/getApplicationUsers");
        assertTrue(all.body().contains("\"username\":\"" + name + "\",\"user_type\":\"application\""), all.body());
        assertTrue(all.body().contains("\"username\":\"root\",\"user_type\":\"root\""), all.body());
        assertTrue(applications.body().contains("\"username\":\"" + name + '"'), applications.body());
        assertFalse(applications.body().contains("\"username\":\"root\""), applications.body());
        for (Answer answer : new Answer[] {all, applications, added}) {
            assertFalse(answer.body().matches("(?s).*(pbkdf2|" + PASSWORD + "|\"username\":\"\\$).*"), answer.body());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', ignoreLeadingAndTrailingWhitespace = false, value = {
        "root|management|Secret-1x||A user with the name root already exists",
        "a b|management|Secret-1x||username has to include only letters/numbers/./_/- ",
        "xx|root|Secret-1x||user type has to be application/management and not root",
        "xx|management|||Password was not provided",
        "xx|management|Aa1!Aa1!Aa1!Aa1!Aa1!x||password exceeds the maximum allowed length of 20 characters",
        "xx|application|secret||Password must be at least 8 characters long, contain both uppercase and lowercase, and at "
            + "least one number and one special character",
        "xx|application|Secret-1x|,'team':'123456789012345678901'|team exceeds the maximum allowed length of 20 characters",
        "xx|application|Secret-1x|,'deny_read_permissions':['A']|permission has to include only letters/numbers/./_/-/* "
    })
    void shouldSayWhyAUserIsRefused(String user, String type, String password, String more, String text) {
        assertAnswer(406, "{'message':'" + text + "'}", root.post("usermgmt/addUser", "{'username':'" + user
                + "','user_type':'" + type + "','password':'" + (password == null ? "" : password) + "'"
                + (more == null ? "" : more) + "}"));
    }

    /** M-008, M-123. */
    @Test
    void shouldCutConnectionsAndTokensOfARemovedUser() throws IOException {
        root.addUser(name, "application", PASSWORD, "");
        root.addUser(name + "b", "management", PASSWORD, "");
        Management other = Management.signIn(broker, name + "b", PASSWORD);
        assertShowable("You can not remove your own user",
                other.delete("usermgmt/removeUser", "{'username':'" + name + "b'}"));
        assertShowable("You can not remove the root user", other.delete("usermgmt/removeUser", "{'username':'root'}"));
        assertShowable("User does not exist", other.delete("usermgmt/removeUser", "{'username':'nobody'}"));
        try (RawConnection connection = connect(name, PASSWORD); RawConnection bystander = RawConnection.login(broker)) {
            assertAnswer(200, "{}", other.delete("usermgmt/removeUser", "{'username':'" + name + "'}"));
            assertEquals("-ERR 'Authorization Violation'\n", connection.readToEnd());
            bystander.flush();
        }
        assertThrows(IOException.class, () -> connect(name, PASSWORD).close());
        assertEquals(200, root.delete("usermgmt/removeUser", "{'username':'" + name + "b'}").code());
        assertAnswer(401, "{'message':'Unauthorized'}", other.get("usermgmt/getAllUsers"));
    }

    /** M-009. */
    /** F-179: a key does what its user may do, but lets nobody stay. */
    @Test
    void shouldLetProgramsInWithAKeyUntilItIsRevoked() {
        Answer made = root.post("v2/api-keys", "{'name':'build','expires_days':1}");
        assertEquals(200, made.code(), made.body());
        Management program = Management.withToken(broker, made.member("key"));
        assertEquals(200, program.get("stations/getStations").code());
        assertFalse(program.get("v2/api-keys").body().contains(made.member("key")));
        for (Answer refused : new Answer[] {program.post("v2/api-keys", "{'name':'more'}"),
                program.call("PUT", "usermgmt/changePassword", "{'username':'root','password':'Secret-1x'}"),
                program.post("usermgmt/addUser", "{'username':'" + name + "','user_type':'management','password':'Secret-1x'}")}) {
            assertEquals("406 {\"message\":\"This can not be done with an API key, sign in\"}", refused.code() + " " + refused.body());
        }
        assertEquals(200, root.delete("v2/api-keys", "{'id':" + made.member("id") + "}").code());
        assertEquals(401, program.get("stations/getStations").code());
        assertEquals(406, root.delete("v2/api-keys", "{'id':" + made.member("id") + "}").code());
    }

    @Test
    void shouldNotRemoveTheWholeAccount() {
        assertShowable("Only root user can remove the entire account", root.delete("usermgmt/removeMyUser", ""));
    }

    /** M-010, M-015, M-016, M-019. */
    @Test
    void shouldRememberWhatAUserChoseForItself() {
        root.addUser(name, "management", PASSWORD, "");
        Management user = Management.signIn(broker, name, PASSWORD);
        assertEquals("7", user.call("PUT", "usermgmt/editAvatar", "{'avatar_id':7}").member("avatar_id"));
        assertAnswer(200, "{}", user.post("usermgmt/skipGetStarted", ""));
        assertAnswer(200, "{}", user.post("usermgmt/doneNextSteps", ""));
        assertAnswer(200, "{}", user.post("usermgmt/sendTrace", "{'trace_name':'x','trace_params':{}}"));
        Answer again = Management.anonymous(broker).post("usermgmt/login",
                "{'username':'" + name + "','password':'" + PASSWORD + "'}");
        assertEquals("7", again.member("avatar_id"));
        assertEquals("true", again.member("skip_get_started"));
        assertEquals("true", again.member("already_logged_in"));
    }

    /** M-018. */
    @Test
    void shouldChangePasswordsOnlyOfOneselfOrAsRoot() throws IOException {
        root.addUser(name, "application", PASSWORD, "");
        root.addUser(name + "b", "management", PASSWORD, "");
        Management other = Management.signIn(broker, name + "b", PASSWORD);
        String change = "{'username':'%s','password':'Other-2yz'}";
        assertShowable("Change user password: This operation can be done only by the user or the root user",
                other.call("PUT", "usermgmt/changePassword", change.formatted(name)));
        assertShowable("Change root password: This operation can be done only by the root user",
                other.call("PUT", "usermgmt/changePassword", change.formatted("root")));
        assertShowable("User does not exist", root.call("PUT", "usermgmt/changePassword", change.formatted("nobody")));
        try (RawConnection connection = connect(name, PASSWORD)) {
            assertAnswer(200, "{}", root.call("PUT", "usermgmt/changePassword", change.formatted(name)));
            assertEquals("-ERR 'Authorization Violation'\n", connection.readToEnd());
        }
        connect(name, "Other-2yz").close();
        assertThrows(IOException.class, () -> connect(name, PASSWORD).close());
        assertAnswer(200, "{}", other.call("PUT", "usermgmt/changePassword", change.formatted(name + "b")));
        assertEquals(401, other.get("usermgmt/getAllUsers").code());
        Management.signIn(broker, name + "b", "Other-2yz");
    }
}
