package org.memphisee.cli.commands;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;

/** The store tool that lies beside the server and alone knows the stored formats (ADR 0086): run with our input and output. */
final class StoreTool {

    private static final int DAMAGED = 1;

    private StoreTool() { }

    /** Runs one of its commands; the exit code in the words of this program. */
    static int run(Tools tools, String command, List<String> more) {
        List<String> line = new ArrayList<>(List.of("sh", tool(tools).toString(), command));
        line.addAll(more);
        try {
            Process process = new ProcessBuilder(line).inheritIO().start();
            int status = process.waitFor();
            return status == 0 ? ExitCode.DONE : status == DAMAGED ? ExitCode.BAD_DATA : ExitCode.REFUSED;
        } catch (IOException e) {
            throw new CliFailure(ExitCode.REFUSED, "The store tool cannot be run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliFailure(ExitCode.INTERRUPTED, "Interrupted");
        }
    }

    /** Beside this program in the server's directory of tools, or where a variable says. */
    private static Path tool(Tools tools) {
        Path directory = tools.surroundings().variable("MEMPHISEE_CLI_TOOLS").map(Path::of).orElseGet(StoreTool::beside);
        Path tool = directory.resolve("memphis-store");
        if (!Files.isRegularFile(tool)) {
            throw CliFailure.notFound("There is no store tool in " + directory + ": run this program from the server's directory "
                + "usr/servers/memphis/tools, or name that in MEMPHISEE_CLI_TOOLS");
        }
        return tool;
    }

    private static Path beside() {
        try {
            Path jar = Path.of(StoreTool.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            return jar.toAbsolutePath().getParent().getParent();
        } catch (URISyntaxException e) {
            return Path.of("").toAbsolutePath();
        }
    }
}
