package org.memphisee.ejb;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which release of the broker this is, as the build wrote it down. Not the level of the protocol that clients see. */
public final class ProductVersion {

    private static final String CURRENT = read();

    private ProductVersion() { }

    /** The release in the form {@code x.y.z}. */
    public static String current() {
        return CURRENT;
    }

    private static String read() {
        try (InputStream in = ProductVersion.class.getResourceAsStream("product.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version").replaceFirst("-.*", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
