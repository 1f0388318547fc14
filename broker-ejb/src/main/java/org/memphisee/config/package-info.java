/**
 * The broker's settings: one table of keys ({@link org.memphisee.config.Settings}), one loader, one validated and
 * immutable result ({@link org.memphisee.config.BrokerSettings}).
 *
 * <p>Called once at start by the life cycle, on its thread; the result is safe on any thread. Plain Java: where values
 * come from is behind {@link org.memphisee.config.SettingSource}. {@code docs/configuration.md} is checked against the
 * same table.
 */
package org.memphisee.config;
