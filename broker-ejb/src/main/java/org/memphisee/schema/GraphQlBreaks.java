package org.memphisee.schema;

import java.util.ArrayList;
import java.util.List;

import graphql.schema.GraphQLArgument;
import graphql.schema.GraphQLEnumType;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLFieldsContainer;
import graphql.schema.GraphQLInputObjectField;
import graphql.schema.GraphQLInputObjectType;
import graphql.schema.GraphQLNamedType;
import graphql.schema.GraphQLNonNull;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLType;
import graphql.schema.GraphQLTypeUtil;

/** Documents that the writer's schema allows and the reader's does not: what would make them invalid. */
final class GraphQlBreaks {

    private final GraphQLSchema reader;
    private final GraphQLSchema writer;
    private final List<String> breaks = new ArrayList<>();

    GraphQlBreaks(GraphQLSchema reader, GraphQLSchema writer) {
        this.reader = reader;
        this.writer = writer;
    }

    List<String> find() {
        for (GraphQLNamedType old : writer.getAllTypesAsList()) {
            if (old.getName().startsWith("__")) {
                continue;
            }
            GraphQLType now = reader.getType(old.getName());
            if (now == null) {
                breaks.add("type " + old.getName() + " is missing");
            } else if (!now.getClass().equals(old.getClass())) {
                breaks.add("type " + old.getName() + " is of another kind");
            } else if (now instanceof GraphQLFieldsContainer fields) {
                fields(fields, (GraphQLFieldsContainer) old);
            } else if (now instanceof GraphQLInputObjectType input) {
                input(input, (GraphQLInputObjectType) old);
            } else if (now instanceof GraphQLEnumType values) {
                ((GraphQLEnumType) old).getValues().stream().filter(value -> values.getValue(value.getName()) == null)
                    .forEach(value -> breaks.add("value " + old.getName() + "." + value.getName() + " is missing"));
            }
        }
        root("query", reader.getQueryType(), writer.getQueryType());
        root("mutation", reader.getMutationType(), writer.getMutationType());
        root("subscription", reader.getSubscriptionType(), writer.getSubscriptionType());
        return breaks;
    }

    private void root(String what, GraphQLNamedType now, GraphQLNamedType old) {
        if (old != null && (now == null || !now.getName().equals(old.getName()))) {
            breaks.add("the " + what + " type is not " + old.getName());
        }
    }

    private void fields(GraphQLFieldsContainer now, GraphQLFieldsContainer old) {
        for (GraphQLFieldDefinition before : old.getFieldDefinitions()) {
            String name = old.getName() + "." + before.getName();
            GraphQLFieldDefinition after = now.getFieldDefinition(before.getName());
            if (after == null) {
                breaks.add("field " + name + " is missing");
                continue;
            }
            if (!base(after.getType()).equals(base(before.getType()))) {
                breaks.add("field " + name + " is of type " + text(after.getType()) + " instead of " + text(before.getType()));
            }
            arguments(name, after, before);
        }
    }

    private void arguments(String field, GraphQLFieldDefinition now, GraphQLFieldDefinition old) {
        for (GraphQLArgument before : old.getArguments()) {
            GraphQLArgument after = now.getArgument(before.getName());
            if (after == null) {
                breaks.add("argument " + field + "(" + before.getName() + ") is missing");
            } else {
                given("argument " + field + "(" + before.getName() + ")", after.getType(), before.getType());
            }
        }
        for (GraphQLArgument after : now.getArguments()) {
            if (old.getArgument(after.getName()) == null && GraphQLTypeUtil.isNonNull(after.getType())
                && !after.hasSetDefaultValue()) {
                breaks.add("argument " + field + "(" + after.getName() + ") is required");
            }
        }
    }

    private void input(GraphQLInputObjectType now, GraphQLInputObjectType old) {
        for (GraphQLInputObjectField before : old.getFieldDefinitions()) {
            GraphQLInputObjectField after = now.getFieldDefinition(before.getName());
            if (after == null) {
                breaks.add("field " + old.getName() + "." + before.getName() + " is missing");
            } else {
                given("field " + old.getName() + "." + before.getName(), after.getType(), before.getType());
            }
        }
        for (GraphQLInputObjectField after : now.getFieldDefinitions()) {
            if (old.getFieldDefinition(after.getName()) == null && GraphQLTypeUtil.isNonNull(after.getType())
                && !after.hasSetDefaultValue()) {
                breaks.add("field " + now.getName() + "." + after.getName() + " is required");
            }
        }
    }

    /** What a document gives may become optional, not required. */
    private void given(String what, GraphQLType now, GraphQLType old) {
        boolean stricter = now instanceof GraphQLNonNull && !(old instanceof GraphQLNonNull);
        if (stricter) {
            breaks.add(what + " is required");
        }
        if (!text(GraphQLTypeUtil.unwrapNonNull(now)).equals(text(GraphQLTypeUtil.unwrapNonNull(old)))) {
            breaks.add(what + " is of type " + text(now) + " instead of " + text(old));
        }
    }

    /** What a document selects does not depend on what may be null or how many there are. */
    private static String base(GraphQLType type) {
        return GraphQLTypeUtil.unwrapAll(type).getName();
    }

    private static String text(GraphQLType type) {
        return GraphQLTypeUtil.simplePrint(type);
    }
}
