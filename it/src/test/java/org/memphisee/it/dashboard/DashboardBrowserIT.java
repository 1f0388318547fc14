package org.memphisee.it.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nats.client.Connection;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.Keys;
import org.memphisee.it.support.Eventually;

/**
 * One visit to the dashboard, step by step, in a real browser: sign in, watch, create, look at messages, delete. Keeps
 * pictures of what it saw in {@code target/pictures}.
 */
@TestMethodOrder(OrderAnnotation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(400) // some steps look at three pictures with all rules of accessibility, 40 s beside four busy processes
final class DashboardBrowserIT {
    private static final String STATION = "shop.orders-v1.2";
    private static final String VIEWER = "look-only";
    private static final String ROW = "tr[data-station='" + STATION + "'] ";

    private final DashboardClient client = new DashboardClient();
    private Browser browser;
    private Connection nats;
    private boolean viewerAdded;

    @BeforeAll
    void open() throws Exception {
        browser = Browser.open();
        browser.theme("light");
        nats = NatsClient.connect(client.broker());
    }

    @AfterAll
    void close() throws Exception {
        if (browser != null) {
            browser.close();
            nats.close();
            ObjectNode body = DashboardClient.JSON.createObjectNode();
            body.putArray("station_names").add(STATION);
            if (client.get("/").statusCode() == 200 && exists()) {
                client.call(client.rootToken(), "DELETE", "stations/removeStation", body);
            }
            if (viewerAdded) {
                client.call(client.rootToken(), "DELETE", "usermgmt/removeUser",
                        DashboardClient.JSON.createObjectNode().put("username", VIEWER));
            }
        }
    }

    private boolean exists() throws Exception {
        return client.call(client.rootToken(), "GET", "stations/getStations", DashboardClient.JSON.createObjectNode())
                .toString().contains("\"" + STATION + "\"");
    }

    @BeforeEach
    void wide() {
        browser.size(1440, 900);
        browser.theme("light");
    }

    private void go(String path) {
        browser.go("http://" + client.authority() + path);
    }

    private void publish(int partition, byte[] payload) throws Exception {
        Headers headers = new Headers().add("$memphis_producedBy", "Web-Shop").add("trace", "<b>7</b>");
        nats.jetStream().publish("shop#orders-v1#2$" + partition + ".final", headers, payload);
    }

    /** Pictures and accessibility in both themes and on a phone. */
    private void inspect(String name) {
        for (String theme : List.of("light", "dark")) {
            browser.theme(theme);
            browser.picture(name + "-" + theme);
            assertEquals(List.of(), browser.accessibilityFindings(), name + ", " + theme);
        }
        browser.theme("light");
        browser.size(390, 844);
        browser.picture(name + "-phone");
        assertEquals(List.of(), browser.accessibilityFindings(), name + ", phone");
        assertTrue(overflow() <= 0, name + " scrolls sideways on a phone");
        for (int width : List.of(320, 360, 768, 1024, 1200)) {
            browser.size(width, 900);
            assertTrue(overflow() <= 0, () -> name + " scrolls sideways at " + width + " px: " + browser.widest());
            assertTrue(tilesOfARow().size() <= 1, () -> name + " at " + width + " px has rows of tiles " + tilesOfARow());
            browser.picture(name + "-" + width);
        }
        browser.size(1440, 900);
    }

    /** How many tiles the rows of figures have: one number when none is left over. */
    private List<?> tilesOfARow() {
        return (List<?>) browser.script("""
                const rows = new Map();
                document.querySelectorAll('.figures > .figure').forEach(tile =>
                  rows.set(tile.offsetTop, (rows.get(tile.offsetTop) ?? 0) + 1));
                return [...new Set(rows.values())];
                """);
    }

    /** How much wider the page is than the window, in pixels. */
    private long overflow() {
        return (Long) browser.script(
                "return document.documentElement.scrollWidth - document.documentElement.clientWidth");
    }

    @Test
    @Order(1)
    void shouldAskWhoComes() {
        go("/stations/-/new");
        browser.find("#user");
        assertTrue(browser.address().contains("/login?next="), browser.address());
        assertEquals("user", browser.focused("id"));
        inspect("login");
        browser.type("#user", "root");
        browser.type("#password", "wrong");
        browser.enter();
        browser.awaitText("#sign-in-error", text -> text.contains("wrong"));
        assertEquals(List.of(), browser.accessibilityFindings());
    }

    @Test
    @Order(2)
    void shouldLetRootInAndGoWhereSheWanted() {
        browser.script("document.querySelector('#password').value = ''");
        browser.type("#password", "memphis");
        browser.enter();
        browser.find("#create-title");
        assertTrue(browser.address().endsWith("/stations/-/new"), browser.address());
        assertEquals("", browser.script("return Object.entries({...localStorage, ...sessionStorage}).join()"));
        assertEquals("", browser.script("return document.cookie"), "the refresh cookie is not for scripts");
    }

    @Test
    @Order(3)
    void shouldCreateAStation() {
        assertEquals("name", browser.focused("id"));
        inspect("create");
        browser.find("#create-title");
        browser.click("#name");
        browser.type("#name", "Shop.Orders-v1.2-");
        browser.awaitText("#name-help", text -> text.contains("called " + STATION + "."));
        partitions("20000");
        browser.press(Keys.chord(Keys.CONTROL, Keys.ENTER));
        browser.awaitText("dialog [role=alert]", text -> text.contains("not created") && text.contains("20000 partitions"));
        partitions("2");
        browser.enter();
        browser.awaitText("h1", STATION::equals);
        browser.awaitText("mp-messages", text -> text.contains("No messages stored"));
        browser.awaitText("mp-groups", text -> text.contains("No consumer group"));
        inspect("station-empty");
    }

    private void partitions(String number) {
        browser.script("const p = document.querySelector('#partitions'); p.value = arguments[0];"
                + "p.dispatchEvent(new Event('input'))", number);
    }

    @Test
    @Order(4)
    void shouldShowNumbersThatChangeWhileAClientPublishes() throws Exception {
        go("/overview");
        browser.find(ROW);
        assertTrue(browser.textOf(ROW + "[data-cell=messages]").equals("0"));
        browser.find(".banner");
        NatsClient.consumer(nats, "shop#orders-v1#2$1", "billing");
        NatsClient.consumer(nats, "shop#orders-v1#2$2", "billing");
        long end = System.nanoTime() + 6_000_000_000L;
        int published = 0;
        while (System.nanoTime() < end) {
            publish(1 + published % 2, ("{\"order\":" + published++ + ",\"big\":12345678901234567890}").getBytes(StandardCharsets.UTF_8));
            Thread.sleep(10);
        }
        String all = String.format(java.util.Locale.ENGLISH, "%,d", published);
        browser.awaitText(ROW + "[data-cell=messages]", all::equals);
        browser.awaitText(ROW + "[data-cell=in]", text -> !text.equals("0") && !text.equals("–"));
        browser.awaitText(ROW + ".chip", text -> text.contains("billing") && text.contains(String.valueOf(published(text))));
        browser.awaitText("[data-figure=in-rate]", text -> !text.startsWith("0") && !text.startsWith("–"));
        browser.awaitText(".live", text -> text.contains("Live"));
        inspect("overview");
        browser.click("mp-throughput button");
        browser.find("mp-throughput tbody tr");
        assertEquals(List.of(), browser.accessibilityFindings());
    }

    private static int published(String chip) {
        return Integer.parseInt(chip.replaceAll("\\D", ""));
    }

    @Test
    @Order(5)
    void shouldShowTheLastMessagesWithoutSideEffects() throws Exception {
        publish(1, new byte[] {0, (byte) 0xff, 1, 2, 'M'});
        publish(1, "<img src=x onerror=document.title='hacked'>\u202etxt".getBytes(StandardCharsets.UTF_8));
        publish(2, "{\"id\":12345678901234567890,\"nested\":{\"list\":[1,2]}}".getBytes(StandardCharsets.UTF_8));
        go("/stations/" + STATION);
        browser.find("tr[data-message]");
        browser.awaitText("tr[data-group=billing] [data-cell=lag]", text -> !text.isEmpty());
        String lag = browser.textOf("tr[data-group=billing] [data-cell=lag]");
        inspect("station");
        browser.press("j");
        assertTrue(browser.focused("href").startsWith("/stations/" + STATION + "/messages/"), browser.focused("href"));
        browser.enter();
        browser.awaitText("#view", text -> text.contains("12345678901234567890") && text.contains("\n"));
        browser.awaitText("dialog .facts.mono", text -> text.contains("<b>7</b>"));
        inspect("message");
        browser.click("#tab-hex");
        browser.awaitText("#view", text -> text.contains("7b 22 69 64"));
        browser.picture("message-hex");
        browser.find("dialog").sendKeys("[");
        browser.awaitText("#view", text -> text.contains("<img src=x") && text.contains("<U+202E>"));
        browser.find("dialog").sendKeys("[");
        browser.awaitText("#view", text -> text.contains("00 ff 01 02 4d"));
        assertTrue(browser.title().startsWith(STATION), browser.title());
        String permalink = browser.address();
        browser.find("dialog").sendKeys(Keys.ESCAPE);
        browser.awaitGone("dialog[open]");
        assertTrue(browser.address().endsWith("/stations/" + STATION), browser.address());
        browser.go(permalink + "000");
        browser.awaitText("dialog .panel", text -> text.contains("The message is gone"));
        browser.press(Keys.ESCAPE);
        browser.awaitGone("dialog[open]");
        browser.find("tr[data-message]");
        browser.awaitText("tr[data-group=billing] [data-cell=lag]", text -> !text.isEmpty());
        assertEquals(lag, browser.textOf("tr[data-group=billing] [data-cell=lag]"), "reading moved a group");
        browser.go(permalink);
        browser.awaitText("#view", text -> text.contains("00 ff 01 02 4d"));
    }

    @Test
    @Order(6)
    void shouldGoOnWithoutWebSocketsSayThatItIsCutOffAndComeBack() throws Exception {
        browser.before("""
                window.sockets = [];
                window.WebSocket = class extends WebSocket {
                  constructor(address) {
                    super(window.cut ? 'ws://localhost:1/' : address);
                    window.sockets.push(this);
                  }
                };
                const request = window.fetch;
                window.fetch = (path, options) => {
                  if (window.cut === 'all') {
                    return Promise.reject(new TypeError('cut'));
                  }
                  if (window.expired && options.headers['Authorization']) {
                    window.expired = false;
                    return Promise.resolve(new Response('{"message":"Unauthorized"}', { status: 401 }));
                  }
                  return request(path, options);
                };
                """);
        go("/overview");
        browser.find(ROW);
        browser.awaitText(".live", text -> text.contains("Live"));
        browser.script("window.stayed = 'yes'; window.cut = 'sockets'; window.sockets.forEach(socket => socket.close())");
        browser.awaitText(".live", text -> text.contains("Every 5 s"));
        long stored = Long.parseLong(browser.textOf(ROW + "[data-cell=messages]").replace(",", ""));
        publish(1, new byte[0]);
        browser.awaitText(ROW + "[data-cell=messages]", text -> text.replace(",", "").equals(String.valueOf(stored + 1)));
        assertFalse(browser.has(".banner.warn"));
        browser.picture("without-websocket");
        browser.script("window.cut = 'all'");
        browser.awaitText(".banner.warn", text -> text.contains("Not connected"));
        browser.picture("disconnected");
        assertEquals("true", browser.find("mp-stations header a").getDomAttribute("aria-disabled"));
        assertFalse(browser.find(ROW + ".actions button").isEnabled());
        // in one step: left alone it comes back by itself, and the button goes
        browser.script("window.cut = false; document.querySelector('.banner.warn button').click()");
        browser.awaitText(".live", text -> text.contains("Live"));
        browser.awaitGone(".banner.warn");
        browser.click(".live button");
        browser.awaitText(".live", text -> text.contains("Paused"));
        browser.press(Keys.chord(Keys.SHIFT, "l"));
        browser.awaitText(".live", text -> text.contains("Live"));
        assertEquals("yes", browser.script("return window.stayed"));
    }

    @Test
    @Order(7)
    void shouldDeleteAStationOnlyAfterItsNameWasTyped() throws Exception {
        go("/overview");
        browser.click(ROW + ".actions button");
        browser.find("#confirm");
        browser.press(Keys.ESCAPE);
        browser.awaitGone("dialog[open]");
        assertEquals("Delete station " + STATION, browser.focused("aria-label"), "the focus goes back to what opened it");
        browser.enter();
        browser.find("#confirm");
        inspect("delete");
        browser.find("#confirm");
        assertTrue(browser.textOf("dialog").contains("messages"), browser.textOf("dialog"));
        assertFalse(browser.find("dialog .danger").isEnabled());
        browser.type("#confirm", STATION.substring(1));
        assertFalse(browser.find("dialog .danger").isEnabled());
        browser.find("#confirm").clear();
        browser.type("#confirm", STATION);
        browser.click("dialog .danger");
        browser.awaitGone("dialog[open]");
        browser.awaitGone(ROW);
        assertFalse(exists());
        go("/stations/" + STATION);
        browser.awaitText("h1", text -> text.contains("does not exist"));
        inspect("unknown-station");
        go("/stations/Not%20there");
        browser.click("main .button.primary");
        browser.awaitText("#name-help", text -> text.contains("called not-there."));
        browser.press(Keys.ESCAPE);
        browser.awaitGone("dialog[open]");
    }

    @Test
    @Order(8)
    void shouldKeepAFormWhileTheSessionIsRenewed() throws Exception {
        go("/stations/-/new");
        browser.click("#name");
        browser.type("#name", STATION);
        browser.script("window.expired = true");
        browser.enter();
        browser.awaitText("h1", STATION::equals);

        go("/stations/-/new");
        browser.click("#name");
        browser.type("#name", "kept");
        browser.forgetCookies();
        browser.script("window.expired = true");
        browser.enter();
        browser.find("#renew-title");
        assertEquals("password", browser.focused("id"));
        assertEquals(List.of(), browser.accessibilityFindings());
        browser.picture("sign-in-again");
        browser.type("mp-renew #password", "memphis");
        browser.enter();
        browser.awaitGone("#renew-title");
        assertEquals("kept", browser.script("return document.querySelector('#name').value"));
        browser.awaitText("dialog [role=alert]", text -> text.contains("try once more"));
        browser.press(Keys.ESCAPE);
        browser.awaitGone("dialog[open]");
    }

    @Test
    @Order(9)
    void shouldBeUsableByKeyboardAlone() {
        go("/overview");
        browser.find("h1");
        browser.press("?");
        browser.find("#keys-title");
        assertEquals(List.of(), browser.accessibilityFindings());
        browser.enter();
        browser.awaitGone("dialog[open]");
        browser.press("n");
        browser.find("#create-title");
        browser.press(Keys.ESCAPE);
        browser.awaitGone("dialog[open]");
        Eventually.await("the address follows the dialog", () -> browser.address().endsWith("/overview"));
    }

    @Test
    @Order(10)
    void shouldStayFriendsWithTheBrowser() {
        List<String> complaints = browser.complaints().stream()
                .filter(text -> !text.contains("usermgmt/login") && !text.contains("createStation") // wrong on purpose
                        && !text.contains("ws://localhost:1")).toList();
        assertEquals(List.of(), complaints);
    }

    @Test
    @Order(11)
    void shouldForgetWhoSignsOut() {
        browser.reload();
        browser.click(".topbar > button:last-child");
        browser.find("#user");
        go("/overview");
        browser.find("#user");
    }

    /** U-130. */
    @Test
    @Order(12)
    void shouldOfferViewersNothingThatTheyMayNotDo() throws Exception {
        ObjectNode user = DashboardClient.JSON.createObjectNode().put("username", VIEWER).put("password", "Look-only1!")
                .put("user_type", "management").put("role", "viewer");
        client.call(client.rootToken(), "POST", "usermgmt/addUser", user);
        viewerAdded = true;
        go("/overview");
        browser.find("#user");
        browser.type("#user", VIEWER);
        browser.type("#password", "Look-only1!");
        browser.enter();
        browser.find(ROW);
        assertEquals("Viewer", browser.textOf(".topbar .chip"));
        assertFalse(browser.has("mp-stations header .button"));
        assertFalse(browser.has(".actions"));
        browser.press("n");
        browser.press("?");
        browser.find("#keys-title");
        assertFalse(browser.has("#create-title"));
        assertFalse(browser.textOf("dialog").contains("New station"), browser.textOf("dialog"));
        browser.enter();
        browser.awaitGone("dialog[open]");
        inspect("viewer");
        go("/stations/-/new");
        browser.find(ROW);
        assertFalse(browser.has("#create-title"));
        go("/stations/" + STATION);
        browser.awaitText("h1", STATION::equals);
        assertFalse(browser.has(".title .button"));
    }
}
