package org.memphisee.config.users;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.memphisee.config.users.YamlNode.Mapping;
import org.memphisee.config.users.YamlNode.Sequence;
import org.memphisee.config.users.YamlNode.Text;
import org.memphisee.core.access.AccessRefusal;
import org.memphisee.core.access.FirstUser;
import org.memphisee.core.access.NewUser;
import org.memphisee.core.access.PermissionPatterns;
import org.memphisee.core.access.UserProfile;
import org.memphisee.core.file.FileTooLargeException;
import org.memphisee.core.file.SmallFile;

/**
 * Reads users that a fresh installation begins with: {@code users}, below it {@code mgmt} and {@code client} as the reference has
 * them, or {@code management} and {@code application}. Nothing of a password is ever in a text for people. Any thread.
 */
public final class UsersFile {

    /** Users of one file: each password that is not hashed yet takes about a third of a second of the first start. */
    public static final int MOST_USERS = 1_000;
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_PASSWORD_BYTES = 4 << 10;
    private static final Map<String, String> TYPES = Map.of("mgmt", "management", "management", "management",
        "client", "application", "application", "application");
    private static final List<String> TEXTS = List.of("user", "password", "password_file", "password_hash", "full_name", "team",
        "position", "description", "role");
    private static final List<String> LISTS = List.of("allow_read", "allow_write", "deny_read", "deny_write");

    private final Path file;
    private final boolean sharedToken;
    private final Map<String, FirstUser> users = new LinkedHashMap<>();

    private UsersFile(Path file, boolean sharedToken) {
        this.file = file;
        this.sharedToken = sharedToken;
    }

    /**
     * Reads the file and the files that it names.
     *
     * @param file the file
     * @param sharedToken whether clients share one token, so that they need no password of their own
     * @throws UsersFileException it cannot be read, or something in it is not allowed
     */
    public static List<FirstUser> read(Path file, boolean sharedToken) throws UsersFileException {
        UsersFile reading = new UsersFile(file, sharedToken);
        reading.document(YamlReader.read(content(file, MAX_BYTES)));
        return List.copyOf(reading.users.values());
    }

    private static String content(Path file, int limit) throws UsersFileException {
        try {
            return SmallFile.text(file, limit);
        } catch (FileTooLargeException e) {
            throw new UsersFileException(file + " is larger than " + limit + " bytes; allowed: a smaller file");
        } catch (CharacterCodingException e) {
            throw new UsersFileException(file + " is not UTF-8; allowed: a text file");
        } catch (IOException e) {
            throw new UsersFileException(file + " cannot be read (" + e.getClass().getSimpleName()
                + "); allowed: a file that the server's user may read");
        }
    }

    private void document(YamlNode document) throws UsersFileException {
        Mapping top = mapping(document, "the file", Set.of("users"));
        if (!top.parts().containsKey("users")) {
            throw UsersFileException.at(top.line(), "there is no list of users; allowed: users: and below it mgmt: and client:");
        }
        Mapping kinds = mapping(top.parts().get("users"), "users", TYPES.keySet());
        for (Map.Entry<String, YamlNode> kind : kinds.parts().entrySet()) {
            if (empty(kind.getValue())) {
                continue;
            }
            if (!(kind.getValue() instanceof Sequence list)) {
                throw UsersFileException.at(kind.getValue().line(), kind.getKey() + " is no list; allowed: a line \"- user: NAME\" for "
                    + "each");
            }
            for (YamlNode user : list.parts()) {
                add(user, TYPES.get(kind.getKey()));
            }
        }
    }

    private void add(YamlNode node, String type) throws UsersFileException {
        Set<String> known = new TreeSet<>(TEXTS);
        known.addAll(LISTS);
        Mapping user = mapping(node, "a user", known);
        Map<String, String> texts = new HashMap<>();
        for (String name : TEXTS) {
            texts.put(name, text(user, name));
        }
        if (texts.get("user").isEmpty()) {
            throw UsersFileException.at(user.line(), "a user has no name; allowed: user: NAME");
        }
        if (users.size() == MOST_USERS) {
            throw UsersFileException.at(user.line(), "there are more users than " + MOST_USERS + "; allowed: fewer, and the others "
                + "over the management API");
        }
        FirstUser made = made(user, type, texts);
        if (users.putIfAbsent(made.name(), made) != null) {
            throw UsersFileException.at(user.line(), "user " + made.name() + " is there twice; allowed: once");
        }
    }

