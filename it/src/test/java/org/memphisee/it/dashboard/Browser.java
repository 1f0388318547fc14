package org.memphisee.it.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A headless Chromium with a profile of its own, and what the tests look at through it. */
final class Browser implements AutoCloseable {
    /** For a page beside other busy processes; what does not come comes never. */
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<String> BROWSERS = List.of("/usr/bin/chromium", "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome");
    private static final List<String> DRIVERS = List.of("/usr/bin/chromedriver", "/usr/lib/chromium/chromedriver");

    private final Path profile;
    private final ChromeDriver driver;
    private final Path pictures = Path.of(System.getProperty("it.pictures", "target/pictures"));

    private Browser(String browser, String driverProgram) throws IOException {
        Logger.getLogger("org.openqa.selenium").setLevel(Level.SEVERE); // it misses protocol versions that it does not need
        profile = Files.createTempDirectory("memphis-ee-browser");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(browser);
        // --no-sandbox: root may not use it, and nothing foreign is loaded
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic",
                "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-extensions", "--lang=en", "--user-data-dir=" + profile);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        driver = new ChromeDriver(new ChromeDriverService.Builder().usingDriverExecutable(Path.of(driverProgram).toFile())
                .build(), options);
        driver.manage().timeouts().scriptTimeout(LIMIT);
        Files.createDirectories(pictures);
        size(1440, 900);
    }

    /** A new browser; skips the test where there is none. */
    static Browser open() throws IOException {
        String browser = BROWSERS.stream().filter(path -> Files.isExecutable(Path.of(path))).findFirst().orElse("");
        String program = DRIVERS.stream().filter(path -> Files.isExecutable(Path.of(path))).findFirst().orElse("");
        Assumptions.assumeTrue(!browser.isEmpty() && !program.isEmpty(),
                "skipped: needs chromium and chromium-driver");
        return new Browser(browser, program);
    }

    void go(String address) {
        driver.get(address);
    }

    String address() {
        return driver.getCurrentUrl();
    }

    String title() {
        return driver.getTitle();
    }

    void reload() {
        driver.navigate().refresh();
    }

    void size(int width, int height) {
        driver.executeCdpCommand("Emulation.setDeviceMetricsOverride", Map.of("width", width, "height", height,
                "deviceScaleFactor", 1, "mobile", false));
    }

    void theme(String theme) {
        driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of(
                Map.of("name", "prefers-color-scheme", "value", theme),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    }

    /** Runs a script at the beginning of each page that is loaded from now on. */
    void before(String script) {
        driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
    }

    /** Takes away all cookies of the site that is shown. */
    void forgetCookies() {
        driver.manage().deleteAllCookies();
    }

    /** The element, as soon as it is there. */
    WebElement find(String css) {
        return new WebDriverWait(driver, LIMIT).withMessage("no " + css + ", the page says:\n" + textOf("body"))
                .until(d -> d.findElements(By.cssSelector(css)).stream().findFirst().orElse(null));
    }

    boolean has(String css) {
        return !driver.findElements(By.cssSelector(css)).isEmpty();
    }

    /** The text of an element now, empty when it is not there. */
    String textOf(String css) {
        try {
            return driver.findElements(By.cssSelector(css)).stream().findFirst().map(WebElement::getText).orElse("");
        } catch (StaleElementReferenceException rendered) {
            return "";
        }
    }

    /** Waits until an element's text is as wanted. */
    void awaitText(String css, java.util.function.Predicate<String> wanted) {
        String[] last = {""};
        try {
            new WebDriverWait(driver, LIMIT).until(d -> wanted.test(last[0] = textOf(css)));
        } catch (org.openqa.selenium.TimeoutException e) {
            throw new AssertionError(css + " says: " + last[0], e);
        }
    }

    void awaitGone(String css) {
        new WebDriverWait(driver, LIMIT).until(d -> !has(css));
    }

    void click(String css) {
        find(css).click();
    }

    void type(String css, String text) {
        find(css).sendKeys(text);
    }

    /** Presses keys wherever the focus is. */
    void press(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    void enter() {
        press(Keys.ENTER);
    }

    /** Attribute of the element that has the focus, empty when it has none. */
    String focused(String attribute) {
        String value = driver.switchTo().activeElement().getDomAttribute(attribute);
        return value == null ? "" : value;
    }

    Object script(String code, Object... arguments) {
        return driver.executeScript(code, arguments);
    }

    /** Keeps a picture of the page, for people. */
    void picture(String name) {
        picture(pictures, name);
    }

    /** Keeps a picture that is shown in the guide. */
    void guide(String name) {
        picture(Path.of("target", "guide-pictures"), name);
    }

    private void picture(Path directory, String name) {
        try {
            Files.write(Files.createDirectories(directory).resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What reaches beyond the window's right edge, for messages. */
    String widest() {
        return String.valueOf(driver.executeScript("""
                const edge = document.documentElement.clientWidth;
                return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > edge + 0.5)
                  .map(e => `${e.localName}.${e.className} ${Math.round(e.getBoundingClientRect().right)}`).join(', ');
                """));
    }

    /** What axe-core finds against WCAG 2.2 A and AA, one line each. */
    @SuppressWarnings("unchecked")
    List<String> accessibilityFindings() {
        try (InputStream axe = Browser.class.getResourceAsStream("/axe.min.js")) {
            driver.executeScript(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return (List<String>) driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
                    rules: {'label-content-name-mismatch': {enabled: true}}}).then(
                  r => done(r.violations.flatMap(v => v.nodes.map(n => v.id + ': ' + n.html + ' ' + n.failureSummary))),
                  e => done([String(e)]));
                """);
    }

    /** What the browser complained about since the last call. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(entry -> entry.getMessage()).toList();
    }

    @Override
    public void close() {
        driver.quit();
        try (Stream<Path> tree = Files.walk(profile)) {
            tree.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // the browser may still tidy up; the files lie in the temporary directory
            return;
        }
    }
}
