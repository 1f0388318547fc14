package org.memphisee.config;

/** Decodes secrets that an operator wrote as {@code {xor}…} or {@code {aes}…}. Used by the loader's thread. */
@FunctionalInterface
public interface SecretDecoder {

    /** Where nobody can. */
    SecretDecoder NONE = text -> {
        throw new UndecodableException("only Open Liberty can do that");
    };

    /**
     * Decodes.
     *
     * @param text with its prefix in braces
     * @return the secret
     * @throws UndecodableException if that is not possible; the message has nothing of the text
     */
    String decode(String text) throws UndecodableException;

    /** Why a secret cannot be decoded. */
    final class UndecodableException extends Exception {

        private static final long serialVersionUID = 1;

        public UndecodableException(String why) {
            super(why);
        }
    }
}
