package org.memphisee.core.cluster.link;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What nodes say to each other before they link. Each one has a nonce, which it changes when a link ends, and says what it knows
 * to be the other's: a hello that has the receiver's nonce was made for this occasion, and its code proves who made it.
 *
 * <p>Versions may add at the end, before the code; what is there stays.
 *
 * @param oldest version of this protocol that the sender speaks
 * @param newest version of this protocol that the sender speaks
 * @param linked whether the sender has the link already
 * @param nonce the sender's
 * @param echo the receiver's as the sender knows it, or zeros
 * @param to name of the node that it is for
 * @param who the sender
 * @param pipe of the sender's settings
 * @param budgets of the sender's settings, in the order of {@link Traffic}
 */
record Hello(int oldest, int newest, boolean linked, byte[] nonce, byte[] echo, String to, PeerIdentity who, int pipe,
             int[] budgets) {

    static final int NONCE = 16;
    /** Hellos are smaller than this. */
    static final int LARGEST = 16 * 1024;
    private static final int TRAFFIC = Traffic.values().length;

    /** A hello as it came: the code is not checked yet. */
    record Received(Hello hello, ByteBuffer signed, byte[] mac) {

        boolean proven(LinkKeys keys) {
            return keys.proves(mac, signed);
        }
    }

    byte[] encode(LinkKeys keys) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeShort(oldest);
            out.writeShort(newest);
            out.writeBoolean(linked);
            out.write(nonce);
            out.write(echo);
            out.writeUTF(to);
            out.writeUTF(who.cluster());
            out.writeUTF(who.node());
            out.writeLong(who.incarnation());
            out.writeInt(who.oldestLevel());
            out.writeInt(who.newestLevel());
            out.writeUTF(who.clientUrl());
            out.writeByte(who.fingerprints().size());
            for (Map.Entry<String, String> fingerprint : new TreeMap<>(who.fingerprints()).entrySet()) {
                out.writeUTF(fingerprint.getKey());
                out.writeUTF(fingerprint.getValue());
            }
            out.writeInt(pipe);
            out.writeByte(budgets.length);
            for (int budget : budgets) {
                out.writeInt(budget);
            }
            out.write(keys.mac(ByteBuffer.wrap(bytes.toByteArray())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** What a body says, null when it is no hello. */
    static Received decode(ByteBuffer body) {
        int signed = body.remaining() - LinkKeys.MAC;
        if (signed < 0 || body.remaining() > LARGEST) {
            return null;
        }
        byte[] bytes = new byte[body.remaining()];
        body.duplicate().get(bytes);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, signed))) {
            Hello hello = read(in);
            return new Received(hello, ByteBuffer.wrap(bytes, 0, signed).slice(),
                Arrays.copyOfRange(bytes, signed, bytes.length));
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }

    private static Hello read(DataInputStream in) throws IOException {
        int oldest = in.readUnsignedShort();
        int newest = in.readUnsignedShort();
        boolean linked = in.readBoolean();
        byte[] nonce = in.readNBytes(NONCE);
        byte[] echo = in.readNBytes(NONCE);
        String to = in.readUTF();
        String cluster = in.readUTF();
        String node = in.readUTF();
        long incarnation = in.readLong();
        int oldestLevel = in.readInt();
        int newestLevel = in.readInt();
        String url = in.readUTF();
        Map<String, String> fingerprints = new HashMap<>();
        for (int left = in.readUnsignedByte(); left > 0; left--) {
            fingerprints.put(in.readUTF(), in.readUTF());
        }
        int pipe = in.readInt();
        int[] budgets = new int[in.readUnsignedByte()];
        for (int i = 0; i < budgets.length; i++) {
            budgets[i] = in.readInt();
            if (budgets[i] < 1) {
                throw new IllegalArgumentException("budget");
            }
        }
        if (budgets.length < TRAFFIC || pipe < 1) {
            throw new IllegalArgumentException("budgets");
        }
        return new Hello(oldest, newest, linked, nonce, echo, to, new PeerIdentity(cluster, node, incarnation, oldestLevel,
            newestLevel, url, fingerprints), pipe, budgets);
    }
}
