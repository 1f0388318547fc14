package org.memphisee.config.users;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.memphisee.core.access.FirstUser;

class UsersFileTest {

    private static final String HASH = "pbkdf2-sha256$1$600000$MDEyMzQ1Njc4OWFiY2RlZg$"
        + "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY";

    @TempDir
    private Path directory;

    private List<FirstUser> read(String text) throws IOException, UsersFileException {
        return read(text, false);
    }

    private List<FirstUser> read(String text, boolean sharedToken) throws IOException, UsersFileException {
        return UsersFile.read(Files.writeString(directory.resolve("users.yaml"), text), sharedToken);
    }

    private String wrong(String text) {
        return assertThrows(UsersFileException.class, () -> read(text)).getMessage();
    }

    @Test
    void shouldReadUsersAsTheReferenceWritesThem() throws Exception {
        assertEquals(List.of("FirstUser[name=anna, type=MANAGEMENT]", "FirstUser[name=bob, type=MANAGEMENT]",
            "FirstUser[name=orders-app, type=APPLICATION]"), read("""
            # made before the first start
            users:
              mgmt:
                - user: Anna
                  password: "Secret-1x"   # changed by her
                - user: bob
                  password: Secr#t-2y
              client:
              - user: orders-app
                password_hash: %s
                allow_write: ["orders.*", audit]
                deny_read:
                  - "secret*"
            """.formatted(HASH)).stream().map(FirstUser::toString).toList());
    }

    @Test
    void shouldReadKindsByTheNamesOfTheManagementApiAndPasswordsFromFilesBesideIt() throws Exception {
        Files.writeString(directory.resolve("anna.secret"), "Secret-1x\nnot this\n");
        assertEquals(List.of("FirstUser[name=anna, type=MANAGEMENT]", "FirstUser[name=app, type=APPLICATION]"), read("""
            ---
            users:
              management:
              -
                user: 'anna'
                password_file: anna.secret
                full_name: Anna O''Neil
              application:
              - user: app
                password: 'Secret-1x'
            """).stream().map(FirstUser::toString).toList());
    }

    /** What docs/access.md shows is taken as it stands. */
    @Test
    void shouldReadTheFileOfTheGuide() throws Exception {
        String page = Files.readString(Path.of("../docs/access.md"));
        Files.writeString(directory.resolve("anna.password"), "Secret-1x\n");
        String file = page.substring(page.indexOf("```yaml\n") + 8, page.indexOf("```", page.indexOf("```yaml\n") + 8));
        assertEquals(List.of("anna", "orders-app", "billing"), read(file).stream().map(FirstUser::name).toList());
    }

    @Test
    void shouldTakeAFileWithoutUsers() throws Exception {
        assertEquals(List.of(), read("users:\n  mgmt:\n  client:\n"));
    }

