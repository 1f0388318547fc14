/**
 * The control plane: definitions of stations, streams, consumers and users as a fold over system events (D7).
 *
 * <p>Everything that changes runs on one thread, the {@link org.memphisee.core.control.ControlLoop}. Doors
 * (JetStream API, Memphis subjects, later REST) hand requests over to it, take the lock of the name they touch, have an
 * event appended, and answer once it is durable and in effect. {@link org.memphisee.core.control.Definitions} is read
 * on the loop only; other threads get an immutable {@link org.memphisee.core.control.DefinitionsSnapshot}.
 */
package org.memphisee.core.control;
