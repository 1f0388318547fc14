/**
 * Connections of applications to a broker, as the container pools them (Jakarta Connectors, outbound). Called by the
 * application's threads and by the container's when it commits; answers of the broker arrive on a link's thread.
 */
package org.memphisee.ra.outbound;
