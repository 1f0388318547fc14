package org.memphisee.ejb;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.logging.Logger;

import org.memphisee.config.BrokerSettings;
import org.memphisee.message.OperatorMessage;
import org.memphisee.tls.HttpsStore;
import org.memphisee.tls.KeyWatch;
import org.memphisee.tls.ServerTls;
import org.memphisee.tls.TlsException;

/** Tells operators which certificate clients see, at the start and when it is renewed. */
final class CertificateReport implements KeyWatch.Report {

    private static final Logger LOG = Logger.getLogger(CertificateReport.class.getName());
    private static final Duration EXPIRES_SOON = Duration.ofDays(30);

    private final BrokerSettings.Tls settings;

    private CertificateReport(BrokerSettings.Tls settings) {
        this.settings = settings;
    }

    /**
     * Reads the key, reports it, and lets it be watched.
     *
     * @throws TlsException if it cannot be used
     */
    static KeyWatch watch(BrokerSettings.Tls wanted, String address, Path dataDirectory) throws TlsException {
        KeyWatch watch = new KeyWatch(() -> ServerTls.load(wanted, address, dataDirectory, Instant.now()),
            ServerTls.files(wanted.key()), new CertificateReport(wanted));
        ServerTls tls = watch.current();
        tls.certificate().ifPresent(certificate -> report(certificate,
            tls.made() ? OperatorMessage.CERTIFICATE_MADE : OperatorMessage.CERTIFICATE_IN_USE));
        return watch;
    }

    @Override
    public void renewed(ServerTls tls) {
        tls.certificate().ifPresentOrElse(certificate -> report(certificate, OperatorMessage.CERTIFICATE_RENEWED),
            () -> OperatorMessage.CERTIFICATE_RENEWED.log(LOG, "of the container", "?", "?"));
        if (!settings.httpStore().isEmpty()) {
            renewHttps(settings.key());
        }
    }

    /** The container's ports get the new key too: it looks at its key store every few seconds. */
    private void renewHttps(BrokerSettings.TlsKey key) {
        try {
            HttpsStore.write(Path.of(settings.httpStore()), key.certificate(), key.key(), key.keyPassword());
        } catch (TlsException e) {
            unusable(e);
        }
    }

    @Override
    public void unusable(TlsException why) {
        OperatorMessage.CERTIFICATE_NOT_RENEWED.log(LOG, why.getMessage(), why.remedy());
    }

    private static void report(X509Certificate certificate, OperatorMessage how) {
        String name = certificate.getSubjectX500Principal().getName();
        Instant end = certificate.getNotAfter().toInstant();
        how.log(LOG, name, end, ServerTls.fingerprint(certificate));
        if (end.isBefore(Instant.now())) {
            OperatorMessage.CERTIFICATE_EXPIRED.log(LOG, name, end);
        } else if (end.isBefore(Instant.now().plus(EXPIRES_SOON))) {
            OperatorMessage.CERTIFICATE_EXPIRES.log(LOG, name, end);
        }
    }
}
