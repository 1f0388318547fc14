/**
 * Who decides about what in a cluster, for the doors for people: asked, had step down, and told to clients that listen. Called on any
 * thread; works on the control loop, never on the way of a message.
 */
package org.memphisee.core.leadership;
