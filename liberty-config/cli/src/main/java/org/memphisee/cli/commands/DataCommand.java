package org.memphisee.cli.commands;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

/**
 * The store of a stopped broker: hands over to the store tool that lies beside the server, which alone knows the stored formats
 * (ADR 0086).
 */
@Command(name = "data", description = {"the store of a stopped broker (docs/store-tool.md)",
    "verify reads everything and names what is damaged; list shows the partitions; dump shows one; export writes its messages. "
        + "--data DIR is the broker's data directory, or MEMPHISEE_DATA_DIR. Exit code 65: something is damaged."})
public final class DataCommand implements Callable<Integer> {

    private static final int DAMAGED = 1;

    private final Tools tools;

    @Parameters(paramLabel = "COMMAND", arity = "1", description = "verify, list, dump STREAM, export STREAM [--out FILE]")
    private String command;

    @Unmatched
    private List<String> more = new ArrayList<>();

    public DataCommand(Tools tools) {
        this.tools = tools;
    }

    @Override
    public Integer call() {
        Path tool = tool();
        List<String> line = new ArrayList<>(List.of("sh", tool.toString(), command));
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
    private Path tool() {
        Path tools = this.tools.surroundings().variable("MEMPHISEE_CLI_TOOLS").map(Path::of).orElseGet(DataCommand::beside);
        Path tool = tools.resolve("memphis-store");
        if (!Files.isRegularFile(tool)) {
            throw CliFailure.notFound("There is no store tool in " + tools + ": run this program from the server's directory "
                + "usr/servers/memphis/tools, or name that in MEMPHISEE_CLI_TOOLS");
        }
        return tool;
    }

    private static Path beside() {
        try {
            Path jar = Path.of(DataCommand.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            return jar.toAbsolutePath().getParent().getParent();
        } catch (URISyntaxException e) {
            return Path.of("").toAbsolutePath();
        }
    }
}
