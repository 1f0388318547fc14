package org.memphisee.core.schema;

import java.util.List;

/**
 * The languages of schemas. Calls may take up to seconds with texts of strangers, so they are made on a thread that
 * nobody waits for; what they take is bounded for any text. Any thread.
 */
public interface SchemaLanguages {

    /** The largest text of a schema, in characters. */
    int MAX_CONTENT = 512 << 10;

    /** Languages of which none is there: every text is refused. */
    SchemaLanguages NONE = new SchemaLanguages() {
        @Override
        public SchemaText read(SchemaType type, String file, String content, String messageName) throws SchemaException {
            throw new SchemaException("unsupported schema type");
        }

        @Override
        public MessageCheck check(SchemaType type, SchemaText text) throws SchemaException {
            throw new SchemaException("unsupported schema type");
        }

        @Override
        public List<String> breaks(SchemaType type, SchemaText reader, SchemaText writer) {
            return List.of();
        }
    };

    /**
     * Reads a text and completes it with what follows from it.
     *
     * @param file what a Protobuf descriptor calls the file, without its ending
     * @param content the text
     * @param messageName Protobuf: the root message; empty for the first one of the file
     * @throws SchemaException when it is no schema of that language
     */
    SchemaText read(SchemaType type, String file, String content, String messageName) throws SchemaException;

    /**
     * Makes a stored version ready to look at messages.
     *
     * @throws SchemaException when the text cannot be read (any more)
     */
    MessageCheck check(SchemaType type, SchemaText text) throws SchemaException;

    /**
     * What keeps somebody who knows {@code reader} from reading everything that was written with {@code writer}.
     *
     * @return a line for each break, in words for people; empty when there is none, or the language has no such rules
     * @throws SchemaException when one of them cannot be read
     */
    List<String> breaks(SchemaType type, SchemaText reader, SchemaText writer) throws SchemaException;
}
