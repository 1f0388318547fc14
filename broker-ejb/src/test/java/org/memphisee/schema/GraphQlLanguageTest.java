package org.memphisee.schema;

import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import org.memphisee.core.schema.MessageCheck;
import org.memphisee.core.schema.SchemaType;

class GraphQlLanguageTest {

    private static final String SHOP = "type Query { order(id: ID!): Order } type Order { id: ID! next: Order kind: Kind } "
        + "enum Kind { A B } input New { name: String! count: Int = 1 } type Mutation { add(what: New!): Order }";

    private final SchemaFixture graphql = new SchemaFixture(SchemaType.GRAPHQL);

    @Test
    void shouldAcceptDocumentsThatTheSchemaAllows() {
        graphql.accepts(SHOP, "{ order(id: \"1\") { id } }", "mutation { add(what: {name: \"a\"}) { id kind } }",
            "query Q($id: ID!) { order(id: $id) { ...F } } fragment F on Order { id next { id } }");
        graphql.refuses(SHOP, "", "{", "{ order { id } }", "{ nothing }", "{ order(id: 1) { none } }", "mutation { add(what: {}) { id } }",
            "query { order(id: \"1\") { ...F } } fragment F on Order { ...F }", "type A { a: Int }");
    }

    @Test
    void shouldRefuseWhatIsNoSchema() {
        for (String bad : new String[] {"{", "type", "type Query { a: Nothing }", "type A { a: Int }", "1",
            "type Query { a: " + "[".repeat(5_000) + "Int" + "]".repeat(5_000) + " }", "type Query { a: Int } type Query { b: Int }"}) {
            assertTrue(graphql.refusal(bad).startsWith("graphql: syntax error: "), bad);
            assertFalse(graphql.refusal(bad).contains("errors=["), "of the insides of the parser: " + graphql.refusal(bad));
        }
    }

    @Test
    void shouldBoundWhatDocumentsCost() {
        MessageCheck check = graphql.check(SHOP);
        String selection = "{ order(id: \"1\") ";
        Duration bound = Duration.ofSeconds(20);
        assertTimeout(bound, () -> SchemaFixture.problem(check, "{ next ".repeat(100_000)));
        assertTimeout(bound, () -> SchemaFixture.problem(check, selection + "{" + "id ".repeat(100_000) + "} }"));
        assertTimeout(bound, () -> SchemaFixture.problem(check, selection + "{" + "id ".repeat(4_900) + "} }"));
        assertTimeout(bound, () -> SchemaFixture.problem(check, selection + "{" + "next { id } ".repeat(1_200) + "} }"));
        StringBuilder fragments = new StringBuilder(selection + "{ ...F0 } }");
        for (int i = 0; i < 300; i++) {
            fragments.append(" fragment F").append(i).append(" on Order { next { ...F").append(i + 1).append(" } a: next { ...F")
                .append(i + 1).append(" } }");
        }
        fragments.append(" fragment F300 on Order { id }");
        assertTimeout(bound, () -> SchemaFixture.problem(check, fragments.toString()));
        assertTimeout(bound, () -> SchemaFixture.problem(check, "\u00a0".repeat(400_000)));
    }

    @Test
    void shouldNameEachBreak() {
        graphql.breaks(SHOP, SHOP);
        graphql.breaks("type Query { a: Int b: Int }", "type Query { a: Int }");
        graphql.breaks("type Query { a: Int }", "type Query { a: Int b: Int }", "field Query.b is missing");
        graphql.breaks("type Query { a(x: Int!): Int }", "type Query { a(x: Int): Int }", "argument Query.a(x) is required");
        graphql.breaks("type Query { a: Kind } enum Kind { A }", "type Query { a: Kind } enum Kind { A B }", "value Kind.B is missing");
        graphql.breaks("type Query { a(i: I): Int } input I { a: Int b: Int! }", "type Query { a(i: I): Int } input I { a: Int }",
            "field I.b is required");
    }
}
