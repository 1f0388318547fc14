import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checks the types of the dashboard's front end and runs its unit tests, with the TypeScript compiler and the Deno that
 * UiBuild.java unpacked. Maven runs this file in profile {@code ui-check}; any finding fails the build.
 *
 * <pre>java UiCheck.java SOURCES TESTS NODE_MODULES</pre>
 */
public final class UiCheck {

    private UiCheck() { }

    public static void main(String[] args) throws IOException, InterruptedException {
        Path sources = Path.of(args[0]);
        Path tests = Path.of(args[1]);
        Path modules = Path.of(args[2]);
        Path deno = deno(modules.resolve("@deno"));
        step(modules, "type check", deno.toString(), "run", "-A", "--unstable-detect-cjs", "--no-remote",
            "--node-modules-dir=manual", modules.resolve("typescript/lib/tsc.js").toString(), "-p",
            sources.resolve("tsconfig.json").toString());
        step(modules, "unit tests", deno.toString(), "test", "--no-check", "--no-remote", "--no-lock",
            "--node-modules-dir=manual", "--config=" + tests.resolve("deno.json"), "--allow-read", tests.toString());
    }

    private static void step(Path modules, String what, String... command) throws IOException, InterruptedException {
        ProcessBuilder process = new ProcessBuilder(command).inheritIO().directory(modules.getParent().toFile());
        process.environment().put("DENO_NO_UPDATE_CHECK", "1");
        process.environment().put("DENO_DIR", modules.resolve(".deno").toString());
        process.environment().put("NO_COLOR", "1");
        int code = process.start().waitFor();
        if (code != 0) {
            System.err.println("dashboard: " + what + " failed");
            System.exit(code);
        }
        System.out.println("dashboard: " + what + " passed");
    }

    private static Path deno(Path packages) throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(packages)) {
            try (Stream<Path> files = Files.walk(packages)) {
                files.filter(file -> file.getFileName().toString().matches("deno(\\.exe)?"))
                    .filter(Files::isRegularFile).forEach(found::add);
            }
        }
        if (found.isEmpty() || !found.get(0).toFile().setExecutable(true)) {
            throw new IOException("no Deno below " + packages + ": run Maven with -Pui-check");
        }
        return found.get(0);
    }
}
