package org.memphisee.core.access;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import org.memphisee.core.access.AccessRefusal.Reason;
import org.memphisee.core.control.UserEvent.UserRole;
import org.memphisee.core.control.UserEvent.UserType;

/** Rules for users, with their texts (features.md 8.2, management-api.md 2 and M-005). */
final class UserRules {

    private static final Pattern NAME = Pattern.compile("[a-z0-9_.-]+");
    private static final int MAX_NAME = 60;
    private static final Pattern EMAIL = Pattern.compile("[a-z0-9._%+-]+@[a-z0-9_.-]+\\.[a-z]{2,4}");
    private static final int MAX_EMAIL = 120;
    private static final Pattern PASSWORD =
        Pattern.compile("(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])(?=.*[!?\\-@#$%])[A-Za-z0-9!?\\-@#$%]{8,}");
    private static final int MAX_PASSWORD = 20;
    private static final Pattern STATION_PATTERN = Pattern.compile("[a-z0-9_.*-]+");
    private static final int MAX_STATION_PATTERN = 120;
    /** Patterns of one kind: each costs time when a permission is asked for the first time. */
    private static final int MAX_STATION_PATTERNS = 1_000;
    private static final int MAX_FULL_NAME = 30;
    private static final int MAX_TEAM = 20;
    private static final int MAX_POSITION = 30;
    private static final int MAX_DESCRIPTION = 100;

    private UserRules() { }

    /** The name in its stored form, or a refusal. */
    static String name(String given) {
        String name = given.toLowerCase(Locale.ROOT);
        if (name.length() > MAX_NAME) {
            throw invalid("username exceeds the maximum allowed length of 60 characters");
        }
        if (!NAME.matcher(name).matches()) {
            throw invalid("username has to include only letters/numbers/./_/- ");
        }
        return name;
    }

    /** An e-mail address as a name, or a refusal. */
    static String email(String given) {
        String name = given.toLowerCase(Locale.ROOT);
        if (name.length() > MAX_EMAIL || !EMAIL.matcher(name).matches()) {
            throw invalid("email is not valid");
        }
        return name;
    }

    /** The type that people may choose, or a refusal. */
    static UserType type(String given) {
        return switch (given) {
            case "application" -> UserType.APPLICATION;
            case "management" -> UserType.MANAGEMENT;
            default -> throw invalid("user type has to be application/management and not " + given);
        };
    }

    /** The role that people may choose for a user of this type, or a refusal. */
    static UserRole role(UserType type, String given) {
        return switch (given) {
            case "", "full" -> UserRole.FULL;
            case "viewer" -> {
                if (type != UserType.MANAGEMENT) {
                    throw invalid("only management users can be viewers, application users have permissions");
                }
                yield UserRole.VIEWER;
            }
            default -> throw invalid("role has to be full/viewer and not " + given);
        };
    }

    /** Refuses a password that is too weak or too long. */
    static void checkPassword(String password) {
        if (password.isEmpty()) {
            throw invalid("Password was not provided");
        }
        if (password.length() > MAX_PASSWORD) {
            throw invalid("password exceeds the maximum allowed length of 20 characters");
        }
        if (!PASSWORD.matcher(password).matches()) {
            throw invalid("Password must be at least 8 characters long, contain both uppercase and lowercase, "
                + "and at least one number and one special character");
        }
    }

    /** The profile in its stored form, or a refusal. */
    static UserProfile profile(UserProfile given) {
        return new UserProfile(text("full name", given.fullName(), MAX_FULL_NAME), text("team", given.team(), MAX_TEAM),
            text("position", given.position(), MAX_POSITION),
            text("description", given.description(), MAX_DESCRIPTION), given.owner(), Math.max(0, given.avatarId()),
            given.skipGetStarted());
    }

    private static String text(String what, String given, int max) {
        if (given.length() > max) {
            throw invalid(what + " exceeds the maximum allowed length of " + max + " characters");
        }
        return given.toLowerCase(Locale.ROOT);
    }

    /** Refuses patterns that no station name could match, or too many. */
    static void checkPatterns(PermissionPatterns patterns) {
        checkPatterns(patterns.allowRead());
        checkPatterns(patterns.allowWrite());
        checkPatterns(patterns.denyRead());
        checkPatterns(patterns.denyWrite());
    }

    private static void checkPatterns(List<String> patterns) {
        if (patterns.size() > MAX_STATION_PATTERNS) {
            throw invalid("a user can have at most " + MAX_STATION_PATTERNS + " permissions of one kind");
        }
        for (String pattern : patterns) {
            if (pattern.length() > MAX_STATION_PATTERN) {
                throw invalid("permission exceeds the maximum allowed length of 120 characters");
            }
            if (!STATION_PATTERN.matcher(pattern).matches()) {
                throw invalid("permission has to include only letters/numbers/./_/-/* ");
            }
        }
    }

    private static AccessRefusal invalid(String text) {
        return new AccessRefusal(Reason.INVALID, text);
    }
}
