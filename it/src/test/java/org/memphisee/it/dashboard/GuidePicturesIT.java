package org.memphisee.it.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nats.client.Connection;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * Makes the pictures of docs/guide/dashboard.md, of a shop's stations while it is busy, into {@code target/guide-pictures}, and holds the
 * page to them: each is in it and beside it. Whoever changed a page looks at the new ones and copies them to docs/guide/pictures.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
final class GuidePicturesIT {
    private static final Path GUIDE = Path.of("..", "docs", "guide");
    private static final String ORDERS = "orders";
    private static final List<String> STATIONS = List.of(ORDERS, "invoices", "sensors", "mail");
    /** Made where there is a cluster: {@link ClusterPagesIT}. */
    private static final String NODES = "dashboard-nodes.png";
    private static final int BUSY_NANOS = 2_000_000_000;

    private final DashboardClient client = new DashboardClient();
    private final Set<String> made = new TreeSet<>();
    private Browser browser;
    private Connection nats;
    private int number;

    @BeforeAll
    void open() throws Exception {
        browser = Browser.open();
        browser.theme("light");
        browser.size(1280, 800);
        nats = NatsClient.connect(client.broker());
    }

    @AfterAll
    void close() throws Exception {
        if (browser != null) {
            browser.close();
            nats.close();
            ObjectNode body = DashboardClient.JSON.createObjectNode();
            STATIONS.forEach(body.withArray("station_names")::add);
            client.call(client.rootToken(), "DELETE", "stations/removeStation", body);
        }
    }

    private void go(String path) {
        browser.go("http://" + client.authority() + path);
    }

    private void picture(String name) {
        browser.guide("dashboard-" + name);
        made.add("dashboard-" + name + ".png");
    }

    private void create(String name, int partitions) throws Exception {
        client.call(client.rootToken(), "POST", "stations/createStation", DashboardClient.JSON.createObjectNode().put("name", name)
                .put("retention_type", "message_age_sec").put("retention_value", 604_800).put("storage_type", "file").put("replicas", 1)
                .put("partitions_number", partitions));
    }

    private void publish(String station, int partition, String payload) throws Exception {
        Headers headers = new Headers().add("$memphis_producedBy", "web-shop").add("trace", "7f3a" + number);
        nats.jetStream().publish(station + "$" + partition + ".final", headers, payload.getBytes(StandardCharsets.UTF_8));
    }

    /** A little of everything for a while, so that the pages have figures. */
    private void busy() throws Exception {
        long end = System.nanoTime() + BUSY_NANOS;
        while (System.nanoTime() < end) {
            number++;
            publish(ORDERS, 1 + number % 2, "{\"order\":" + (4000 + number) + ",\"customer\":\"c-" + number % 97 + "\",\"items\":[{\"sku\":\"tea-12\",\"count\":"
                    + (1 + number % 3) + "}],\"total\":" + (number % 50 + 10) + ".90}");
            publish("sensors", 1, "{\"hall\":3,\"celsius\":" + (18 + number % 7) + "}");
            if (number % 5 == 0) {
                publish("invoices", 1, "{\"invoice\":" + number + "}");
            }
        }
    }

    @Test
    void shouldMakeThePicturesOfTheGuide() throws Exception {
        create(ORDERS, 2);
        create("invoices", 1);
        create("sensors", 1);
        create("mail", 1);
        go("/overview");
        browser.find("#user");
        picture("sign-in");
        browser.type("#user", "root");
        browser.type("#password", "memphis");
        browser.enter();
        browser.find("tr[data-station=orders]");
        for (int partition = 1; partition <= 2; partition++) {
            NatsClient.consumer(nats, ORDERS + "$" + partition, "billing");
            NatsClient.consumer(nats, ORDERS + "$" + partition, "shipping");
        }
        NatsClient.consumer(nats, "sensors$1", "charts");
        for (int i = 0; i < 8; i++) {
            busy();
            NatsClient.acknowledge(nats, ORDERS + "$1", "billing", 20);
            NatsClient.acknowledge(nats, ORDERS + "$2", "billing", 20);
            NatsClient.acknowledge(nats, "sensors$1", "charts", 20);
        }
        browser.awaitText("tr[data-station=orders]", text -> text.contains("billing") && text.contains("shipping"));
        browser.awaitText("[data-figure=in-rate]", text -> !text.startsWith("0") && !text.startsWith("–"));
        picture("overview");
        browser.theme("dark");
        picture("overview-dark");
        browser.theme("light");
        go("/stations/-/new");
        browser.find("#create-title");
        browser.type("#name", "Returns 2026");
        browser.awaitText("#name-help", text -> text.contains("called"));
        picture("create");
        go("/stations/orders");
        browser.find("tr[data-message]");
        browser.awaitText("tr[data-group=billing] [data-cell=lag]", text -> !text.isEmpty());
        picture("station");
        browser.script("document.querySelector('mp-messages').scrollIntoView()");
        picture("messages");
        browser.press("j");
        browser.enter();
        browser.awaitText("#view", text -> text.contains("order"));
        picture("message");
        go("/overview");
        browser.click("tr[data-station=mail] .actions button");
        browser.find("#confirm");
        picture("delete");
        go("/overview");
        browser.find("tr[data-station=orders]");
        browser.press("?");
        browser.find("#keys-title");
        picture("keys");
        browser.size(390, 844);
        go("/stations/orders");
        browser.find("tr[data-message]");
        picture("phone");
        shouldBeInTheGuide();
    }

    private void shouldBeInTheGuide() throws Exception {
        Matcher pictures = Pattern.compile("!\\[([^]]+)]\\(pictures/([a-z-]+\\.png)\\)").matcher(Files.readString(GUIDE.resolve("dashboard.md")));
        Set<String> shown = new TreeSet<>();
        while (pictures.find()) {
            assertTrue(pictures.group(1).length() > 20, "who cannot see it learns nothing from " + pictures.group());
            assertTrue(Files.isRegularFile(GUIDE.resolve("pictures").resolve(pictures.group(2))), pictures.group(2));
            shown.add(pictures.group(2));
        }
        made.add(NODES);
        assertEquals(made, shown);
    }
}
