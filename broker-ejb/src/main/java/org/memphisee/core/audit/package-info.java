/**
 * Who changed what, when and from where: reads the side logs that system events are copied to when they are appended. Asked by
 * the doors for people, on any thread; answers come on the threads of readers, and nothing here is on the way of a message.
 */
package org.memphisee.core.audit;
