package org.memphisee.ejb;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.logging.Logger;

import org.memphisee.config.BrokerSettings;
import org.memphisee.core.access.Users;
import org.memphisee.core.api.Author;
import org.memphisee.core.definitions.DefinitionsChange;
import org.memphisee.core.definitions.DefinitionsChange.Action;
import org.memphisee.core.definitions.DefinitionsReport;
import org.memphisee.core.definitions.DefinitionsTransfer;
import org.memphisee.core.definitions.DocumentReader;
import org.memphisee.message.OperatorMessage;

/** Imports the document that the settings name, on the starting thread, before anybody is let in. */
final class StartDefinitions {

    private static final Logger LOG = Logger.getLogger(StartDefinitions.class.getName());

    private final DefinitionsTransfer transfer;

    StartDefinitions(DefinitionsTransfer transfer) {
        this.transfer = transfer;
    }

    /** Imports if there is something to import; whatever is wrong ends the start. */
    void run(BrokerSettings.Definitions settings) throws StartException, InterruptedException {
        if (settings.file().isEmpty()) {
            return;
        }
        Path file = settings.file().get();
        if (settings.time() == BrokerSettings.ImportTime.EMPTY && !get(file, transfer.empty())) {
            return;
        }
        Author author = new Author(Users.ROOT, Author.Door.BROKER, "", file.getFileName().toString());
        DefinitionsReport report = get(file, transfer.bringIn(author, read(file), settings.policy(), false));
        List<DefinitionsChange> failed = report.failed();
        if (!failed.isEmpty()) {
            throw refused(file, DefinitionsChange.word(failed.get(0).kind()) + " " + failed.get(0).name() + ": "
                + failed.get(0).error() + "; what is before it in the file was imported", null);
        }
        OperatorMessage.DEFINITIONS_IMPORTED.log(LOG, file, report.done(Action.CREATE), report.done(Action.UPDATE));
    }

    private static byte[] read(Path file) throws StartException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(DocumentReader.MAX_BYTES + 1); // one more than is allowed is refused
        } catch (IOException e) {
            throw refused(file, "it cannot be read (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    private static <T> T get(Path file, CompletableFuture<T> result) throws StartException, InterruptedException {
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw refused(file, String.valueOf(e.getCause().getMessage()), e.getCause());
        }
    }

    private static StartException refused(Path file, String why, Throwable cause) {
        return new StartException(OperatorMessage.DEFINITIONS_REFUSED, cause, file, why);
    }
}
