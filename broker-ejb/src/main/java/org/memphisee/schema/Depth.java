package org.memphisee.schema;

import org.memphisee.core.schema.SchemaException;

/** Bounds how deeply a text is nested before a parser recurses into it. Counts in texts and comments too, where it is rare. */
final class Depth {

    private Depth() { }

    static void check(String text, int most, String prefix) throws SchemaException {
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '{' || c == '[' || c == '(') {
                depth++;
            } else if (c == '}' || c == ']' || c == ')') {
                depth--;
            }
            if (depth > most) {
                throw new SchemaException(prefix + "it is nested more than " + most + " deep");
            }
        }
    }
}
