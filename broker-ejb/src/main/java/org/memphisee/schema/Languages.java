package org.memphisee.schema;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.memphisee.core.schema.MessageCheck;
import org.memphisee.core.schema.SchemaException;
import org.memphisee.core.schema.SchemaLanguages;
import org.memphisee.core.schema.SchemaText;
import org.memphisee.core.schema.SchemaType;

/** All languages. A text that overflows the stack of who reads it, or trips its library, is a text like any other bad one. */
public final class Languages implements SchemaLanguages {

    private static final System.Logger LOG = System.getLogger(Languages.class.getName());
    private static final String INVALID = "your schema content is invalid";

    private final Map<SchemaType, Language> languages = new EnumMap<>(Map.of(SchemaType.JSON, new JsonLanguage(),
        SchemaType.AVRO, new AvroLanguage(), SchemaType.PROTOBUF, new ProtobufLanguage(), SchemaType.GRAPHQL,
        new GraphQlLanguage()));

    private interface Work<T> {
        T on(Language language) throws SchemaException;
    }

    @Override
    public SchemaText read(SchemaType type, String file, String content, String messageName) throws SchemaException {
        if (content.isBlank()) {
            throw new SchemaException(INVALID);
        }
        if (content.length() > MAX_CONTENT) {
            throw new SchemaException(INVALID + ": it is longer than " + MAX_CONTENT + " characters");
        }
        return guarded(type, language -> language.read(file, content, messageName));
    }

    @Override
    public MessageCheck check(SchemaType type, SchemaText text) throws SchemaException {
        MessageCheck check = guarded(type, language -> language.check(text));
        return (bytes, offset, length) -> problem(check, bytes, offset, length);
    }

    @Override
    public List<String> breaks(SchemaType type, SchemaText reader, SchemaText writer) throws SchemaException {
        return guarded(type, language -> language.breaks(reader, writer));
    }

    private <T> T guarded(SchemaType type, Work<T> work) throws SchemaException {
        try {
            return work.on(languages.get(type));
        } catch (StackOverflowError e) {
            throw new SchemaException(INVALID + ": it is nested too deeply");
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "a schema of type " + type + " was not read", e);
            throw new SchemaException(INVALID + ": " + e.getMessage());
        }
    }

    private static String problem(MessageCheck check, byte[] bytes, int offset, int length) {
        try {
            return check.problem(bytes, offset, length);
        } catch (StackOverflowError e) {
            return "it is nested too deeply";
        } catch (Budget.ExhaustedException e) {
            return Budget.TOO_COSTLY;
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "a message was not checked", e);
            return "it cannot be checked: " + e.getMessage();
        }
    }
}
