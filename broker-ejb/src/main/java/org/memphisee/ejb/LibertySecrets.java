package org.memphisee.ejb;

import java.lang.reflect.InvocationTargetException;

import org.memphisee.config.SecretDecoder;

/**
 * Decodes secrets as the container encodes them ({@code bin/securityUtility encode}). By reflection: its class is there with
 * the feature {@code passwordUtilities} of Liberty only.
 */
final class LibertySecrets implements SecretDecoder {

    private static final String UTILITY = "com.ibm.websphere.crypto.PasswordUtil";

    @Override
    public String decode(String text) throws UndecodableException {
        try {
            Class<?> utility = Class.forName(UTILITY, true, Thread.currentThread().getContextClassLoader());
            Object decoded = utility.getMethod("passwordDecode", String.class).invoke(null, text);
            if (decoded instanceof String secret) {
                return secret;
            }
            throw new UndecodableException("this server does not know its key");
        } catch (ClassNotFoundException e) {
            throw new UndecodableException("this server has no feature passwordUtilities");
        } catch (InvocationTargetException e) { // its message may show the text
            throw new UndecodableException(e.getCause().getClass().getSimpleName());
        } catch (ReflectiveOperationException e) {
            throw new UndecodableException("the container's utility cannot be called");
        }
    }
}