    @Test
    void shouldWantNoPasswordOfClientsThatShareAToken() throws Exception {
        String file = "users:\n  client:\n  - user: app\n";
        assertEquals(1, read(file, true).size());
        assertEquals("line 3: user app: Password was not provided; allowed: what the rule says", wrong(file));
        assertTrue(assertThrows(UsersFileException.class, () -> read("users:\n  mgmt:\n  - user: anna\n", true)).getMessage()
            .startsWith("line 3: user anna: Password was not provided"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "user: a|line 1: user is unknown; allowed in the file: users",
        "users:~n  admins:~n  - user: a|line 3: admins is unknown; allowed in users: application, client, management, mgmt",
        "users:~n  mgmt:~n    user: a|line 3: mgmt is no list; allowed: a line \"- user: NAME\" for each",
        "users:~n  mgmt:~n  - a|line 3: a user has nothing of its own; allowed: allow_read, allow_write, deny_read, deny_write, "
            + "description, full_name, password, password_file, password_hash, position, role, team, user, each with a colon",
        "users:~n  mgmt:~n  - user: a~n    passwort: b|line 4: passwort is unknown; allowed in a user: allow_read, allow_write, "
            + "deny_read, deny_write, description, full_name, password, password_file, password_hash, position, role, team, user",
        "users:~n  mgmt:~n  - password: Secret-1x|line 3: a user has no name; allowed: user: NAME",
        "users:~n  mgmt:~n  - user: a~n    password: Secret-1x~n    password_file: f|line 3: user a has several passwords; "
            + "allowed: one of password, password_file and password_hash",
        "users:~n  mgmt:~n  - user: root~n    password: Secret-1x|line 3: user root: root is there anyway, its password is a "
            + "setting of its own; allowed: what the rule says",
        "users:~n  mgmt:~n  - user: a b~n    password: Secret-1x|line 3: user a b: username has to include only "
            + "letters/numbers/./_/-; allowed: what the rule says",
        "users:~n  mgmt:~n  - user: a~n    password: Secret-1x~n~n  client:~n  - user: A~n    password: Secret-1x|line 7: user a is "
            + "there twice; allowed: once",
        "users:~n  client:~n  - user: a~n    password: Secret-1x~n    allow_read: orders|line 5: allow_read is no list; allowed: "
            + "[\"orders.*\"]",
        "users:~n  client:~n  - user: a~n    password: Secret-1x~n    allow_read: [*]|line 5: has a value that means something else "
            + "in YAML; allowed: the same in quotes",
        "users:~n  client:~n  - user: a~n    password: Secret-1x~n    allow_read: [a|line 5: has a list without its end; allowed: "
            + "[one, two] on one line",
        "users:~n  client:~n  - user: a~n   password: Secret-1x|line 4: does not belong to anything above it; allowed: the same "
            + "indentation as its neighbours",
        "users:~n~tmgmt:|line 2: is indented with a tab; allowed: blanks",
        "users:~n  mgmt:~n  - user: a~n    user: b|line 4: user is given twice; allowed: once",
        "users:~n  mgmt:~n  - user: 'a|line 3: has quotes that do not end where the value does; allowed: all of the value in quotes",
        "users:~n  mgmt:~n  - user: a~n    password_file: missing|line 4: password_file DIR/missing cannot be read "
            + "(NoSuchFileException); allowed: a file that the server's user may read",
        "{}|line 1: is not understood; allowed: a name, a colon and a blank, then a value",
    })
    void shouldNameLineFaultAndRemedy(String file, String message) {
        String text = file.replace("~n", "\n").replace("~t", "\t").replace("~", "");
        assertEquals(message, wrong(text).replace(directory.toString(), "DIR"));
    }

    @Test
    void shouldNeverTellAPasswordOrItsHash() {
        for (String secret : List.of("password: hunter2", "password: \"hunter2", "password_hash: hunter2", "password: [hunter2]",
            "password:\n    hunter2", "password: hunter2: x", "password_hash: pbkdf2-sha256$1$10$aHVudGVyMg$hunter2")) {
            String message = wrong("users:\n  mgmt:\n  - user: a\n    " + secret + "\n");
            assertFalse(message.contains("hunter2") || message.contains("aHVudGVyMg"), message);
            assertTrue(message.startsWith("line "), message);
        }
    }

    @Test
    void shouldRefuseHashesThatAreWeakOrCostTooMuch() {
        for (String hash : List.of(HASH.replace("600000", "99999"), HASH.replace("600000", "5000001"),
            HASH.replace("MDEyMzQ1Njc4OWFiY2RlZg$", "MDEy$"), HASH.substring(0, HASH.length() - 4), HASH.replace("$1$", "$2$"),
            HASH + "$", "$2a$10$abcdefghijklmnopqrstuv")) {
            assertTrue(wrong("users:\n  mgmt:\n  - user: a\n    password_hash: " + hash + "\n").startsWith(
                "line 3: user a: the hash of the password has to be pbkdf2-sha256$1$<iterations>$<salt>$<hash>"), hash);
        }
    }

    @Test
    void shouldBoundWhatItReads() throws Exception {
        StringBuilder many = new StringBuilder("users:\n  client:\n");
        for (int i = 0; i <= UsersFile.MOST_USERS; i++) {
            many.append("  - user: u").append(i).append("\n    password_hash: ").append(HASH).append('\n');
        }
        assertEquals("line 2003: there are more users than 1000; allowed: fewer, and the others over the management API",
            wrong(many.toString()));
        assertTrue(wrong("# " + "x".repeat(1 << 20)).endsWith("users.yaml is larger than 1048576 bytes; allowed: a smaller file"));
        assertTrue(wrong("users:\n" + deep(40)).contains("is nested too deeply"));
    }

    private static String deep(int levels) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= levels; i++) {
            text.append(" ".repeat(i)).append("a:\n");
        }
        return text.toString();
    }
}
