package org.memphisee.core.partition;

import org.memphisee.core.log.StoreException;
import org.memphisee.core.stream.StreamConfig;

/** Does nothing of what a table tells. */
class IgnoringListener implements PartitionTable.Listener {
    @Override
    public void opened(Partition partition) { }

    @Override
    public void changed(Partition partition, StreamConfig before) { }

    @Override
    public void closed(Partition partition) { }

    @Override
    public void frozen(Partition partition, StoreException cause) { }
}
