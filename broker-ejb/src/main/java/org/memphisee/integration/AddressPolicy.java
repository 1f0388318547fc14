package org.memphisee.integration;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;

/**
 * Which addresses an integration may be sent to, so that a person who administers the broker cannot reach through it what only
 * its machine can (ADR 0122): public ones, by https. With the setting for private ones, all, also by http.
 */
final class AddressPolicy {

    private static final int BYTE = 0xFF;

    private final boolean privateAllowed;

    AddressPolicy(boolean privateAllowed) {
        this.privateAllowed = privateAllowed;
    }

    /**
     * Looks the host up, which may take long. What the JDK finds it remembers for 30 seconds, so that the connection that
     * follows goes to an address that was looked at.
     *
     * @throws RefusedException it is not allowed
     * @throws UnknownHostException there is no such host
     */
    void check(URI target) throws RefusedException, UnknownHostException {
        if (privateAllowed) {
            return;
        }
        if (!"https".equals(target.getScheme())) {
            throw new RefusedException("only https is allowed, see memphisee.integrations.private");
        }
        String host = target.getHost();
        for (InetAddress address : InetAddress.getAllByName(host.startsWith("[") ? host.substring(1, host.length() - 1) : host)) {
            if (!open(address)) {
                throw new RefusedException("its address is a private one, see memphisee.integrations.private");
            }
        }
    }

    /** Whether it is an address that anybody can reach. */
    static boolean open(InetAddress address) {
        if (address.isAnyLocalAddress() || address.isLoopbackAddress() || address.isLinkLocalAddress()
            || address.isSiteLocalAddress() || address.isMulticastAddress()) {
            return false;
        }
        byte[] b = address.getAddress();
        return address instanceof Inet4Address ? open4(b[0] & BYTE, b[1] & BYTE, b[2] & BYTE) : open6(b);
    }

    private static boolean open4(int a, int b, int c) {
        boolean shared = a == 100 && b >= 64 && b < 128;
        boolean protocol = a == 192 && b == 0 && c == 0;
        boolean benchmark = a == 198 && (b == 18 || b == 19);
        return a != 0 && a < 224 && !shared && !protocol && !benchmark;
    }

    /** Global unicast only, and nothing that carries an IPv4 address. */
    private static boolean open6(byte[] b) {
        boolean global = (b[0] & 0xE0) == 0x20;
        boolean sixToFour = b[0] == 0x20 && b[1] == 0x02;
        boolean teredo = b[0] == 0x20 && b[1] == 0x01 && b[2] == 0 && b[3] == 0;
        return global && !sixToFour && !teredo;
    }

    /** The address is not allowed. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String text) {
            super(text);
        }
    }
}
