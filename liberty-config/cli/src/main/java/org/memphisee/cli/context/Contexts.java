package org.memphisee.cli.context;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;

/** The file with the contexts, {@code contexts.json}, which only its owner may read. A change replaces it as a whole. */
public final class Contexts {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final FileAttribute<?> OWNER = PosixFilePermissions.asFileAttribute(
        PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> OWNERS = PosixFilePermissions.asFileAttribute(
        PosixFilePermissions.fromString("rwx------"));

    private final Path directory;

    public Contexts(Path directory) {
        this.directory = directory;
    }

    /**
     * What the file holds.
     *
     * @param selected name of the one in force, empty for none
     * @param all by the order in which they were added
     */
    public record State(String selected, List<Context> all) {

        public Optional<Context> find(String name) {
            return all.stream().filter(context -> context.name().equals(name)).findFirst();
        }

        /** The one with the name, or the failure that says there is none. */
        public Context require(String name) {
            return find(name).orElseThrow(() -> CliFailure.notFound("There is no context " + name
                + "; \"memphisee context ls\" lists them"));
        }
    }

    private Path file() {
        return directory.resolve("contexts.json");
    }

    public State load() {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file());
        } catch (NoSuchFileException e) {
            return new State("", List.of());
        } catch (IOException e) {
            throw new CliFailure(ExitCode.BAD_DATA, "The contexts cannot be read: " + e.getMessage());
        }
        try {
            JsonNode n = JSON.readTree(bytes);
            List<Context> all = new ArrayList<>();
            n.path("contexts").forEach(context -> all.add(Context.read(context)));
            return new State(n.path("selected").asText(""), all);
        } catch (IOException e) {
            throw new CliFailure(ExitCode.BAD_DATA, file() + " is not JSON; mend it or move it away");
        }
    }

    public void store(State state) {
        ObjectNode n = JsonNodeFactory.instance.objectNode().put("selected", state.selected());
        state.all().forEach(context -> n.withArray("contexts").add(context.json()));
        write(file(), n.toPrettyString() + "\n");
    }

    /** Keeps a password beside the contexts, in a file that only its owner may read. */
    public Path storePassword(String context, String password) {
        Path file = passwordFile(context);
        write(file, password + "\n");
        return file;
    }

    /** Takes a password that was kept here away; does nothing about others. */
    public void removePassword(String context) {
        try {
            Files.deleteIfExists(passwordFile(context));
        } catch (IOException e) {
            throw new CliFailure(ExitCode.REFUSED, "The password of the context cannot be removed: " + e.getMessage());
        }
    }

    private Path passwordFile(String context) {
        return directory.resolve(context + ".password");
    }

    private void write(Path file, String text) {
        try {
            Files.createDirectories(directory, OWNERS);
            Path fresh = Files.createTempFile(directory, file.getFileName().toString(), ".new", OWNER);
            try {
                Files.write(fresh, text.getBytes(StandardCharsets.UTF_8));
                replace(fresh, file);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            throw new CliFailure(ExitCode.REFUSED, "Cannot write " + file + ": " + e.getMessage());
        }
    }

    private static void replace(Path fresh, Path file) throws IOException {
        try {
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