    private FirstUser made(Mapping user, String type, Map<String, String> texts) throws UsersFileException {
        long ways = TEXTS.stream().filter(name -> name.startsWith("password") && !texts.get(name).isEmpty()).count();
        if (ways > 1) {
            throw UsersFileException.at(user.line(), "user " + texts.get("user") + " has several passwords; allowed: one of password, "
                + "password_file and password_hash");
        }
        String password = texts.get("password_file").isEmpty() ? texts.get("password")
            : password(user.parts().get("password_file").line(), texts.get("password_file"));
        UserProfile profile = new UserProfile(texts.get("full_name"), texts.get("team"), texts.get("position"),
            texts.get("description"), "", 1, false);
        PermissionPatterns patterns = new PermissionPatterns(list(user, "allow_read"), list(user, "allow_write"),
            list(user, "deny_read"), list(user, "deny_write"));
        NewUser wanted = new NewUser(texts.get("user"), type, password, profile, patterns, texts.get("role"));
        try {
            return texts.get("password_hash").isEmpty() ? FirstUser.of(wanted, sharedToken)
                : FirstUser.hashed(wanted, texts.get("password_hash"));
        } catch (AccessRefusal refusal) {
            throw UsersFileException.at(user.line(), "user " + texts.get("user") + ": " + refusal.getMessage().strip()
                + "; allowed: what the rule says");
        }
    }

    /** The first line of a file whose name is relative to the file of users. */
    private String password(int line, String name) throws UsersFileException {
        try {
            Path secret = file.toAbsolutePath().resolveSibling(name);
            return content(secret, MAX_PASSWORD_BYTES).lines().findFirst().orElse("");
        } catch (InvalidPathException e) {
            throw UsersFileException.at(line, "password_file is no path; allowed: the name of a file");
        } catch (UsersFileException e) {
            throw UsersFileException.at(line, "password_file " + e.getMessage());
        }
    }

    private static boolean empty(YamlNode node) {
        return node instanceof Text text && text.value().isEmpty();
    }

    private static Mapping mapping(YamlNode node, String what, Set<String> names) throws UsersFileException {
        if (!(node instanceof Mapping mapping)) {
            throw UsersFileException.at(node.line(), what + " has nothing of its own; allowed: " + String.join(", ",
                new TreeSet<>(names)) + ", each with a colon");
        }
        for (Map.Entry<String, YamlNode> part : mapping.parts().entrySet()) {
            if (!names.contains(part.getKey())) {
                throw UsersFileException.at(part.getValue().line(), part.getKey() + " is unknown; allowed in " + what + ": "
                    + String.join(", ", new TreeSet<>(names)));
            }
        }
        return mapping;
    }

    private static String text(Mapping user, String name) throws UsersFileException {
        YamlNode node = user.parts().get(name);
        if (node == null) {
            return "";
        }
        if (!(node instanceof Text text)) {
            throw UsersFileException.at(node.line(), name + " is no text; allowed: one value behind the colon");
        }
        return text.value();
    }

    private static List<String> list(Mapping user, String name) throws UsersFileException {
        YamlNode node = user.parts().get(name);
        List<String> patterns = new ArrayList<>();
        if (node == null || empty(node)) {
            return patterns;
        }
        if (!(node instanceof Sequence sequence)) {
            throw UsersFileException.at(node.line(), name + " is no list; allowed: [\"orders.*\"]");
        }
        for (YamlNode part : sequence.parts()) {
            if (!(part instanceof Text text)) {
                throw UsersFileException.at(part.line(), name + " has more than texts; allowed: [\"orders.*\"]");
            }
            patterns.add(text.value());
        }
        return patterns;
    }
}
