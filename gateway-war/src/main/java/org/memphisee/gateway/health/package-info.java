/**
 * MicroProfile Health: started, live and ready on port 7777. Each check asks {@link org.memphisee.ejb.BrokerStatus},
 * like the monitor on 8222, so that they never disagree. Called on the container's request threads; never blocks.
 * They live in this module and not beside the broker, because each web module would register those once more.
 */
package org.memphisee.gateway.health;
