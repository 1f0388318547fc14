/**
 * The Memphis control subjects (wire-protocol.md 3): stations, producers, consumers as the SDKs ask for them, and the
 * rules behind them as Java calls for other doors.
 *
 * <p>Requests arrive on I/O threads and are decided on the control loop. {@link org.memphisee.core.memphis.MemphisApi}
 * binds the subjects; {@link org.memphisee.core.memphis.Stations} and {@link org.memphisee.core.memphis.Groups} hold the
 * rules; {@link org.memphisee.core.memphis.Members} knows who is connected.
 */
package org.memphisee.core.memphis;
