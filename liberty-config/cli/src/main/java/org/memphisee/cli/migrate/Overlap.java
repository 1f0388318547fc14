package org.memphisee.cli.migrate;

/** Whether two patterns of subjects have a subject in common. */
final class Overlap {

    private Overlap() { }

    static boolean of(String one, String other) {
        String[] a = one.split("\\.");
        String[] b = other.split("\\.");
        for (int i = 0; i < a.length && i < b.length; i++) {
            if (a[i].equals(">") || b[i].equals(">")) {
                return true;
            }
            if (!a[i].equals("*") && !b[i].equals("*") && !a[i].equals(b[i])) {
                return false;
            }
        }
        return a.length == b.length;
    }
}
