package org.memphisee.ejb;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;

import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

import org.memphisee.config.BrokerSettings;

/** Asks our own ports whether they answer. Used by the starting thread. */
final class PortProbe {

    private static final int MILLIS = 2_000;

    private final BrokerSettings settings;

    PortProbe(BrokerSettings settings) {
        this.settings = settings;
    }

    /** Where we reach ourselves: loopback when listening everywhere. */
    String host() {
        String address = settings.listen().address();
        try {
            return InetAddress.getByName(address).isAnyLocalAddress() ? "127.0.0.1" : address;
        } catch (IOException e) {
            return address;
        }
    }

    /** Whether a client would be served: it gets INFO, or where TLS comes first, a connection. */
    boolean greets(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host(), port), MILLIS);
            socket.setSoTimeout(MILLIS);
            return settings.tls().first() == BrokerSettings.HandshakeFirst.ON
                || new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII).equals("INFO ");
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether a page is there. */
    boolean answers(String scheme, int port, String path) {
        try {
            String host = host();
            String bracketed = host.contains(":") ? "[" + host + "]" : host;
            HttpURLConnection connection = (HttpURLConnection) URI.create(scheme + "://" + bracketed + ":" + port + path)
                .toURL().openConnection();
            if (connection instanceof HttpsURLConnection https) {
                https.setSSLSocketFactory(anyCertificate().getSocketFactory());
                https.setHostnameVerifier((name, session) -> true);
            }
            connection.setConnectTimeout(MILLIS);
            connection.setReadTimeout(MILLIS);
            try {
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } finally {
                connection.disconnect();
            }
        } catch (IOException | GeneralSecurityException e) {
            return false;
        }
    }

    /** It is our own port and nothing secret is sent: whether it answers is all that matters. */
    private static SSLContext anyCertificate() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {
                throw new IllegalStateException("a client only");
            }

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {
                // whoever answers
            }

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        }}, null);
        return context;
    }
}
