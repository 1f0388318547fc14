package org.memphisee.schema;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.FailFastAssertionException;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.resource.SchemaLoader;

import org.memphisee.core.schema.MessageCheck;
import org.memphisee.core.schema.SchemaException;
import org.memphisee.core.schema.SchemaText;

/**
 * JSON Schema, drafts 4 to 2020-12. A schema that does not say which one it is of is of the newest whose rules it keeps.
 * References lead into the schema itself or to the drafts, never to the network.
 */
final class JsonLanguage implements Language {

    private static final String INVALID = "your json schema is invalid";
    private static final List<SpecificationVersion> NEWEST_FIRST = List.of(SpecificationVersion.DRAFT_2020_12,
        SpecificationVersion.DRAFT_2019_09, SpecificationVersion.DRAFT_7, SpecificationVersion.DRAFT_6,
        SpecificationVersion.DRAFT_4);
    /** Above this many elements, whether all are different is not looked at: equal hashes would cost its square. */
    private static final int MAX_UNIQUE = 10_000;
    private static final int CHILDREN_PER_STEP = 8;
    /** Kept, so that it stays quiet: what strangers write is no news for the operator. */
    private static final Logger LIBRARY = Logger.getLogger("com.networknt.schema");

    static {
        LIBRARY.setLevel(Level.OFF);
    }

    @Override
    public SchemaText read(String file, String content, String messageName) throws SchemaException {
        schema(content);
        return new SchemaText(content, "", "");
    }

    @Override
    public MessageCheck check(SchemaText text) throws SchemaException {
        Schema schema = schema(text.content());
        Map<String, Integer> weights = new HashMap<>();
        weigh(schema.getSchemaNode(), weights);
        boolean unique = schema.getSchemaNode().findValues("uniqueItems").stream().anyMatch(JsonNode::asBoolean);
        return (bytes, offset, length) -> {
            JsonNode message;
            try {
                message = Json.read(bytes, offset, length);
            } catch (IOException e) {
                return "it is not JSON: " + Json.reason(e);
            }
            if (unique && longest(message) > MAX_UNIQUE) {
                return "an array of more than " + MAX_UNIQUE + " elements cannot be checked for equal ones";
            }
            Budget budget = new Budget();
            budget.begin(length);
            return problem(schema, message, new Counting(budget, weights));
        };
    }

    @Override
    public List<String> breaks(SchemaText reader, SchemaText writer) throws SchemaException {
        return new JsonBreaks(schema(reader.content()).getSchemaNode(), schema(writer.content()).getSchemaNode()).find();
    }

    private static String problem(Schema schema, JsonNode node, Counting counting) {
        LinearExpressions.pay(counting.budget);
        try {
            schema.validate(counting, node);
            counting.budget.requireSome();
            return counting.getErrors().isEmpty() ? "" : counting.getErrors().get(0).toString();
        } catch (FailFastAssertionException e) {
            counting.budget.requireSome();
            return e.getErrors().get(0).toString();
        }
    }

    private static Schema schema(String content) throws SchemaException {
        JsonNode node;
        try {
            node = Json.read(content);
        } catch (IOException e) {
            throw new SchemaException(INVALID);
        }
        if (!node.isObject() && !node.isBoolean()) {
            throw new SchemaException(INVALID);
        }
        SpecificationVersion version = version(node);
        LinearExpressions expressions = new LinearExpressions();
        Schema schema;
        try {
            schema = registry(version, expressions).getSchema(SchemaLocation.of("memphisee:schema"), node);
            schema.initializeValidators();
        } catch (RuntimeException e) {
            throw new SchemaException(INVALID);
        }
        if (!expressions.problem().isEmpty()) {
            throw new SchemaException(INVALID + ": " + expressions.problem());
        }
        return schema;
    }

    private static SpecificationVersion version(JsonNode node) throws SchemaException {
        if (node.has("$schema")) {
            SpecificationVersion said = SpecificationVersion.fromSchemaNode(node)
                .orElseThrow(() -> new SchemaException(INVALID));
            if (!keepsRules(node, said)) {
                throw new SchemaException(INVALID);
            }
            return said;
        }
        Optional<SpecificationVersion> newest = NEWEST_FIRST.stream().filter(v -> keepsRules(node, v)).findFirst();
        return newest.orElseThrow(() -> new SchemaException(INVALID));
    }

    private static boolean keepsRules(JsonNode node, SpecificationVersion version) {
        Budget budget = new Budget();
        budget.begin(node.toString().length());
        Schema rules = registry(version, new LinearExpressions()).getSchema(SchemaLocation.of(version.getDialectId()));
        try {
            return problem(rules, node, new Counting(budget, Map.of())).isEmpty();
        } catch (Budget.ExhaustedException e) {
            return false;
        }
    }

    private static SchemaRegistry registry(SpecificationVersion version, LinearExpressions expressions) {
        SchemaRegistryConfig config = SchemaRegistryConfig.builder().failFast(true).formatAssertionsEnabled(false)
            .regularExpressionFactory(expressions).build();
        return SchemaRegistry.withDefaultDialect(version, builder -> builder.schemaRegistryConfig(config)
            .schemaLoader(SchemaLoader.builder().allow(iri -> iri.toString().startsWith("http://json-schema.org/")
                || iri.toString().startsWith("https://json-schema.org/")).build()));
    }

    /** How many children a keyword has at most: some keywords look at all of them each time. */
    private static void weigh(JsonNode node, Map<String, Integer> weights) {
        node.properties().forEach(member -> {
            int steps = member.getValue().size() / CHILDREN_PER_STEP;
            if (steps > 0) {
                weights.merge(member.getKey(), steps, Math::max);
            }
        });
        node.forEach(child -> weigh(child, weights));
    }

    private static int longest(JsonNode node) {
        int longest = node.isArray() ? node.size() : 0;
        for (JsonNode child : node) {
            longest = Math.max(longest, longest(child));
        }
        return longest;
    }

    /** Pays for each keyword that is looked at. */
    private static final class Counting extends ExecutionContext {
        private final Budget budget;
        private final Map<String, Integer> weights;

        Counting(Budget budget, Map<String, Integer> weights) {
            this.budget = budget;
            this.weights = weights;
            setFailFast(true);
        }

        @Override
        public void evaluationPathAddLast(String keyword) {
            budget.take(weights.isEmpty() ? 1 : 1 + weights.getOrDefault(keyword, 0));
            super.evaluationPathAddLast(keyword);
        }

        @Override
        public void evaluationPathAddLast(int index) {
            budget.take(1);
            super.evaluationPathAddLast(index);
        }
    }
}
