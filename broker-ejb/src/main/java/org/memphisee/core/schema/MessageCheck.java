package org.memphisee.core.schema;

/**
 * A version of a schema, ready to look at messages. Any thread, several at a time. What it costs is
 * bounded, whatever schema and message are: a message that would cost more does not fit.
 */
@FunctionalInterface
public interface MessageCheck {

    /**
     * Looks at one message.
     *
     * @param bytes where it is; not changed and not kept
     * @param offset of its payload
     * @param length of its payload, bytes
     * @return empty when it fits, else what is wrong with it, in words for people
     */
    String problem(byte[] bytes, int offset, int length);

    /** One that lets nothing through. */
    static MessageCheck refusing(String why) {
        return (bytes, offset, length) -> why;
    }
}
