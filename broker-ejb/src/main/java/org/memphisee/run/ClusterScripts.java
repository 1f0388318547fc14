package org.memphisee.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Writes what runs a cluster of three on one machine, for trying it: a directory for each node with a script that runs it in
 * the foreground, on the usual ports plus its number, with data of its own. Part of the build's process.
 */
public final class ClusterScripts {

    /** Nodes of the cluster. */
    static final int NODES = 3;
    private static final String SECRETS = "secrets";
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> RUNS = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final List<String> TOKENS = List.of("MEMPHISEE_DASHBOARD_JWT_SECRET", "MEMPHISEE_DASHBOARD_JWT_REFRESH_SECRET",
        "MEMPHISEE_GATEWAY_JWT_SECRET", "MEMPHISEE_GATEWAY_JWT_REFRESH_SECRET");
    private static final String TEXT = """
        #!/bin/sh
        # Runs node %1$d of a cluster of three on this machine in the foreground, until Ctrl-C:
        #   port n + %1$d for each port n, data in memphis-%1$d below the data directory. Made by mvn -Pcluster package.
        set -eu
        port() { eval "echo \\$((\\${$1:-$2} + $3))"; }
        . '%2$s'
        members=
        for node in 0 1 2; do
            members=$members${members:+,}memphis-$node@127.0.0.1:$(port MEMPHISEE_CLUSTER_PORT 6222 $node)
        done
        export MEMPHISEE_SERVER_NAME=memphis-%1$d MEMPHISEE_CLUSTER_MODE=static MEMPHISEE_CLUSTER_MEMBERS="$members"
        data=${MEMPHISEE_DATA_DIR:-data}
        export MEMPHISEE_DATA_DIR="$data/memphis-%1$d"
        for each in CLIENT:6666 WEBSOCKET:7770 DASHBOARD:9000 GATEWAY:4444 MONITOR:8222 METRICS:7777 METADATA:5432 CLUSTER:6222; do
            name=MEMPHISEE_${each%%:*}_PORT
            export "$name=$(port "$name" "${each#*:}" %1$d)"
        done
        exec "${JAVA_HOME:-%3$s}/bin/java" -Xmx64m -cp '%4$s' %5$s '%6$s'
        """;

    private ClusterScripts() { }

    /**
     * Arguments: directory that is made, then those of {@link Launcher}.
     *
     * @throws IOException when it cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        List<String> launcher = List.of(arguments).subList(1, arguments.length);
        write(Path.of(arguments[0]), classes(), launcher);
    }

    private static String classes() {
        return Path.of(java.net.URI.create(ClusterScripts.class.getProtectionDomain().getCodeSource().getLocation().toString()))
            .toString();
    }

    /**
     * Writes the directories {@code node-0} to {@code node-2}, and secrets that all share, when there are none yet.
     *
     * @param classes where this class is
     * @param launcher arguments of {@link Launcher}
     */
    static void write(Path directory, String classes, List<String> launcher) throws IOException {
        Path secrets = Files.createDirectories(directory).resolve(SECRETS);
        if (!Files.exists(secrets)) {
            Files.createFile(secrets, PosixFilePermissions.asFileAttribute(OWNER));
            SecureRandom random = new SecureRandom();
            for (String name : TOKENS) {
                byte[] secret = new byte[32];
                random.nextBytes(secret);
                Files.writeString(secrets, name + "=${" + name + ":-" + HexFormat.of().formatHex(secret) + "}; export " + name + "\n",
                    StandardOpenOption.APPEND);
            }
        }
        for (int node = 0; node < NODES; node++) {
            Path script = Files.createDirectories(directory.resolve("node-" + node)).resolve("run");
            Files.writeString(script, TEXT.formatted(node, quoted(secrets.toAbsolutePath().toString()), System.getProperty("java.home"),
                quoted(classes), Launcher.class.getName(), String.join("' '", launcher.stream().map(ClusterScripts::quoted).toList())),
                StandardCharsets.UTF_8);
            Files.setPosixFilePermissions(script, RUNS);
        }
    }

    private static String quoted(String text) {
        return text.replace("'", "'\\''");
    }
}
