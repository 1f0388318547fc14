package org.memphisee.config.users;

import java.util.List;
import java.util.Map;

/** A part of a document, with the line on which it begins. Immutable but for its collections, which nobody changes. */
sealed interface YamlNode {

    /** Number of the line, from 1. */
    int line();

    /** A text; empty where nothing was written. */
    record Text(int line, String value) implements YamlNode {
        @Override
        public String toString() { // may be a secret
            return "Text[line=" + line + "]";
        }
    }

    /** Parts in their order. */
    record Sequence(int line, List<YamlNode> parts) implements YamlNode { }

    /** Parts by name, in their order. */
    record Mapping(int line, Map<String, YamlNode> parts) implements YamlNode { }
}
