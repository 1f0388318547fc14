/**
 * Settings that people change while the broker runs (features.md 9.7, ADR 0121), and the picture of the company, which is kept as
 * they are (ADR 0192). A change is an event of the system log and in force when it is durable; what was never changed follows the
 * configuration. Doors read and change them on any thread, parts of the broker read them whenever they need one or are told of
 * changes on the control loop.
 */
package org.memphisee.core.settings;
