package org.memphisee.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

import org.memphisee.config.ClusterSettings;

/**
 * TLS between nodes: each side shows a certificate that the cluster's own authority has signed and that has the name of a member.
 * JGroups compares no names.
 */
public final class ClusterTls {

    private static final int DNS_NAME = 2;
    /** A store that never leaves this process needs some password all the same. */
    private static final char[] IN_MEMORY = "in-memory".toCharArray();

    private ClusterTls() { }

    /**
     * A context for both sides of connections.
     *
     * @param files of this node, all given
     * @param names that certificates of nodes may have, as DNS name or, without one, common name
     * @throws TlsException with what to do about it
     */
    public static SSLContext load(ClusterSettings.ClusterTlsFiles files, Collection<String> names) throws TlsException {
        List<X509Certificate> chain = PemFiles.certificates("memphisee.cluster.tls.certificate", files.certificate());
        PrivateKey key = PemFiles.key("memphisee.cluster.tls.key", files.key(), files.keyPassword(), chain.get(0));
        List<X509Certificate> authorities = PemFiles.certificates("memphisee.cluster.tls.ca", files.ca());
        try {
            KeyStore own = empty();
            own.setKeyEntry("node", key, IN_MEMORY, chain.toArray(Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, IN_MEMORY);
            KeyStore trusted = empty();
            for (X509Certificate authority : authorities) {
                trusted.setCertificateEntry("ca" + trusted.size(), authority);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(keys.getKeyManagers(), new TrustManager[] {
                new Members((X509ExtendedTrustManager) trust.getTrustManagers()[0], Set.copyOf(names))}, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsException("The key between nodes cannot be used: " + e.getMessage(), "Use an RSA or EC key", e);
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static final class Members extends X509ExtendedTrustManager {

        private final X509ExtendedTrustManager trust;
        private final Set<String> names;

        private Members(X509ExtendedTrustManager trust, Set<String> names) {
            this.trust = trust;
            this.names = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
        }

        private void member(X509Certificate[] chain) throws CertificateException {
            for (String name : namesOf(chain[0])) {
                if (names.contains(name.toLowerCase(Locale.ROOT))) {
                    return;
                }
            }
            throw new CertificateException("no member of the cluster: " + namesOf(chain[0]));
        }

        private static List<String> namesOf(X509Certificate certificate) throws CertificateException {
            var alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                return alternatives.stream().filter(name -> name.get(0).equals(DNS_NAME)).map(name -> (String) name.get(1)).toList();
            }
            try {
                return new LdapName(certificate.getSubjectX500Principal().getName()).getRdns().stream()
                    .filter(part -> part.getType().equalsIgnoreCase("CN")).map(part -> String.valueOf(part.getValue())).toList();
            } catch (InvalidNameException e) {
                throw new CertificateException(e);
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
            trust.checkClientTrusted(chain, type, socket);
            member(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
            trust.checkServerTrusted(chain, type, socket);
            member(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
            trust.checkClientTrusted(chain, type, engine);
            member(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
            trust.checkServerTrusted(chain, type, engine);
            member(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            trust.checkClientTrusted(chain, type);
            member(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            trust.checkServerTrusted(chain, type);
            member(chain);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return trust.getAcceptedIssuers();
        }
    }
}
