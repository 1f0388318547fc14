package org.memphisee.cli.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;
import org.memphisee.cli.context.Target;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Users of the broker. */
@Command(name = "user", description = "users: who may use the broker, and what they may do")
public final class UserCommands {

    private static final List<String> COLUMNS = List.of("name", "type", "role", "created", "team", "description");
    private static final List<String> PERMISSIONS = List.of("name", "role", "allowRead", "allowWrite", "denyRead", "denyWrite");

    private final Tools tools;

    public UserCommands(Tools tools) {
        this.tools = tools;
    }

    @Command(description = "lists the users")
    int ls(@Option(names = "--type", paramLabel = "TYPE", description = "application or management only") String type) {
        tools.print("UserList", COLUMNS, users().stream()
            .filter(user -> type == null || user.path("type").asText().equals(type)).toList());
        return ExitCode.DONE;
    }

    private List<ObjectNode> users() {
        JsonNode answer = tools.api().get("usermgmt/getAllUsers");
        List<ObjectNode> users = new ArrayList<>();
        answer.path("management_users").forEach(user -> users.add(item(user)));
        answer.path("application_users").forEach(user -> users.add(item(user)));
        return users;
    }

    private static ObjectNode item(JsonNode user) {
        ObjectNode n = Tools.object().put("name", user.path("username").asText()).put("type", user.path("user_type").asText())
            .put("role", user.path("role").asText())
            .put("created", user.path("created_at").asText()).put("fullName", user.path("full_name").asText())
            .put("team", user.path("team").asText()).put("position", user.path("position").asText())
            .put("description", user.path("description").asText()).put("owner", user.path("owner").asText());
        JsonNode permissions = user.path("permissions");
        copy(n, "allowRead", permissions.path("allow_read_permissions"));
        copy(n, "allowWrite", permissions.path("allow_write_permissions"));
        copy(n, "denyRead", permissions.path("deny_read_permissions"));
        copy(n, "denyWrite", permissions.path("deny_write_permissions"));
        return n;
    }

    private static void copy(ObjectNode n, String name, JsonNode patterns) {
        var array = n.putArray(name);
        patterns.forEach(array::add);
    }

    @Command(description = {"adds a user", "The password is read from --new-password-file, or asked for, or the first line of the "
        + "input. Without any permission a user may do everything."})
    int add(@Parameters(paramLabel = "NAME") String name,
            @Option(names = {"-t", "--type"}, paramLabel = "TYPE", defaultValue = "application",
                description = "application (may connect) or management (may use dashboard and API too); default ${DEFAULT-VALUE}")
            String type,
            @Option(names = "--new-password-file", paramLabel = "FILE", description = "a file whose first line is the user's password")
            java.nio.file.Path file,
            @Option(names = "--role", paramLabel = "ROLE", defaultValue = "full", description = "full, or viewer for who only looks; default "
                + "${DEFAULT-VALUE}") Role role,
            @Option(names = "--description", paramLabel = "TEXT") String description,
            @Option(names = "--team", paramLabel = "TEXT") String team,
            @Option(names = "--allow-read", paramLabel = "PATTERN", split = ",", description = "stations to consume from, with *")
            List<String> allowRead,
            @Option(names = "--allow-write", paramLabel = "PATTERN", split = ",", description = "stations to produce to")
            List<String> allowWrite,
            @Option(names = "--deny-read", paramLabel = "PATTERN", split = ",", description = "stations not to consume from")
            List<String> denyRead,
            @Option(names = "--deny-write", paramLabel = "PATTERN", split = ",", description = "stations not to produce to")
            List<String> denyWrite) {
        ObjectNode body = Tools.object().put("username", name).put("user_type", type)
            .put("password", newPassword(name, file)).put("description", description == null ? "" : description)
            .put("team", team == null ? "" : team).put("role", role.name());
        patterns(body, "allow_read_permissions", allowRead);
        patterns(body, "allow_write_permissions", allowWrite);
        patterns(body, "deny_read_permissions", denyRead);
        patterns(body, "deny_write_permissions", denyWrite);
        tools.print("UserList", COLUMNS, List.of(item(tools.api().post("usermgmt/addUser", body))));
        return ExitCode.DONE;
    }

    private static void patterns(ObjectNode body, String name, List<String> patterns) {
        var array = body.putArray(name);
        if (patterns != null) {
            patterns.forEach(array::add);
        }
    }

    private String newPassword(String name, java.nio.file.Path file) {
        if (file != null) {
            return Target.firstLine(file);
        }
        return tools.surroundings().secrets().ask("Password for " + name + ": ").or(tools.surroundings()::line)
            .filter(password -> !password.isEmpty()).orElseThrow(() -> CliFailure.usage("No password for " + name
                + " was given: name a file with --new-password-file, or write it to the input"));
    }

