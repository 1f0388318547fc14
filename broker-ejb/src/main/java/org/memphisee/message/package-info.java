/**
 * The numbered messages for operators. Every line that asks somebody to act, or tells that something important
 * happened, is one of {@link org.memphisee.message.OperatorMessage}; {@code docs/messages.md} is checked against it.
 * Plain Java, any thread.
 */
package org.memphisee.message;
