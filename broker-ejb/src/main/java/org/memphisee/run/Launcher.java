package org.memphisee.run;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.memphisee.config.BrokerSettings;
import org.memphisee.config.InvalidSettingsException;
import org.memphisee.config.SettingsLoader;
import org.memphisee.message.OperatorMessage;

/**
 * Runs a server that a build made, from copies of its files, in the foreground: looks first whether it can start, and says
 * everything that keeps it from starting at once. Part of the build's process; that ends with the server, with the same
 * status, and not before it.
 */
public final class Launcher {

    /** Longer than the longest stop of broker and database. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(90);
    private static final String DATA_DIR = "MEMPHISEE_DATA_DIR";

    private final Path installation;
    private final String version;
    private final String server;
    private final Runtimes runtimes;
    private final Path script;
    private final Map<String, String> environment;

    /**
     * A launcher.
     *
     * @param installation runtime with the server, as the build made it
     * @param version version of the runtime
     * @param server name of the server
     * @param runs directory of all copies
     * @param script what starts the server
     * @param here directory that a relative data directory is seen from
     * @param environment variables of the server
     */
    Launcher(Path installation, String version, String server, Path runs, Path script, Path here,
             Map<String, String> environment) {
        this.installation = installation;
        this.version = version;
        this.server = server;
        this.runtimes = new Runtimes(runs);
        this.script = script;
        this.environment = new HashMap<>(environment);
        this.environment.remove("WLP_USER_DIR"); // of another installation; ours is complete in itself
        this.environment.remove("WLP_OUTPUT_DIR");
        this.environment.computeIfPresent(DATA_DIR, (name, value) -> here.resolve(value).normalize().toString());
    }

    /** Arguments: installation, its version, name of the server, directory of the copies, script, directory of the user. */
    public static void main(String[] arguments) throws InterruptedException {
        Launcher launcher = new Launcher(Path.of(arguments[0]), arguments[1], arguments[2], Path.of(arguments[3]),
            Path.of(arguments[4]), Path.of(arguments[5]), System.getenv());
        System.exit(launcher.run()); // the build has nothing more to do, and a trace of it would help nobody
    }

    /** Runs the server until it ends; its exit status. */
    int run() throws InterruptedException {
        try {
            BrokerSettings settings = settings(installation.resolve("usr"));
            List<String> conflicts = new FreePorts(settings).conflicts();
            if (!conflicts.isEmpty()) {
                return refuse(ExitStatus.START_FAILED, conflicts);
            }
            try (ServerCopy copy = runtimes.open(String.valueOf(settings.listen().clientPort()))) {
                copy.server(installation.resolve("usr"), server);
                conflicts = new FreePorts(settings(copy.root())).conflicts(); // with what people added to the copy
                return conflicts.isEmpty() ? run(copy) : refuse(ExitStatus.START_FAILED, conflicts);
            }
        } catch (InvalidSettingsException e) {
            return refuse(ExitStatus.WRONG_SETTINGS, e.problems().stream().map(OperatorMessage.WRONG_SETTING::line).toList());
        } catch (IOException e) {
            return refuse(ExitStatus.START_FAILED, List.of(OperatorMessage.START_FAILED.lineWithRemedy(e.getMessage())));
        }
    }

    private int run(ServerCopy copy) throws IOException, InterruptedException {
        Path runtime = runtimes.use(installation, version, copy);
        ProcessBuilder builder = new ProcessBuilder("sh", script.toString(),
            runtime.resolve("bin").resolve("server").toString(), server).inheritIO();
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("WLP_USER_DIR", copy.root().toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        System.gc(); // what the build needed goes back to the system while the server runs
        return new Child(STOP_LIMIT).run(builder);
    }

    private BrokerSettings settings(Path users) throws IOException, InvalidSettingsException {
        SettingsLoader.Machine machine = new SettingsLoader.Machine(Runtime.getRuntime().availableProcessors(),
            Long.MAX_VALUE, System.getProperty("user.home", ".")); // the server's heap is the server's to judge
        return new SettingsLoader(ServerVariables.read(users.resolve("servers").resolve(server),
            environment), environment, machine, text -> text).load().settings(); // secrets are the server's to decode
    }

    private static int refuse(int status, List<String> lines) {
        lines.forEach(System.out::println);
        return status;
    }
}
