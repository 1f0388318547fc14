package org.memphisee.token;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secrets that tokens are signed with. Never printed.
 *
 * @param gatewayAccess access tokens of the REST gateway
 * @param gatewayRefresh refresh tokens of the REST gateway
 * @param managementAccess access tokens of the management API
 * @param managementRefresh refresh tokens of the management API
 */
public record SigningSecrets(byte[] gatewayAccess, byte[] gatewayRefresh, byte[] managementAccess,
                             byte[] managementRefresh) {

    private static final int TOPIC_PASSWORD_BYTES = 18;

    /**
     * Secrets as an operator may have configured them.
     *
     * @param gatewayAccess as above; empty when it is to be generated
     * @param gatewayRefresh likewise
     * @param managementAccess likewise
     * @param managementRefresh likewise
     */
    public record Configured(Optional<String> gatewayAccess, Optional<String> gatewayRefresh,
                             Optional<String> managementAccess, Optional<String> managementRefresh) {
        @Override
        public String toString() { // never print secrets
            return "Configured[]";
        }
    }

    /** Another key, made of a secret, for a use of its own. */
    static byte[] derived(byte[] secret, String use) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac.doFinal(use.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /** What dashboards open their live channel with: the same over restarts, as long as the tokens of people are. */
    public String topicPassword() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(
            Arrays.copyOf(derived(managementAccess, "live topics"), TOPIC_PASSWORD_BYTES));
    }

    @Override
    public String toString() { // never print secrets
        return "SigningSecrets[]";
    }
}
