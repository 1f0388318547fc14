package org.memphisee.integration;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.memphisee.core.tiering.ObjectStore.Bucket;

/**
 * Signs requests as Amazon's signature version 4 says, for the service {@code s3}: method, path, query, three headers and the
 * content's SHA-256. The tests hold it against Amazon's published examples.
 */
final class SignatureV4 {

    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final String SIGNED = "host;x-amz-content-sha256;x-amz-date";
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'",
        Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String MAC = "HmacSHA256";
    private static final int DAY = 8;

    private SignatureV4() { }

    /**
     * The headers that make a request signed.
     *
     * @param uri with path and query as {@link #escaped} writes them
     * @param query the same query's names and values, not escaped
     * @param content what is sent, empty for nothing
     */
    static Map<String, String> headers(Bucket bucket, String method, URI uri, Map<String, String> query, byte[] content,
        Instant now) {
        String stamp = STAMP.format(now);
        String day = stamp.substring(0, DAY);
        String hash = HexFormat.of().formatHex(sha256(content));
        String request = String.join("\n", method, uri.getRawPath(), query(query), "host:" + host(uri),
            "x-amz-content-sha256:" + hash,
            "x-amz-date:" + stamp, "", SIGNED, hash);
        String scope = day + '/' + bucket.region() + "/s3/aws4_request";
        String toSign = String.join("\n", ALGORITHM, stamp, scope,
            HexFormat.of().formatHex(sha256(request.getBytes(StandardCharsets.UTF_8))));
        byte[] key = mac(mac(mac(mac(("AWS4" + bucket.secretKey()).getBytes(StandardCharsets.UTF_8), day), bucket.region()),
            "s3"),
            "aws4_request");
        return Map.of("x-amz-content-sha256", hash, "x-amz-date", stamp, "Authorization", ALGORITHM + " Credential="
            + bucket.accessKey() + '/' + scope + ", SignedHeaders=" + SIGNED + ", Signature="
            + HexFormat.of().formatHex(mac(key, toSign)));
    }

    /** The query in the order and form in which it is signed and sent. */
    static String query(Map<String, String> query) {
        return new TreeMap<>(query).entrySet().stream().map(e -> escaped(e.getKey()) + '=' + escaped(e.getValue()))
            .collect(Collectors.joining("&"));
    }

    /** Everything but letters, digits and {@code -._~} as {@code %XX}. */
    static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "-._~".indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return out.toString();
    }

    /** The header {@code Host} as the JDK's client writes it. */
    private static String host(URI uri) {
        int standard = "https".equals(uri.getScheme()) ? 443 : 80;
        return uri.getPort() == -1 || uri.getPort() == standard ? uri.getHost() : uri.getHost() + ':' + uri.getPort();
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] mac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + MAC, e);
        }
    }
}
