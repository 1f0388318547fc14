package org.memphisee.ra;

import java.util.concurrent.Executor;

import jakarta.resource.spi.work.WorkManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import org.memphisee.client.Dialer;
import org.memphisee.net.link.Links;

/**
 * What a started adapter lends to its connections and activations.
 *
 * @param links threads of links, for timers
 * @param dialer makes links to the broker, over TCP or inside the process
 * @param work the container's threads
 * @param transactions tells when a delivery's transaction has ended; null where the container has none
 * @param callbacks runs what applications attach to futures
 * @param watch tells operators when a broker is lost and back
 */
public record AdapterContext(Links links, Dialer dialer, WorkManager work,
                             TransactionSynchronizationRegistry transactions, Executor callbacks, BrokerWatch watch) { }
