package org.memphisee.core.routing;

import org.memphisee.core.api.ApiHandler;

/** What may be bound to a pattern. Streams and served subjects count as subscribers (wire-protocol.md 1.9). */
sealed interface Interest permits ClientSubscription, RemoteInterest, Interest.Stored, Interest.Served {

    /** The partition stores what matches. */
    record Stored(PartitionRef partition) implements Interest { }

    /** The broker answers what matches. */
    record Served(ApiHandler handler) implements Interest { }
}
