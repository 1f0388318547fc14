package org.memphisee.core.schema;

import java.util.List;

/** Where messages of partitions are looked at before they are stored. Any thread. */
@FunctionalInterface
public interface SchemaGates {

    /** Nobody looks. */
    SchemaGates NONE = (partitionId, check) -> { };

    /**
     * From now on this is done with what is published to the partition, whether it is there yet or not.
     *
     * @param check null for nothing
     */
    void check(long partitionId, StationCheck check);

    /** Messages that did not fit so far, by stream. */
    default List<Rejections> rejections() {
        return List.of();
    }
}
