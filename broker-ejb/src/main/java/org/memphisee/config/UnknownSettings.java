package org.memphisee.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds names that look like settings of ours and are none: somebody mistyped one, and the default is in force. Values are
 * never shown, they may be secrets.
 */
final class UnknownSettings {

    private static final String FILE = "_FILE";
    private static final String PREFIX = "MEMPHISEE_";
    /** Variables of the command line, which people set in the same shell. */
    private static final String COMMAND_LINE = PREFIX + "CLI_";
    /** Of a name's letters, one in so many may be wrong for another name to be meant. */
    private static final int LETTERS_PER_MISTAKE = 4;

    private final Set<String> known = new TreeSet<>();

    /** Knows the names of these settings. */
    UnknownSettings(Collection<Setting<?>> settings) {
        settings.forEach(setting -> known.add(setting.variable()));
    }

    /**
     * A line for each one that is unknown, in alphabetical order.
     *
     * @param names names of variables and keys, ours and others
     */
    List<String> among(Collection<String> names) {
        List<String> lines = new ArrayList<>();
        Set<String> seen = new TreeSet<>();
        for (String name : new TreeSet<>(names)) {
            String variable = Setting.variable(name);
            if (variable.startsWith(PREFIX) && !variable.startsWith(COMMAND_LINE) && !known.contains(withoutFile(variable)) && seen.add(variable)) {
                lines.add(name + nearest(variable).map(meant -> "; " + asWritten(name, meant) + " is one").orElse(""));
            }
        }
        return lines;
    }

    private static String withoutFile(String variable) {
        return variable.endsWith(FILE) ? variable.substring(0, variable.length() - FILE.length()) : variable;
    }

    private Optional<String> nearest(String variable) {
        boolean file = variable.endsWith(FILE);
        String name = withoutFile(variable);
        String best = "";
        int least = Math.max(1, (name.length() - PREFIX.length()) / LETTERS_PER_MISTAKE) + 1;
        for (String candidate : known) {
            int mistakes = mistakes(name, candidate);
            if (mistakes < least) {
                least = mistakes;
                best = candidate;
            }
        }
        return best.isEmpty() ? Optional.empty() : Optional.of(file ? best + FILE : best);
    }

    /** A key is answered with a key, a variable with a variable. */
    private static String asWritten(String name, String variable) {
        return name.contains(".") ? variable.toLowerCase(Locale.ROOT).replace('_', '.') : variable;
    }

    /** Letters to add, to remove, to replace or to swap with the next one. */
    private static int mistakes(String one, String other) {
        int[][] cost = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                boolean same = one.charAt(i - 1) == other.charAt(j - 1);
                cost[i][j] = Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && one.charAt(i - 1) == other.charAt(j - 2) && one.charAt(i - 2) == other.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[one.length()][other.length()];
    }
}
