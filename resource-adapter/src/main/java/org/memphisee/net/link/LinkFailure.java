package org.memphisee.net.link;

import java.io.IOException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;

import javax.net.ssl.SSLException;

/** Says to an administrator, in one line, why a link to a broker failed. */
final class LinkFailure {

    /** The JDK has no deeper cause than the text for a certificate of another host. */
    private static final String NAMES = "No (subject alternative|name matching).*";
    private static final int MAX_CAUSES = 10;

    private LinkFailure() { }

    static String reason(Throwable failure) {
        if (find(failure, SSLException.class).isPresent()) {
            return tls(failure);
        }
        if (failure instanceof UnknownHostException) {
            return "no such host: " + failure.getMessage();
        }
        return failure instanceof IOException ? line(failure) : failure.toString();
    }

    private static String tls(Throwable failure) {
        Optional<String> certificate = find(failure, CertificateExpiredException.class)
            .map(e -> "the broker's certificate has expired (" + line(e) + "): renew it at the broker")
            .or(() -> find(failure, CertificateNotYetValidException.class)
                .map(e -> "the broker's certificate is not valid yet (" + line(e) + "): compare the clocks"))
            .or(() -> find(failure, CertPathBuilderException.class)
                .map(e -> "the broker's certificate is not trusted (" + line(e)
                    + "): put its CA into the trust store of this JVM (javax.net.ssl.trustStore)"))
            .or(() -> find(failure, CertificateException.class).filter(e -> line(e).matches(NAMES))
                .map(e -> "the broker's certificate is for another host (" + line(e)
                    + "): use a host name that it names"));
        return certificate.orElseGet(() -> {
            String text = find(failure, SSLException.class).map(LinkFailure::line).orElse("");
            return text.contains("bad_certificate") || text.contains("certificate_required")
                || text.contains("certificate_unknown")
                ? "the broker wants a certificate that it trusts (" + text
                    + "): give this JVM a key store (javax.net.ssl.keyStore)"
                : "TLS failed: " + text;
        });
    }

    private static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    private static String line(Throwable cause) {
        String text = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
