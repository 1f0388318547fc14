package org.memphisee.contract;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Bytes that some release wrote and every later one reads (D18). */
public final class GoldenFiles {

    private GoldenFiles() { }

    /** The content of a resource, as it lies there. */
    public static byte[] bytes(String resource) {
        try (InputStream in = GoldenFiles.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new AssertionError("no golden file " + resource);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(resource, e);
        }
    }

    /** The bytes that a resource has in hexadecimal digits. */
    public static byte[] hex(String resource) {
        return HexFormat.of().parseHex(new String(bytes(resource), StandardCharsets.US_ASCII).strip());
    }
}
