package org.memphisee.tls;

import java.lang.reflect.InvocationTargetException;
import java.util.Map;

import javax.net.ssl.SSLContext;

/**
 * The container's own TLS configuration, by the id of an {@code ssl} element of server.xml. By reflection: its classes are
 * there only with the feature {@code transportSecurity-1.0}, and not at all outside of Liberty.
 */
final class LibertySsl {

    private static final String REMEDY = "Add the feature transportSecurity-1.0 and an ssl element with this id to a file in "
        + "configDropins/overrides, or use another way to give the key";

    private LibertySsl() { }

    static SSLContext context(String id) throws TlsException {
        try {
            Class<?> helper = Class.forName("com.ibm.websphere.ssl.JSSEHelper", true,
                Thread.currentThread().getContextClassLoader());
            Object instance = helper.getMethod("getInstance").invoke(null);
            Class<?> listener = Class.forName("com.ibm.websphere.ssl.SSLConfigChangeListener", true,
                helper.getClassLoader());
            return (SSLContext) helper.getMethod("getSSLContext", String.class, Map.class, listener)
                .invoke(instance, id, null, null);
        } catch (ClassNotFoundException e) {
            throw new TlsException("memphisee.tls.liberty.ssl is \"" + id + "\", and this server has no such thing",
                REMEDY, e);
        } catch (InvocationTargetException e) {
            throw new TlsException("The ssl element \"" + id + "\" of server.xml cannot be used: "
                + e.getCause().getMessage(), REMEDY, e);
        } catch (ReflectiveOperationException e) {
            throw new TlsException("The container's TLS cannot be reached: " + e, REMEDY, e);
        }
    }
}
