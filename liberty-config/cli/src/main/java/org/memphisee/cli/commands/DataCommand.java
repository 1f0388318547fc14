package org.memphisee.cli.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

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
        return StoreTool.run(tools, command, more);
    }
}
