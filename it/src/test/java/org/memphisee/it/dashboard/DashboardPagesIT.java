package org.memphisee.it.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the dashboard's port answers outside the API (dashboard.md 3.9 and 5.6, U-001, U-119, U-121). */
final class DashboardPagesIT {
    private final DashboardClient client = new DashboardClient();

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private String asset(String pattern) throws Exception {
        Matcher found = Pattern.compile("/assets/" + pattern).matcher(client.get("/").body());
        assertTrue(found.find());
        return found.group();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/overview", "/login", "/stations/-/new", "/stations/shop.orders-v1.2",
            "/stations/a/messages/1/17", "/no/such/page", "/varz", "//evil.example/x", "/index.html", "/apis"})
    void shouldServeThePageAtEveryAddress(String path) throws Exception {
        HttpResponse<String> answer = client.get(path);
        assertEquals(200, answer.statusCode());
        assertTrue(answer.body().contains("<mp-app>"), answer.body());
        assertEquals("no-cache", header(answer, "Cache-Control"));
        assertTrue(header(answer, "Content-Type").startsWith("text/html"));
    }

    @Test
    void shouldAnswerHealthChecks() throws Exception {
        HttpResponse<String> answer = client.send(client.request("/").method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertEquals(200, answer.statusCode());
        assertEquals("", answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/assets/none.js", "/stations/x", "/favicon.svg", "/api/status", "/api/none",
            "/api/v2/live"})
    void shouldForbidBrowsersWhatTheyNeedNotDo(String path) throws Exception {
        HttpResponse<String> answer = client.get(path);
        String policy = header(answer, "Content-Security-Policy");
        for (String part : new String[] {"default-src 'self'", "connect-src 'self'", "frame-ancestors 'none'",
                "base-uri 'none'", "object-src 'none'"}) {
            assertTrue(policy.contains(part), policy);
        }
        assertFalse(policy.contains("unsafe"), policy);
        assertEquals("nosniff", header(answer, "X-Content-Type-Options"));
        assertEquals("same-origin", header(answer, "Referrer-Policy"));
        assertEquals("", header(answer, "Strict-Transport-Security"), "a promise for TLS only");
    }

    @Test
    void shouldLetFilesWithHashedNamesBeCachedForGood() throws Exception {
        HttpResponse<String> script = client.get(asset("app-[A-Z0-9]+\\.js"));
        assertEquals(200, script.statusCode());
        assertEquals("public, max-age=31536000, immutable", header(script, "Cache-Control"));
        assertTrue(header(script, "Content-Type").startsWith("text/javascript"), header(script, "Content-Type"));
        HttpResponse<String> style = client.get(asset("app-[A-Z0-9]+\\.css"));
        assertTrue(header(style, "Content-Type").startsWith("text/css"), header(style, "Content-Type"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/assets/app-OLD.js", "/assets/", "/assets/..%2fWEB-INF/web.xml"})
    void shouldNotKeepWhatDoesNotExist(String path) throws Exception {
        HttpResponse<String> answer = client.get(path);
        assertTrue(answer.statusCode() >= 400, path + " " + answer.statusCode());
        assertFalse(header(answer, "Cache-Control").contains("immutable"));
        assertFalse(answer.body().contains("web-app"), answer.body());
    }

    @Test
    void shouldCompress() throws Exception {
        String path = asset("app-[A-Z0-9]+\\.js");
        HttpResponse<byte[]> answer = client.http().send(client.request(path).header("Accept-Encoding", "gzip").build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertEquals("gzip", header(answer, "Content-Encoding"));
        byte[] plain = new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes();
        assertEquals(client.get(path).body(), new String(plain, StandardCharsets.UTF_8));
        assertTrue(answer.body().length * 2 < plain.length);
    }

    @Test
    void shouldTakeNothingOutsideTheApi() throws Exception {
        HttpResponse<String> answer = client.send(client.request("/overview")
                .POST(HttpRequest.BodyPublishers.ofString("{}")));
        assertEquals(405, answer.statusCode());
        assertEquals("GET, HEAD", header(answer, "Allow"));
    }
}
