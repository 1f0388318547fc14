/**
 * Who decides about what in a cluster, for the doors for people: asked, and had step down. Called on any
 * thread; works on the control loop, never on the way of a message.
 */
package org.memphisee.core.leadership;
