/**
 * Who may come in: users, passwords and the decision on CONNECT (wire-protocol.md 2, features.md 8).
 *
 * <p>{@link org.memphisee.core.access.Authenticator} is called on I/O threads and answers there when it can, else on the
 * one hashing thread. {@link org.memphisee.core.access.Users} changes users over the control loop.
 */
package org.memphisee.core.access;
