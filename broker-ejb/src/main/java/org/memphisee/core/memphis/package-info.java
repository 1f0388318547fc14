/**
 * The Memphis control subjects (wire-protocol.md 3): requests of SDKs and answers to them, in their JSON. What is asked for
 * is decided and done in {@link org.memphisee.core.stations}.
 *
 * <p>Requests arrive on I/O threads and go on on the control loop. {@link org.memphisee.core.memphis.MemphisApi} binds the
 * subjects.
 */
package org.memphisee.core.memphis;
