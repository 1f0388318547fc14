package org.memphisee.dashboard.api;

import java.util.Optional;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.memphisee.config.BrokerSettings;
import org.memphisee.core.access.User;
import org.memphisee.ejb.BrokerEngine;

/**
 * One request that has passed the door.
 *
 * @param request as the container has it
 * @param response where cookies go; status and body are the door's business
 * @param engine the open broker
 * @param settings the settings in force
 * @param caller who asks; empty for operations that anybody may call
 * @param bytes the body, empty for GET
 */
record Call(HttpServletRequest request, HttpServletResponse response, BrokerEngine engine, BrokerSettings settings,
            Optional<User> caller, byte[] bytes) {

    /** The user who asks. */
    User user() {
        return caller.orElseThrow(ApiFailure::unauthorized);
    }

    /** The body's members; without a JSON object it fails. */
    JsonBody body() {
        return JsonBody.parse(bytes);
    }

    ApiQuery query() {
        return new ApiQuery(request.getQueryString());
    }

    /** The name by which the caller knows this server. */
    String host() {
        return String.valueOf(request.getServerName());
    }

    /** Address of whoever is connected. */
    String address() {
        return String.valueOf(request.getRemoteAddr());
    }
}
