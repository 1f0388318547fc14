package org.memphisee.dashboard.web;

import java.io.IOException;
import java.util.Set;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * Decides what an address outside {@code /api} gets. The page itself reads the address, so each one gets the page with
 * status 200 (management-api.md 1.1); file extensions say nothing, names of stations have dots too.
 */
@WebFilter(urlPatterns = "/*", asyncSupported = true, dispatcherTypes = DispatcherType.REQUEST)
public class PageFilter extends HttpFilter {

    private static final long serialVersionUID = 1;

    private static final String PAGE = "/index.html";
    private static final String ASSETS = "/assets/";
    /** What programs read about the ports that answer over HTTP. */
    private static final Set<String> DOCUMENTS = Set.of("/openapi/gateway.yaml", "/openapi/management.yaml");
    private static final Set<String> FILES = Set.of(PAGE, "/favicon.svg", "/robots.txt");
    private static final String CONTENT_POLICY = "default-src 'self'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'; "
        + "base-uri 'none'; object-src 'none'; form-action 'self'";

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws IOException, ServletException {
        protect(request, response);
        String path = path(request);
        if (path.equals("/api") || path.startsWith("/api/")) {
            chain.doFilter(request, response);
        } else if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            response.setHeader("Allow", "GET, HEAD");
            ShortAnswer.text(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, "Only GET and HEAD are possible here.\n");
        } else if (path.startsWith(ASSETS)) {
            asset(path, request, response, chain);
        } else {
            response.setHeader("Cache-Control", "no-cache");
            if (DOCUMENTS.contains(path)) {
                response.setContentType("application/yaml"); // no container knows it yet
                chain.doFilter(request, response);
            } else if (FILES.contains(path)) {
                chain.doFilter(request, response);
            } else {
                request.getRequestDispatcher(PAGE).forward(request, response);
            }
        }
    }

    /** What browsers are told to forbid, whatever else the answer is. */
    private static void protect(HttpServletRequest request, HttpServletResponse response) {
        response.setHeader("Content-Security-Policy", CONTENT_POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "same-origin");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        if (request.isSecure()) {
            response.setHeader("Strict-Transport-Security", "max-age=31536000");
        }
    }

    private static void asset(String path, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws IOException, ServletException {
        if (path.endsWith("/") || request.getServletContext().getResource(path) == null) {
            response.setHeader("Cache-Control", "no-cache");
            ShortAnswer.text(response, HttpServletResponse.SC_NOT_FOUND, "There is no such file.\n");
        } else {
            response.setHeader("Cache-Control", "public, max-age=31536000, immutable"); // a change gets another name
            chain.doFilter(request, response);
        }
    }

    /** Normalised by the container, unlike the request's URI. */
    private static String path(HttpServletRequest request) {
        String info = request.getPathInfo() == null ? "" : request.getPathInfo();
        return (request.getServletPath() + info).replaceAll("/{2,}", "/");
    }
}
