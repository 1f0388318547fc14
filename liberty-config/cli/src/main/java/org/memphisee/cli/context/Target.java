package org.memphisee.cli.context;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;
import org.memphisee.cli.run.Options;
import org.memphisee.cli.run.Surroundings;

/** The broker that is meant: each property from the first of option, variable, context, default that says something. */
public final class Target {

    private static final String PREFIX = "MEMPHISEE_CLI_";
    private static final int CLIENT_PORT = 6666;

    private final Surroundings surroundings;
    private final Options options;
    private final Context context;

    /** Reads the contexts' file if one is in force or may be. */
    public Target(Surroundings surroundings, Options options) {
        this.surroundings = surroundings;
        this.options = options;
        Contexts.State state = new Contexts(surroundings.home()).load();
        String wanted = options.context != null ? options.context : surroundings.variable(PREFIX + "CONTEXT").orElse("");
        context = !wanted.isEmpty() ? state.require(wanted) : state.find(state.selected()).orElse(Context.NONE);
    }

    private Target(Surroundings surroundings, Options options, Context context) {
        this.surroundings = surroundings;
        this.options = options;
        this.context = context;
    }

    /** The broker of one context, whatever options say. */
    public static Target of(Surroundings surroundings, Context context) {
        return new Target(surroundings, new Options(), context);
    }

    private Optional<String> say(String option, String variable, Function<Context, String> kept) {
        return Optional.ofNullable(option).or(() -> surroundings.variable(PREFIX + variable))
            .or(() -> Optional.of(kept.apply(context))).filter(text -> !text.isEmpty());
    }

    private String server() {
        return say(options.server, "SERVER", Context::server).orElse("localhost");
    }

    /** The machine. */
    public String host() {
        String server = server();
        int colon = portAt(server);
        String host = colon < 0 ? server : server.substring(0, colon);
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /** The port of clients. */
    public int clientPort() {
        String server = server();
        int colon = portAt(server);
        if (colon < 0) {
            return CLIENT_PORT;
        }
        try {
            int port = Integer.parseInt(server.substring(colon + 1));
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException notANumber) {
            // said below
        }
        throw CliFailure.usage("\"" + server + "\" has no port between 1 and 65535 after the colon");
    }

    /** Where the colon before the port is, -1 without port: an IPv6 address has colons of its own. */
    private static int portAt(String server) {
        int colon = server.lastIndexOf(':');
        return colon < 0 || server.indexOf(':') != colon && !server.substring(0, colon).endsWith("]")
            || colon < server.lastIndexOf(']') ? -1 : colon;
    }

    public URI api() {
        return address(say(options.api, "API", Context::api), 9000);
    }

    public URI monitor() {
        return address(say(options.monitor, "MONITOR", Context::monitor), 8222);
    }

    public URI metrics() {
        return address(say(options.metrics, "METRICS", Context::metrics), 7777);
    }

    private URI address(Optional<String> said, int port) {
        String host = host();
        String text = said.orElseGet(() -> "http://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port);
        try {
            URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw CliFailure.usage("\"" + text + "\" is no address like http://host:" + port);
    }

    public String user() {
        return say(options.user, "USER", Context::user).orElse("root");
    }

    /** Whether the port of clients must be encrypted. */
    public boolean tls() {
        return options.tls || context.tls();
    }

    /** Certificates to trust. */
    public Optional<Path> tlsCa() {
        return say(options.tlsCa == null ? null : options.tlsCa.toString(), "TLS_CA", Context::tlsCa).map(Path::of);
    }

    /** The password: from a file, the environment, or the person in front of us. */
    public String password() {
        if (options.passwordFile != null) {
            return firstLine(options.passwordFile);
        }
        Optional<String> file = surroundings.variable(PREFIX + "PASSWORD_FILE");
        if (file.isPresent()) {
            return firstLine(Path.of(file.get()));
        }
        return surroundings.variable(PREFIX + "PASSWORD")
            .or(() -> context.passwordFile().isEmpty() ? Optional.empty()
                : Optional.of(firstLine(Path.of(context.passwordFile()))))
            .or(() -> surroundings.secrets().ask("Password of " + user() + " at " + host() + ": "))
            .orElseThrow(() -> CliFailure.usage("There is no password for user " + user() + " and nobody to ask: give "
                + "--password-file or MEMPHISEE_CLI_PASSWORD, or keep it with \"memphisee context add\""));
    }

    /** The broker's connection token, for its port of clients; empty where user and password are asked for. */
    public Optional<String> token() {
        return Optional.ofNullable(options.tokenFile)
            .or(() -> surroundings.variable(PREFIX + "TOKEN_FILE").map(Path::of)).map(Target::firstLine);
    }

    /** The first line of a file with a secret. */
    public static String firstLine(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.findFirst().filter(line -> !line.isEmpty())
                .orElseThrow(() -> new CliFailure(ExitCode.BAD_DATA, "The first line of " + file + " is empty"));
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new CliFailure(ExitCode.BAD_DATA, "The file with the secret cannot be read: " + e.getMessage());
        }
    }
}
