package org.memphisee.it.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.memphisee.it.adapter.inside.InsideServlet;
import org.memphisee.it.support.BrokerPorts;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Eventually;

/**
 * Applications in the broker's own server: a module of its EAR through the embedded adapter, without a socket, and the example
 * through a stand-alone adapter, as an administrator adds it.
 */
final class BrokersOwnServerIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String INSIDE = """
            <connectionFactory jndiName="inside/connections">
              <properties.broker.ra user="root" password="memphis"/></connectionFactory>
            <activationSpec id="broker/inside/InsideBean">
              <properties.broker.ra.MessageListener user="root" password="memphis"/></activationSpec>
            """;
    private static BrokerProcess broker;
    private static int port;

    @BeforeAll
    static void start() throws IOException {
        broker = BrokerProcess.preparedWithOwnApplication();
        Path server = broker.serverDirectory();
        addModule(server.resolve("apps/broker.ear"));
        Files.copy(Path.of(System.getProperty("it.adapter.rar")), server.resolve("resource-adapter.rar"));
        Path example = Path.of(System.getProperty("it.example.war"));
        Files.copy(example, server.resolve("apps/example.war"));
        port = BrokerPorts.free().client();
        String part = Files.readString(example.resolve("../../server-part.xml").normalize())
                .replace("port=\"6666\"", "port=\"" + broker.clientPort() + '"')
                .replace("httpPort=\"9080\"", "httpPort=\"" + port + '"').replace("</server>", INSIDE + "</server>");
        Path drops = Files.createDirectories(server.resolve("configDropins/overrides"));
        Files.writeString(drops.resolve("example.xml"), part);
        broker.startAgain();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static void addModule(Path ear) throws IOException {
        ByteArrayOutputStream war = new ByteArrayOutputStream();
        ShrinkWrap.create(WebArchive.class, "inside.war").addPackage(InsideServlet.class.getPackage())
                .as(ZipExporter.class).exportTo(war);
        try (FileSystem zip = FileSystems.newFileSystem(ear)) {
            Files.write(zip.getPath("inside.war"), war.toByteArray());
            Path descriptor = zip.getPath("META-INF/application.xml");
            Files.writeString(descriptor, Files.readString(descriptor).replace("</application>", "<module><web><web-uri>"
                    + "inside.war</web-uri><context-root>/inside</context-root></web></module></application>"));
        }
    }

    private static String send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()
                .send(request.timeout(LIMIT).build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        assertEquals(200, answer.statusCode(), answer.body());
        return answer.body();
    }

    private static HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    @Test
    void shouldServeModulesOfItsOwnApplicationWithoutASocket() throws Exception {
        assertEquals("1", send(to("/inside/?text=a")));
        assertEquals("2", send(to("/inside/?text=b")));
        String seen = Eventually.value("seen", LIMIT, () -> send(to("/inside/")), s -> s.contains("a ") && s.contains("b "));
        assertTrue(seen.equals("a 2,b 2") || seen.equals("b 2,a 2"), seen);
    }

    @Test
    void shouldServeOtherApplicationsThroughAStandAloneAdapter() throws Exception {
        send(to("/example/orders").POST(HttpRequest.BodyPublishers.ofString("book\nlamp\n")));
        String page = Eventually.value("page", LIMIT, () -> send(to("/example/orders")),
                p -> p.contains("shipped book") && p.contains("shipped lamp") && p.contains("counted 2"));
        assertEquals(2, page.lines().filter(l -> l.startsWith("shipped")).count(), page);
    }
}
