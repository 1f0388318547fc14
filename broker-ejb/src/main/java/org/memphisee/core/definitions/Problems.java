package org.memphisee.core.definitions;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with a document: the first problems in words, the others counted. One thread. */
final class Problems {

    private static final int MOST = 20;
    private static final int LONGEST = 300;

    private final List<String> lines = new ArrayList<>();
    private int more;

    void add(String path, String text) {
        if (lines.size() < MOST) {
            String line = (path.isEmpty() ? "/" : path) + ": " + text;
            lines.add(line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...");
        } else {
            more++;
        }
    }

    boolean none() {
        return lines.isEmpty();
    }

    /** Refuses if there are any. */
    void refuse(String what) {
        if (!none()) {
            List<String> all = new ArrayList<>(lines);
            if (more > 0) {
                all.add("and " + more + " more");
            }
            throw new DocumentRefusal(what, all);
        }
    }
}
