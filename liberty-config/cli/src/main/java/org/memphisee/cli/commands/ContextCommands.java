package org.memphisee.cli.commands;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.http.Http;
import org.memphisee.cli.http.ManagementApi;
import org.memphisee.cli.http.Monitor;
import org.memphisee.cli.link.Broker;
import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;
import org.memphisee.cli.run.Options;
import org.memphisee.cli.context.Context;
import org.memphisee.cli.context.Contexts;
import org.memphisee.cli.context.Target;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brokers by names of one's own. */
@Command(name = "context", description = "the brokers you work with, by name")
public final class ContextCommands {

    private static final List<String> COLUMNS = List.of("selected", "name", "server", "api", "user");

    private final Tools tools;
    private final Contexts contexts;

    public ContextCommands(Tools tools) {
        this.tools = tools;
        contexts = new Contexts(tools.surroundings().home());
    }

    @Command(description = {"keeps a broker under a name; the first one is selected",
        "What --server, --api, --user and the others say is kept. The password is never kept there, only the file it is in."})
    int add(@Parameters(paramLabel = "NAME", description = "letters, digits, . - _") String name,
            @Option(names = "--ask-password", description = "ask for the password (or read a line of the input) and keep it in a "
                + "file that only you may read") boolean ask,
            @Option(names = "--select", description = "use it from now on") boolean select) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,59}")) {
            throw CliFailure.usage("A context's name has 1 to 60 letters, digits, and . - _ behind the first");
        }
        Contexts.State state = contexts.load();
        if (state.find(name).isPresent()) {
            throw new CliFailure(ExitCode.REFUSED, "There is a context " + name + "; \"memphisee context edit\" changes it");
        }
        Context context = changed(new Context(name, "", "", "", "", "", "", "", false), ask);
        List<Context> all = new ArrayList<>(state.all());
        all.add(context);
        contexts.store(new Contexts.State(select || all.size() == 1 ? name : state.selected(), all));
        return ExitCode.DONE;
    }

    @Command(description = "changes what options say of a context, and leaves the rest")
    int edit(@Parameters(paramLabel = "NAME") String name,
             @Option(names = "--ask-password", description = "ask for the password and keep it in a file that only you may read")
             boolean ask) {
        Contexts.State state = contexts.load();
        Context changed = changed(state.require(name), ask);
        contexts.store(new Contexts.State(state.selected(),
            state.all().stream().map(context -> context.name().equals(name) ? changed : context).toList()));
        return ExitCode.DONE;
    }

    private Context changed(Context context, boolean ask) {
        Options o = tools.options();
        String passwordFile = o.passwordFile == null ? context.passwordFile() : absolute(o.passwordFile);
        if (ask) {
            String password = tools.surroundings().secrets().ask("Password: ").or(tools.surroundings()::line).orElse("");
            if (password.isEmpty()) {
                throw CliFailure.usage("No password was given");
            }
            passwordFile = absolute(contexts.storePassword(context.name(), password));
        }
        Context changed = new Context(context.name(), or(o.server, context.server()), or(o.api, context.api()),
            or(o.monitor, context.monitor()), or(o.metrics, context.metrics()), or(o.user, context.user()), passwordFile,
            o.tlsCa == null ? context.tlsCa() : absolute(o.tlsCa), o.tls || context.tls());
        Target target = Target.of(tools.surroundings(), changed);
        target.clientPort(); // wrong addresses are told now
        target.api();
        target.monitor();
        target.metrics();
        return changed;
    }

    private static String or(String said, String kept) {
        return said == null ? kept : said;
    }

    private static String absolute(Path file) {
        return file.toAbsolutePath().normalize().toString();
    }

    @Command(description = "lists the contexts")
    int ls() {
        Contexts.State state = contexts.load();
        tools.print("ContextList", COLUMNS, state.all().stream().map(context -> item(state, context)).toList());
        return ExitCode.DONE;
    }

    @Command(description = "shows one context, or the selected one")
    int show(@Parameters(paramLabel = "NAME", arity = "0..1") String name) {
        Contexts.State state = contexts.load();
        String wanted = name == null ? state.selected() : name;
        if (wanted.isEmpty()) {
            throw CliFailure.notFound("No context is selected");
        }
        tools.print("ContextList", List.of("selected", "name", "server", "api", "monitor", "metrics", "user", "passwordFile",
            "tlsCa", "tls"), List.of(item(state, state.require(wanted))));
        return ExitCode.DONE;
    }

    private static ObjectNode item(Contexts.State state, Context context) {
        ObjectNode n = Tools.object().put("selected", context.name().equals(state.selected()));
        n.setAll(context.json());
        return n;
    }

    @Command(description = "uses a context from now on")
    int select(@Parameters(paramLabel = "NAME") String name) {
        Contexts.State state = contexts.load();
        state.require(name);
        contexts.store(new Contexts.State(name, state.all()));
        return ExitCode.DONE;
    }

    @Command(description = "forgets a context, and the password that was kept for it")
    int rm(@Parameters(paramLabel = "NAME") String name,
           @Option(names = "--if-exists", description = "it is no mistake if there is none") boolean ifExists) {
        Contexts.State state = contexts.load();
        if (ifExists && state.find(name).isEmpty()) {
            return ExitCode.DONE;
        }
        state.require(name);
        tools.confirm("Forget context " + name);
        contexts.store(new Contexts.State(state.selected().equals(name) ? "" : state.selected(),
            state.all().stream().filter(context -> !context.name().equals(name)).toList()));
        contexts.removePassword(name);
        return ExitCode.DONE;
    }

    @Command(description = "tries each door of a context, or of the selected one; exit code 69 if one does not answer")
    int validate(@Parameters(paramLabel = "NAME", arity = "0..1") String name) {
        Target target = name == null ? tools.target() : Target.of(tools.surroundings(), contexts.load().require(name));
        Http http = tools.http(target);
        List<ObjectNode> items = new ArrayList<>();
        items.add(tried("clients", target.host() + ":" + target.clientPort(), () -> {
            try (Broker broker = new Broker(target, tools.options().timeout)) {
                broker.await(broker.open().flush());
            }
        }));
        items.add(tried("api", target.api().toString(), () -> new ManagementApi(http, target)
            .get("monitoring/getSystemGeneralInfo")));
        items.add(tried("monitor", target.monitor().toString(), () -> new Monitor(http, target.monitor()).json("/varz")));
        items.add(tried("metrics", target.metrics().toString(), () -> new Monitor(http, target.metrics())
            .json("/health/ready")));
        tools.print("DoorList", List.of("door", "address", "answers", "problem"), items);
        return items.stream().allMatch(item -> item.path("answers").asBoolean()) ? ExitCode.DONE : ExitCode.UNREACHABLE;
    }

    private static ObjectNode tried(String door, String address, Runnable attempt) {
        ObjectNode n = Tools.object().put("door", door).put("address", address);
        try {
            attempt.run();
            return n.put("answers", true).put("problem", "");
        } catch (CliFailure e) {
            return n.put("answers", false).put("problem", e.getMessage());
        }
    }
}
