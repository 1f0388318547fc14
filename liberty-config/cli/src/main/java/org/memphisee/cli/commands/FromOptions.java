package org.memphisee.cli.commands;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.memphisee.cli.context.Context;
import org.memphisee.cli.context.Contexts;
import org.memphisee.cli.context.Target;
import org.memphisee.cli.http.ManagementApi;
import org.memphisee.cli.link.Broker;
import org.memphisee.cli.link.Nkey;
import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.Surroundings;
import org.memphisee.client.Credentials;
import org.memphisee.client.KeyProof;

import picocli.CommandLine.Option;

/** The other server of a migration. Nothing of what is said of the broker here holds for it. */
public final class FromOptions {

    private static final String OURS = "MEMPHISEE_CLI_";
    private static final String THEIRS = "MEMPHISEE_CLI_FROM_";
    private static final int NATS_PORT = 4222;

    @Option(names = "--from", paramLabel = "HOST[:PORT]",
        description = "the server to read from, with its port if it is not 4222; "
        + "tls:// before it asks for encryption (MEMPHISEE_CLI_FROM_SERVER)")
    private String server;

    @Option(names = "--from-api", paramLabel = "URL", description = "the management API of a Memphis to read from, if it is not "
        + "http://HOST:9000 (MEMPHISEE_CLI_FROM_API)")
    private String api;

    @Option(names = "--from-context", paramLabel = "NAME", description = "the context of the server to read from")
    private String context;

    @Option(names = "--from-user", paramLabel = "USER",
        description = "who we are there; nobody without it (MEMPHISEE_CLI_FROM_USER)")
    private String user;

    @Option(names = "--from-password-file", paramLabel = "FILE", description = "a file whose first line is the password there "
        + "(MEMPHISEE_CLI_FROM_PASSWORD_FILE; the password itself may be in MEMPHISEE_CLI_FROM_PASSWORD)")
    private Path passwordFile;

    @Option(names = "--from-token-file", paramLabel = "FILE",
        description = "a file whose first line is the token that it asks for "
        + "instead (MEMPHISEE_CLI_FROM_TOKEN_FILE)")
    private Path tokenFile;

    @Option(names = "--from-creds", paramLabel = "FILE",
        description = "a file with the JWT and the seed of a user there, as nsc writes it (MEMPHISEE_CLI_FROM_CREDS)")
    private Path creds;

    @Option(names = "--from-nkey", paramLabel = "FILE",
        description = "a file with the seed of a user that is known there by its key (MEMPHISEE_CLI_FROM_NKEY)")
    private Path nkey;

    @Option(names = "--from-tls-ca", paramLabel = "FILE",
        description = "certificates to trust there, PEM (MEMPHISEE_CLI_FROM_TLS_CA)")
    private Path tlsCa;

    /** Its port of clients; the caller closes it. */
    Broker broker(Tools tools, int timeoutSeconds) {
        Target target = target(tools);
        String who = who(surroundings(tools.surroundings()), known(tools));
        Optional<KeyProof> key = key(surroundings(tools.surroundings()));
        return new Broker(target, key.map(Credentials::of).orElseGet(() -> credentials(target, who)), timeoutSeconds);
    }

    /** The key that options name, else the one that variables do unless options name somebody. */
    private Optional<KeyProof> key(Surroundings own) {
        if (creds != null && nkey != null || (creds != null || nkey != null) && (user != null || tokenFile != null)) {
            throw CliFailure.usage("Only one of --from-user, --from-token-file, --from-creds and --from-nkey says who we are there");
        }
        if (creds != null || nkey != null) {
            return Optional.of(creds != null ? Nkey.ofCreds(creds) : Nkey.ofSeed(nkey));
        }
        if (user != null || tokenFile != null) {
            return Optional.empty();
        }
        return own.variable(OURS + "CREDS").map(Path::of).<KeyProof>map(Nkey::ofCreds)
            .or(() -> own.variable(OURS + "NKEY").map(Path::of).map(Nkey::ofSeed));
    }

    /** Its management API. */
    ManagementApi api(Tools tools) {
        Target target = target(tools);
        return new ManagementApi(tools.http(target), target);
    }

    private Context known(Tools tools) {
        return context == null ? new Context("", "", "", "", "", "", "", "", false)
            : new Contexts(tools.surroundings().home()).load().require(context);
    }

    private String who(Surroundings own, Context known) {
        return user != null ? user : own.variable(OURS + "USER").orElse(known.user());
    }

    private Target target(Tools tools) {
        Surroundings own = surroundings(tools.surroundings());
        Context known = known(tools);
        String where = server != null ? server : own.variable(OURS + "SERVER").orElse(known.server());
        boolean tls = known.tls() || where.startsWith("tls://");
        where = where.replaceFirst("^(nats|tls)://", "");
        String door = api != null ? api : known.api();
        if (where.isEmpty() && door.isEmpty() && own.variable(OURS + "API").isEmpty()) {
            throw CliFailure.usage("Which server? Give --from HOST[:PORT] or --from-context NAME");
        }
        Context whole = new Context("", where.matches(".*:\\d+|.*:.*[^\\]]") ? where : where + ":" + NATS_PORT, door, "", "",
            who(own, known),
            passwordFile == null ? known.passwordFile() : passwordFile.toString(), tlsCa == null ? known.tlsCa()
                : tlsCa.toString(), tls);
        Map<String, String> rest = new HashMap<>(own.environment());
        rest.remove(OURS + "SERVER"); // an option comes before it
        rest.remove(OURS + "USER");
        if (api != null) {
            rest.remove(OURS + "API");
        }
        if (passwordFile != null) {
            rest.remove(OURS + "PASSWORD");
            rest.remove(OURS + "PASSWORD_FILE");
        }
        if (tokenFile != null) {
            rest.put(OURS + "TOKEN_FILE", tokenFile.toString());
        }
        return Target.of(with(own, rest), whole);
    }

    private static Credentials credentials(Target target, String who) {
        return target.token().map(token -> new Credentials(who, "", token))
            .orElseGet(() -> new Credentials(who, who.isEmpty() ? "" : target.password(), ""));
    }

    /** With the variables that say something of the other server under the names of those of a broker. */
    private static Surroundings surroundings(Surroundings of) {
        Map<String, String> variables = new HashMap<>();
        of.environment().forEach((name, value) -> {
            if (name.startsWith(THEIRS)) {
                variables.put(OURS + name.substring(THEIRS.length()), value);
            } else if (!name.startsWith(OURS)) {
                variables.put(name, value);
            }
        });
        return with(of, variables);
    }

    private static Surroundings with(Surroundings of, Map<String, String> environment) {
        return new Surroundings(of.in(), of.out(), of.err(), Map.copyOf(environment), of.terminal(), of.secrets());
    }
}
