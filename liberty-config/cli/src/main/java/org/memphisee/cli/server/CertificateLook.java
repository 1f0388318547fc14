package org.memphisee.cli.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Looks at a port's certificate. Any is taken, because it is only looked at: nothing is sent over the connection. */
final class CertificateLook {

    private static final int MAX_GREETING = 64 << 10;

    private CertificateLook() { }

    /**
     * Days until the certificate ends.
     *
     * @param greeting whether the server says a line before the handshake, as on the port of clients
     * @throws IOException if the port does not answer or speaks no TLS
     */
    static double daysLeft(String host, int port, boolean greeting, int timeoutMillis) throws IOException {
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(host, port), timeoutMillis);
            plain.setSoTimeout(timeoutMillis);
            if (greeting) {
                readLine(plain);
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Any()}, null);
            try (SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true)) {
                secure.startHandshake();
                X509Certificate certificate = (X509Certificate) secure.getSession().getPeerCertificates()[0];
                return Duration.between(Instant.now(), certificate.getNotAfter().toInstant()).toMinutes() / 1440.0;
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static void readLine(Socket socket) throws IOException {
        int read = 0;
        for (int b = socket.getInputStream().read(); b != '\n'; b = socket.getInputStream().read()) {
            if (b < 0 || read++ > MAX_GREETING) {
                throw new IOException("the port says nothing that a broker would");
            }
        }
    }

    private static final class Any implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            // nobody is served here
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            // whoever it is: the end of the certificate is what is wanted
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
