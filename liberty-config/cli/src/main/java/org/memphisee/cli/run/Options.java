package org.memphisee.cli.run;

import java.nio.file.Path;
import java.util.List;

import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** What each command understands. */
public class Options {

    /** Forms of what is printed. */
    public enum Form { table, json, plain }

    @Option(names = "--context", paramLabel = "NAME", scope = ScopeType.INHERIT,
        description = "the context to use instead of the selected one (MEMPHISEE_CLI_CONTEXT)")
    public String context;

    @Option(names = {"--server", "--host"}, paramLabel = "HOST[:PORT]", scope = ScopeType.INHERIT,
        description = "where the broker is, with the port of clients if it is not 6666 (MEMPHISEE_CLI_SERVER)")
    public String server;

    @Option(names = "--api", paramLabel = "URL", scope = ScopeType.INHERIT,
        description = "the management API if it is not http://HOST:9000 (MEMPHISEE_CLI_API)")
    public String api;

    @Option(names = "--monitor", paramLabel = "URL", scope = ScopeType.INHERIT,
        description = "the monitor if it is not http://HOST:8222 (MEMPHISEE_CLI_MONITOR)")
    public String monitor;

    @Option(names = "--metrics", paramLabel = "URL", scope = ScopeType.INHERIT,
        description = "health and metrics if they are not at http://HOST:7777 (MEMPHISEE_CLI_METRICS)")
    public String metrics;

    @Option(names = "--user", paramLabel = "USER", scope = ScopeType.INHERIT,
        description = "who we are; root without it (MEMPHISEE_CLI_USER)")
    public String user;

    @Option(names = "--password-file", paramLabel = "FILE", scope = ScopeType.INHERIT,
        description = "a file whose first line is the password (MEMPHISEE_CLI_PASSWORD_FILE; the password itself may be in "
            + "MEMPHISEE_CLI_PASSWORD). Without any, a person is asked")
    public Path passwordFile;

    @Option(names = "--token-file", paramLabel = "FILE", scope = ScopeType.INHERIT,
        description = "a file whose first line is the broker's connection token, for the port of clients of a broker that wants one "
            + "(MEMPHISEE_CLI_TOKEN_FILE)")
    public Path tokenFile;

    @Option(names = "--password", hidden = true, arity = "0..1", paramLabel = "NEVER", scope = ScopeType.INHERIT)
    public void password(String value) {
        throw CliFailure.usage("A password in an argument can be seen by everybody on the machine and stays in histories: "
            + "give --password-file, the variable MEMPHISEE_CLI_PASSWORD, or wait to be asked");
    }

    @Option(names = "--tls", scope = ScopeType.INHERIT,
        description = "the port of clients must be encrypted; one that requires it gets it anyway")
    public boolean tls;

    @Option(names = "--tls-ca", paramLabel = "FILE", scope = ScopeType.INHERIT,
        description = "certificates to trust instead of the machine's, PEM (MEMPHISEE_CLI_TLS_CA)")
    public Path tlsCa;

    @Option(names = {"-o", "--output"}, paramLabel = "FORM", scope = ScopeType.INHERIT,
        description = "table, json or plain (tabs); without it a table on a terminal, plain elsewhere")
    public Form output;

    @Option(names = "--columns", paramLabel = "NAME", split = ",", scope = ScopeType.INHERIT,
        description = "the columns to show, by the names of the members in JSON")
    public List<String> columns;

    @Option(names = "--no-headers", scope = ScopeType.INHERIT, description = "no line with the columns' names")
    public boolean noHeaders;

    @Option(names = {"-y", "--yes"}, scope = ScopeType.INHERIT, description = "do what destroys without asking")
    public boolean yes;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "15", scope = ScopeType.INHERIT,
        description = "how long an answer may take; default ${DEFAULT-VALUE}")
    public int timeout;

    @Option(names = "--trace", scope = ScopeType.INHERIT, description = "say on the standard error what is asked of the broker")
    public boolean trace;
}
