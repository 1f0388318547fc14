/**
 * What tells people elsewhere: alerts go to a Slack workspace, or to whatever speaks like one (features.md 7.3, 7.5, 7.6, ADR
 * 0122). {@link org.memphisee.core.integrations.Integrations} is asked by doors on any thread and told of alerts on the
 * thread that raises them; alerts wait in {@link org.memphisee.core.integrations.AlertQueue} on the loop for background work. The
 * network is the other side of {@link org.memphisee.core.integrations.Messenger}. Secrets are sealed in the system log.
 */
package org.memphisee.core.integrations;
