package org.memphisee.schema;

import java.util.List;

import org.memphisee.core.schema.MessageCheck;
import org.memphisee.core.schema.SchemaException;
import org.memphisee.core.schema.SchemaText;

/** One language of schemas. Any thread; stateless. */
interface Language {

    /** See {@link org.memphisee.core.schema.SchemaLanguages#read}. */
    SchemaText read(String file, String content, String messageName) throws SchemaException;

    /** See {@link org.memphisee.core.schema.SchemaLanguages#check}. */
    MessageCheck check(SchemaText text) throws SchemaException;

    /** See {@link org.memphisee.core.schema.SchemaLanguages#breaks}. */
    List<String> breaks(SchemaText reader, SchemaText writer) throws SchemaException;
}
