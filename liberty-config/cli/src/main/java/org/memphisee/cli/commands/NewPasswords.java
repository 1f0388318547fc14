package org.memphisee.cli.commands;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;

/** Passwords that are drawn, and written into a file that only its owner may read: a line for each user. */
final class NewPasswords {

    private static final String LETTERS = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private static final int LENGTH = 16;

    private final Path file;
    private final SecureRandom random = new SecureRandom();
    private boolean begun;

    NewPasswords(Path file) {
        this.file = file;
    }

    /** A new one; it is in the file when this returns. */
    String next(String user) {
        StringBuilder password = new StringBuilder();
        for (int i = 0; i < LENGTH; i++) {
            password.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        password.append("aA2!"); // one of each kind that the rule asks for
        try {
            if (!begun) {
                Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                begun = true;
            }
            Files.writeString(file, user + " " + password + "\n", StandardOpenOption.APPEND);
        } catch (FileAlreadyExistsException e) {
            throw new CliFailure(ExitCode.BAD_DATA, file + " is there already, and is not overwritten");
        } catch (IOException e) {
            throw new CliFailure(ExitCode.BAD_DATA, "The passwords cannot be written: " + e.getMessage());
        }
        return password.toString();
    }
}
