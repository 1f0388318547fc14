package org.memphisee.dashboard.api;

import java.util.Optional;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.memphisee.config.BrokerSettings;
import org.memphisee.core.access.ApiKeys;
import org.memphisee.core.access.User;
import org.memphisee.core.api.Author;
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
 * @param parameters the query string; null for none
 * @param host the name by which the caller knows this server
 */
record Call(HttpServletRequest request, HttpServletResponse response, BrokerEngine engine, BrokerSettings settings,
            Optional<User> caller, byte[] bytes, String parameters, String host) {

    /** A request to the door. */
    static Call of(HttpServletRequest request, HttpServletResponse response, BrokerEngine engine, BrokerSettings settings,
                   Optional<User> caller, byte[] bytes) {
        return new Call(request, response, engine, settings, caller, bytes, request.getQueryString(),
            String.valueOf(request.getServerName()));
    }

    /** What the server itself asks on behalf of a user, of an operation that only looks; there is no request and no response. */
    static Call ofServer(BrokerEngine engine, BrokerSettings settings, User user, String parameters) {
        return new Call(null, null, engine, settings, Optional.of(user), new byte[0], parameters, "localhost");
    }

    /** The user who asks. */
    User user() {
        return caller.orElseThrow(ApiFailure::unauthorized);
    }

    /** Refuses a key for programs: whoever finds one must not be able to stay. */
    void requireSignIn() {
        String header = request.getHeader("Authorization");
        if (header != null && header.contains(" " + ApiKeys.PREFIX)) {
            throw ApiFailure.showable("This can not be done with an API key, sign in");
        }
    }

    /** Who asks, for what is kept of changes. */
    Author author() {
        return author(user().name());
    }

    /** The same for somebody who has no token yet. */
    Author author(String name) {
        String program = request.getHeader("User-Agent");
        return new Author(name, Author.Door.MANAGEMENT, address(), program == null ? "" : program);
    }

    /** The body's members; without a JSON object it fails. */
    JsonBody body() {
        return JsonBody.parse(bytes);
    }

    /** A file of the form that was sent; without one it fails. */
    UploadedFile requiredFile(String field) {
        return UploadedFile.of(request.getContentType(), bytes, field)
            .orElseThrow(() -> ApiFailure.showable("Could not complete uploading your file, please check your file"));
    }

    ApiQuery query() {
        return new ApiQuery(parameters);
    }

    /** Address of whoever is connected. */
    String address() {
        return String.valueOf(request.getRemoteAddr());
    }
}
