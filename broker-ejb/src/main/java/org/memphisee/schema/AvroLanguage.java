package org.memphisee.schema;

import java.io.IOException;
import java.util.List;

import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;

import org.memphisee.core.schema.MessageCheck;
import org.memphisee.core.schema.SchemaException;
import org.memphisee.core.schema.SchemaText;

/** Avro: the library reads and compares schemas, {@link AvroData} looks at messages, which are JSON. */
final class AvroLanguage implements Language {

    @Override
    public SchemaText read(String file, String content, String messageName) throws SchemaException {
        schema(content);
        return new SchemaText(content, "", "");
    }

    @Override
    public MessageCheck check(SchemaText text) throws SchemaException {
        Schema schema = schema(text.content());
        return (bytes, offset, length) -> {
            Budget budget = new Budget();
            budget.begin(length);
            try {
                return new AvroData(budget).problem(schema, Json.read(bytes, offset, length));
            } catch (IOException e) {
                return "it is not JSON: " + Json.reason(e);
            }
        };
    }

    @Override
    public List<String> breaks(SchemaText reader, SchemaText writer) throws SchemaException {
        return SchemaCompatibility.checkReaderWriterCompatibility(schema(reader.content()), schema(writer.content())).getResult()
            .getIncompatibilities().stream()
            .map(i -> i.getLocation() + ": " + i.getType().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ')
                + ": " + i.getMessage()).toList();
    }

    private static Schema schema(String content) throws SchemaException {
        try {
            Json.read(content); // bounds the depth before the library recurses
            return new Schema.Parser().parse(content);
        } catch (IOException e) {
            throw new SchemaException("your Avro file is invalid: " + Json.reason(e));
        } catch (RuntimeException e) {
            throw new SchemaException("your Avro file is invalid: " + e.getMessage());
        }
    }
}
