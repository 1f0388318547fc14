package org.memphisee.token;

import org.memphisee.core.access.User;

/**
 * Who a request to the REST gateway comes from.
 *
 * @param user the user, as it is now
 * @param accountId number of the account; there is only 1
 */
public record GatewayIdentity(User user, long accountId) { }
