package org.memphisee.schema;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

import graphql.GraphQLError;
import graphql.GraphQLException;
import graphql.language.Document;
import graphql.parser.InvalidSyntaxException;
import graphql.parser.Parser;
import graphql.parser.ParserEnvironment;
import graphql.parser.ParserOptions;
import graphql.schema.GraphQLSchema;
import graphql.schema.idl.SchemaParser;
import graphql.schema.idl.UnExecutableSchemaGenerator;
import graphql.schema.idl.errors.SchemaProblem;
import graphql.validation.QueryComplexityLimits;
import graphql.validation.ValidationError;
import graphql.validation.Validator;

import org.memphisee.core.schema.MessageCheck;
import org.memphisee.core.schema.SchemaException;
import org.memphisee.core.schema.SchemaLanguages;
import org.memphisee.core.schema.SchemaText;

/** GraphQL: messages are documents that the schema must allow. Nothing is executed. */
final class GraphQlLanguage implements Language {

    private static final String INVALID = "graphql: syntax error: ";
    private static final int MAX_DEPTH = 100;
    /** Reading and comparing cost as many tokens as there are, a chain of fragments more: this bounds both. */
    private static final int MAX_TOKENS = 5_000;
    private static final int MAX_FIELDS = 5_000;
    private static final int MAX_CHARACTERS = 256 << 10;
    private static final QueryComplexityLimits LIMITS =
        QueryComplexityLimits.newLimits().maxDepth(MAX_DEPTH).maxFieldsCount(MAX_FIELDS).build();
    private static final ParserOptions DOCUMENTS = options(MAX_CHARACTERS, MAX_TOKENS);
    private static final ParserOptions SCHEMAS = options(SchemaLanguages.MAX_CONTENT, SchemaLanguages.MAX_CONTENT);

    private static ParserOptions options(int characters, int tokens) {
        return ParserOptions.newParserOptions().maxCharacters(characters).maxTokens(tokens)
            .maxWhitespaceTokens(characters).maxRuleDepth(5 * MAX_DEPTH).captureIgnoredChars(false).captureLineComments(false)
            .build();
    }

    @Override
    public SchemaText read(String file, String content, String messageName) throws SchemaException {
        schema(content);
        return new SchemaText(content, "", "");
    }

    @Override
    public MessageCheck check(SchemaText text) throws SchemaException {
        GraphQLSchema schema = schema(text.content());
        return (bytes, offset, length) -> problem(schema, bytes, offset, length);
    }

    @Override
    public List<String> breaks(SchemaText reader, SchemaText writer) throws SchemaException {
        return new GraphQlBreaks(schema(reader.content()), schema(writer.content())).find();
    }

    private static String problem(GraphQLSchema schema, byte[] bytes, int offset, int length) {
        if (length > MAX_CHARACTERS) {
            return "it is longer than " + MAX_CHARACTERS + " characters";
        }
        try {
            Document document = Parser.parse(ParserEnvironment.newParserEnvironment()
                .document(new String(bytes, offset, length, StandardCharsets.UTF_8)).parserOptions(DOCUMENTS).build());
            List<ValidationError> errors =
                new Validator().validateDocument(schema, document, rule -> true, Locale.ROOT, LIMITS);
            return errors.isEmpty() ? "" : errors.get(0).getMessage();
        } catch (InvalidSyntaxException e) {
            return e.getMessage();
        }
    }

    private static GraphQLSchema schema(String content) throws SchemaException {
        Depth.check(content, MAX_DEPTH, INVALID);
        try {
            return UnExecutableSchemaGenerator.makeUnExecutableSchema(new SchemaParser().parse(new StringReader(content), SCHEMAS));
        } catch (SchemaProblem e) { // its own message shows the insides of its errors
            throw new SchemaException(INVALID + e.getErrors().stream().map(GraphQLError::getMessage).findFirst().orElse("no schema"));
        } catch (GraphQLException e) {
            throw new SchemaException(INVALID + e.getMessage());
        }
    }
}
