package org.memphisee.core.partition;

import java.util.function.Consumer;

/** The way to a partition for what is defined of it. Any thread. */
@FunctionalInterface
public interface PartitionDefiner {

    /** Of a partition that is elsewhere: nothing comes of it here, and whoever waits is told so at once. */
    PartitionDefiner NOWHERE = how -> how.accept(ElsewhereDefining.INSTANCE);

    /** Has something defined, behind what was before. */
    void define(Consumer<PartitionDefining> how);
}
