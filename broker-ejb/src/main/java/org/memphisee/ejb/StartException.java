package org.memphisee.ejb;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import org.memphisee.message.OperatorMessage;
import org.memphisee.run.ExitStatus;

/** The broker must not start; says what an operator should know. */
final class StartException extends Exception {

    private static final long serialVersionUID = 1;

    /** What another start cannot change: somebody has to set something right first. */
    private static final Set<OperatorMessage> SETTINGS = EnumSet.of(OperatorMessage.WRONG_SETTING,
        OperatorMessage.DATA_DIRECTORY_UNUSABLE, OperatorMessage.SECRETS_UNUSABLE, OperatorMessage.STORAGE_KEYS_UNUSABLE,
        OperatorMessage.TLS_UNUSABLE, OperatorMessage.DEFINITIONS_REFUSED, OperatorMessage.DATA_FORMAT_UNKNOWN);

    private final int status;

    /** With lines that are complete already, all of this message. */
    StartException(OperatorMessage message, List<String> lines) {
        super(String.join("\n", lines));
        status = status(message);
    }

    StartException(OperatorMessage message, Object... arguments) {
        super(message.lineWithRemedy(arguments));
        status = status(message);
    }

    StartException(OperatorMessage message, Throwable cause, Object... arguments) {
        super(message.lineWithRemedy(arguments), cause);
        status = status(message);
    }

    /** The exit status that tells who starts servers whether to try again: see {@link ExitStatus}. */
    int status() {
        return status;
    }

    private static int status(OperatorMessage message) {
        return SETTINGS.contains(message) ? ExitStatus.WRONG_SETTINGS : ExitStatus.START_FAILED;
    }
}
