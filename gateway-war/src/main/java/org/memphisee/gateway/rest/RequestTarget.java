package org.memphisee.gateway.rest;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** What a request line asks for (RFC 9112 section 3.2). Pure functions. */
final class RequestTarget {

    private static final Answer BADLY_ENCODED = Answer.failure(400, "the path is badly encoded");

    private RequestTarget() { }

    /** Path and query of a target that may name a server as well. */
    static String local(String target) {
        if (target.startsWith("/") || !target.regionMatches(true, 0, "http", 0, 4)) {
            return target;
        }
        int authority = target.indexOf("://");
        if (authority < 0) {
            return target;
        }
        for (int i = authority + 3; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c == '/' || c == '?') {
                return c == '/' ? target.substring(i) : "/" + target.substring(i);
            }
        }
        return "/";
    }

    /**
     * A part of a path in plain text.
     *
     * @throws Rejection when it is badly encoded
     */
    static String decoded(String part) {
        if (part.indexOf('%') < 0) {
            return part;
        }
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Rejection(BADLY_ENCODED);
        }
    }
}