    @Command(description = "gives a user another password; its connections end")
    int passwd(@Parameters(paramLabel = "NAME") String name,
               @Option(names = "--new-password-file", paramLabel = "FILE", description = "a file whose first line is the password")
               java.nio.file.Path file) {
        tools.api().put("usermgmt/changePassword", Tools.object().put("username", name)
            .put("password", newPassword(name, file)));
        return ExitCode.DONE;
    }

    @Command(description = {"makes the hash of a password, for password_hash in a file of users; asks no broker",
        "The password is read from --new-password-file, or asked for twice, or the first line of the input. It has to keep the rule "
        + "of the broker, which cannot see it in the hash."})
    int hash(@Option(names = "--new-password-file", paramLabel = "FILE", description = "a file whose first line is the password")
             java.nio.file.Path file,
             @Option(names = "--iterations", paramLabel = "NUMBER", defaultValue = "600000",
                 description = "how much work a guess is, 100000 to 5000000; default ${DEFAULT-VALUE}") int iterations) {
        if (iterations < PasswordHashes.FEWEST || iterations > PasswordHashes.MOST) {
            throw CliFailure.usage("--iterations has to be between " + PasswordHashes.FEWEST + " and " + PasswordHashes.MOST);
        }
        String password = newPassword("the file of users", file);
        if (!PasswordHashes.allowed(password)) {
            throw CliFailure.usage("A password has 8 to 20 letters without accents, digits and characters of !?-@#$%, at least one "
                + "uppercase, one lowercase, one digit and one of the others");
        }
        if (file == null && tools.surroundings().secrets().ask("Once more: ").filter(again -> !again.equals(password)).isPresent()) {
            throw CliFailure.usage("The two passwords differ, nothing was made");
        }
        String hash = PasswordHashes.of(password, iterations);
        if (tools.json()) {
            tools.print("HashList", List.of("hash"), List.of(Tools.object().put("hash", hash)));
        } else {
            tools.line(hash);
        }
        return ExitCode.DONE;
    }

    /** What users may do where permissions for stations do not decide. */
    public enum Role { full, viewer }

    @Command(description = {"sets what a user may do, as a whole; its connections end, so that they come in with it",
        "What is not given is empty: without any pattern a user may do everything with all stations."})
    int rights(@Parameters(paramLabel = "NAME") String name,
               @Option(names = "--role", paramLabel = "ROLE", defaultValue = "full", description = "full, or viewer for who only looks; "
                   + "default ${DEFAULT-VALUE}") Role role,
               @Option(names = "--allow-read", paramLabel = "PATTERN", split = ",", description = "stations to consume from, with *")
               List<String> allowRead,
               @Option(names = "--allow-write", paramLabel = "PATTERN", split = ",", description = "stations to produce to")
               List<String> allowWrite,
               @Option(names = "--deny-read", paramLabel = "PATTERN", split = ",", description = "stations not to consume from")
               List<String> denyRead,
               @Option(names = "--deny-write", paramLabel = "PATTERN", split = ",", description = "stations not to produce to")
               List<String> denyWrite) {
        ObjectNode body = Tools.object().put("username", name).put("role", role.name());
        patterns(body, "allow_read_permissions", allowRead);
        patterns(body, "allow_write_permissions", allowWrite);
        patterns(body, "deny_read_permissions", denyRead);
        patterns(body, "deny_write_permissions", denyWrite);
        ObjectNode user = item(tools.api().put("v2/users/rights", body));
        tools.print("PermissionList", PERMISSIONS, List.of(user.retain(PERMISSIONS)));
        return ExitCode.DONE;
    }

    @Command(description = "removes a user; its connections end")
    int rm(@Parameters(paramLabel = "NAME") String name,
           @Option(names = "--if-exists", description = "it is no mistake if there is none") boolean ifExists) {
        tools.confirm("Remove user " + name);
        try {
            tools.api().delete("usermgmt/removeUser", Tools.object().put("username", name));
        } catch (CliFailure e) {
            if (!ifExists || e.code() != ExitCode.NOT_FOUND) {
                throw e;
            }
        }
        return ExitCode.DONE;
    }

    @Command(description = "shows what users may do with which stations; no pattern at all means everything")
    int permissions(@Parameters(paramLabel = "NAME", arity = "0..1") String name) {
        List<ObjectNode> users = users();
        List<ObjectNode> shown = name == null ? users : users.stream()
            .filter(user -> user.path("name").asText().equals(name.toLowerCase(Locale.ROOT))).toList();
        if (name != null && shown.isEmpty()) {
            throw CliFailure.notFound("User " + name + " does not exist");
        }
        tools.print("PermissionList", PERMISSIONS, shown.stream()
            .map(user -> user.deepCopy().retain(PERMISSIONS)).toList());
        return ExitCode.DONE;
    }
}
