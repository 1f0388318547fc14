/**
 * Signed tokens of the HTTP doors (rest-gateway.md 2.3, management-api.md 1.3): issuing, checking, and the secrets
 * behind them. Called by the web modules on their request threads; no token is stored anywhere, so revoking one is a
 * matter of the user it names: removed, or with another credential, it counts no more from that moment.
 */
package org.memphisee.token;
