package org.memphisee.it.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** F-176: the dashboard shows the picture of the company, whatever its proportions are, and the product's sign without one. */
@Timeout(300)
final class CompanyLogoBrowserIT {
    private static final String PICTURE = ".topbar .brand img.company";

    private final DashboardClient client = new DashboardClient();
    private Browser browser;

    @BeforeEach
    void open() throws Exception {
        browser = Browser.open();
        browser.size(1440, 900);
        browser.theme("light");
    }

    @AfterEach
    void close() throws Exception {
        if (browser != null) {
            browser.close();
            client.call(client.rootToken(), "DELETE", "usermgmt/removeCompanyLogo", DashboardClient.JSON.createObjectNode());
        }
    }

    private static byte[] picture(int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setColor(new Color(0x0b7285));
        g.fillRoundRect(0, 0, width, height, height / 3, height / 3);
        g.setColor(Color.WHITE);
        g.fillOval(height / 5, height / 5, height * 3 / 5, height * 3 / 5);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, height / 2));
        g.drawString("ACME", height, height * 2 / 3);
        g.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }

    private void upload(byte[] content) throws Exception {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes(("--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"logo.png\"\r\nContent-Type: image/png\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        form.writeBytes(content);
        form.writeBytes("\r\n--cut--\r\n".getBytes(StandardCharsets.US_ASCII));
        assertEquals(200, client.send(client.request("/api/usermgmt/editCompanyLogo")
                .header("Authorization", "Bearer " + client.rootToken())
                .header("Content-Type", "multipart/form-data; boundary=cut")
                .PUT(BodyPublishers.ofByteArray(form.toByteArray()))).statusCode());
    }

    private void signIn() {
        browser.go("http://" + client.authority() + "/overview");
        browser.find("#user");
        browser.type("#user", client.broker().user());
        browser.type("#password", client.broker().password());
        browser.enter();
        browser.find(".topbar .brand");
    }

    /** Width and height in which it is shown, once it is there. */
    private List<Long> shown() {
        browser.find(PICTURE);
        for (int tries = 0; tries < 500; tries++) {
            Object size = browser.script("const i = document.querySelector('" + PICTURE + "'); return i !== null && i.complete "
                    + "&& i.naturalWidth > 0 ? [Math.round(i.getBoundingClientRect().width), Math.round(i.getBoundingClientRect().height)] : null");
            if (size != null) {
                return ((List<?>) size).stream().map(value -> ((Number) value).longValue()).toList();
            }
        }
        throw new AssertionError("the picture does not come");
    }

    private long bar() {
        return ((Number) browser.script("return Math.round(document.querySelector('.topbar').getBoundingClientRect().height)")).longValue();
    }

    @Test
    void shouldShowThePictureOfTheCompany() throws Exception {
        signIn();
        browser.find(".topbar .brand svg");
        long before = bar();
        upload(picture(640, 160));
        browser.reload();
        assertEquals(List.of(128L, 32L), shown());
        assertEquals(before, bar(), "nothing moves");
        for (String theme : List.of("light", "dark")) {
            browser.theme(theme);
            browser.picture("logo-" + theme);
            assertEquals(List.of(), browser.accessibilityFindings(), theme);
        }
        for (int width : List.of(390, 320)) {
            browser.size(width, 844);
            assertTrue(shown().get(0) <= 72, "" + shown());
            assertTrue(((Long) browser.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")) <= 0);
            browser.picture("logo-" + width);
        }
        browser.size(1440, 900);
        for (int[] size : new int[][] {{4096, 16}, {16, 4096}, {20, 20}}) {
            upload(picture(size[0], size[1]));
            browser.reload();
            assertTrue(shown().get(0) <= 160 && shown().get(1) <= 32, size[0] + " x " + size[1] + " is shown as " + shown());
            assertEquals(before, bar(), "nothing moves");
        }
        client.call(client.rootToken(), "DELETE", "usermgmt/removeCompanyLogo", DashboardClient.JSON.createObjectNode());
        browser.reload();
        browser.find(".topbar .brand svg");
        assertEquals(List.of(), browser.complaints().stream().filter(text -> text.contains("Content Security Policy")).toList());
    }
}
