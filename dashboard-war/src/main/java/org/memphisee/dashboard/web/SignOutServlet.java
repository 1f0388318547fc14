package org.memphisee.dashboard.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * Takes the refresh cookie away, which the page's own script cannot. The management API has no operation for that. Needs
 * no token: without the cookie nothing happens. A page of another site gets nowhere, since browsers do not let it send
 * JSON, and send the cookie of this one ({@code SameSite}) only along with links.
 */
@WebServlet(urlPatterns = "/api/v2/sign-out")
public class SignOutServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    /** Name of the refresh cookie (management-api.md 1.3). */
    private static final String COOKIE = "memphis-jwt-refresh-token";

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String type = request.getContentType();
        if (type == null || !type.startsWith("application/json")) {
            response.sendError(HttpServletResponse.SC_UNSUPPORTED_MEDIA_TYPE);
            return;
        }
        Cookie cookie = new Cookie(COOKIE, "");
        cookie.setPath("/");
        cookie.setHttpOnly(true);
        cookie.setSecure(request.isSecure());
        cookie.setMaxAge(0);
        response.addCookie(cookie);
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        response.setContentType("application/json; charset=utf-8");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
