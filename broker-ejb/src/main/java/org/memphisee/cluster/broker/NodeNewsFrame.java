package org.memphisee.cluster.broker;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.memphisee.cluster.node.NodeFrameException;
import org.memphisee.cluster.node.NodeFrames;
import org.memphisee.core.cluster.watch.NodeFigures;
import org.memphisee.core.cluster.watch.NodeState;
import org.memphisee.core.cluster.watch.NodeUse;

/**
 * What a node says of itself, as bytes behind version and kind, big endian: state (1), groups, leads, rebuilds, failed, partitions
 * (4 each), lag, bytes of the journal, start (8 each), connections, messages and bytes in, messages and bytes out (8 each),
 * hundredths of a percent of a processor, processors (4 each), memory used and there, storage used and there (8 each), length of
 * the version (1) and the version in UTF-8. A later release may say more behind that; it is not read.
 */
final class NodeNewsFrame {

    /** Kind of its frames. */
    static final int KIND = 68;

    private static final int LONGEST_VERSION = 64;
    private static final int FIXED = 2 + 7 * Integer.BYTES + 12 * Long.BYTES;
    private static final double PARTS = 100;

    private NodeNewsFrame() { }

    static byte[] encode(NodeFigures figures) {
        NodeUse use = figures.use();
        byte[] version = cut(use.version());
        ByteBuffer out = NodeFrames.begin(KIND, FIXED + version.length);
        out.put((byte) figures.state().number()).putInt(figures.groups()).putInt(figures.leads()).putInt(figures.rebuilds())
            .putInt(figures.failed()).putInt(figures.partitions()).putLong(figures.lag()).putLong(figures.journalBytes());
        out.putLong(use.startedMillis()).putLong(use.connections()).putLong(use.traffic().inMessages())
            .putLong(use.traffic().inBytes()).putLong(use.traffic().outMessages()).putLong(use.traffic().outBytes());
        out.putInt((int) Math.round(use.cpuPercent() * PARTS)).putInt(use.processors()).putLong(use.memoryUsed())
            .putLong(use.memoryTotal()).putLong(use.storageUsed()).putLong(use.storageTotal());
        return out.put((byte) version.length).put(version).array();
    }

    private static byte[] cut(String version) {
        byte[] bytes = version.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= LONGEST_VERSION ? bytes : new byte[0];
    }

    static NodeFigures decode(byte[] frame) throws NodeFrameException {
        try {
            ByteBuffer in = NodeFrames.body(frame);
            NodeState state = NodeState.of(in.get());
            int groups = in.getInt();
            int leads = in.getInt();
            int rebuilds = in.getInt();
            int failed = in.getInt();
            int partitions = in.getInt();
            long lag = in.getLong();
            long journal = in.getLong();
            long started = in.getLong();
            long connections = in.getLong();
            NodeUse.Traffic traffic = new NodeUse.Traffic(in.getLong(), in.getLong(), in.getLong(), in.getLong());
            double cpu = in.getInt() / PARTS;
            int processors = in.getInt();
            long memoryUsed = in.getLong();
            long memoryTotal = in.getLong();
            long storageUsed = in.getLong();
            long storageTotal = in.getLong();
            int length = in.get() & 0xFF;
            if (length > LONGEST_VERSION || length > in.remaining()) {
                throw new BufferUnderflowException();
            }
            String version = new String(frame, in.position(), length, StandardCharsets.UTF_8);
            return new NodeFigures(state, groups, leads, rebuilds, failed, lag, partitions, journal, new NodeUse(version, started,
                connections, traffic, cpu, processors, memoryUsed, memoryTotal, storageUsed, storageTotal));
        } catch (BufferUnderflowException e) {
            throw new NodeFrameException("a frame about a node of " + frame.length + " bytes");
        }
    }
}
