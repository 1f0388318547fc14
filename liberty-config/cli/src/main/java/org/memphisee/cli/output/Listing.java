package org.memphisee.cli.output;

import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a command answers: things of one kind. The names of kind and members are an interface that scripts rely on.
 *
 * @param kind what they are, in one word, ending in {@code List}
 * @param columns members that people see, in their order; JSON has all
 * @param items the things
 */
public record Listing(String kind, List<String> columns, List<ObjectNode> items) { }
