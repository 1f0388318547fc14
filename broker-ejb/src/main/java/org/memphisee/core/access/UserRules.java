package org.memphisee.core.access;

import java.util.Locale;
import java.util.regex.Pattern;

/** Rules for user names and passwords, with their texts (features.md 8.2). */
final class UserRules {

    private static final Pattern NAME = Pattern.compile("[a-z0-9_.-]{1,60}");
    private static final Pattern PASSWORD =
        Pattern.compile("(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])(?=.*[!?\\-@#$%])[A-Za-z0-9!?\\-@#$%]{8,}");
    private static final int MAX_PASSWORD = 20;

    private UserRules() { }

    /** The name in its stored form, or a refusal. */
    static String name(String given) {
        String name = given.toLowerCase(Locale.ROOT);
        if (!NAME.matcher(name).matches()) {
            throw new AccessRefusal("username has to include only letters/numbers/./_/- ");
        }
        return name;
    }

    /** Refuses a password that is too weak or too long. */
    static void checkPassword(String password) {
        if (password.isEmpty()) {
            throw new AccessRefusal("Password was not provided");
        }
        if (password.length() > MAX_PASSWORD) {
            throw new AccessRefusal("password exceeds the maximum allowed length of 20 characters");
        }
        if (!PASSWORD.matcher(password).matches()) {
            throw new AccessRefusal("Password must be at least 8 characters long, contain both uppercase and lowercase, "
                + "and at least one number and one special character");
        }
    }
}
