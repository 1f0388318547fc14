package org.memphisee.config.users;

/** The file of users cannot be taken; the message names the line, what is wrong and what helps, and no secret. */
public final class UsersFileException extends Exception {

    private static final long serialVersionUID = 1;

    UsersFileException(String message) {
        super(message);
    }

    /** What is wrong with one line. */
    static UsersFileException at(int line, String message) {
        return new UsersFileException("line " + line + ": " + message);
    }
}
