package org.memphisee.core.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.control.Authors;
import org.memphisee.core.control.ControlFixture;
import org.memphisee.core.control.FakeSystemLog;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.control.format.SystemEventCodec;
import org.memphisee.core.log.StoreException;

class CompanyLogoTest {

    private final FakeSystemLog log = new FakeSystemLog();
    private ControlFixture control;
    private RuntimeSettings settings;

    @BeforeEach
    void open() throws Exception {
        control = new ControlFixture(log, ControlFixture.settings()).start();
        settings = new RuntimeSettings(control.engine, RuntimeDefaults.NONE);
        get(settings.start());
    }

    @AfterEach
    void close() {
        control.close();
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }

    private static String uri(String type, byte[] file) {
        return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(file);
    }

    /** A picture with so many bytes. */
    private static byte[] picture(int bytes) throws IOException {
        byte[] small = PictureTest.drawn("png", 2, 2);
        int text = bytes - small.length - 12;
        ByteBuffer all = ByteBuffer.allocate(bytes).put(small, 0, small.length - 12);
        int at = all.position();
        all.putInt(text).putInt(0x74455874).position(at + 8 + text);
        CRC32 sum = new CRC32();
        sum.update(all.array(), at + 4, text + 4);
        return all.putInt((int) sum.getValue()).put(small, small.length - 12, 12).array();
    }

    @Test
    void shouldKeepThePictureOverARestart() throws Exception {
        assertEquals("", settings.logo().uri());
        byte[] png = PictureTest.drawn("png", 20, 10);
        get(settings.logo().put(Authors.of("root"), png));
        assertEquals(uri("image/png", png), settings.logo().uri());
        byte[] jpeg = PictureTest.drawn("jpg", 20, 10);
        get(settings.logo().put(Authors.of("root"), jpeg));
        close();
        open();
        assertEquals(uri("image/jpeg", jpeg), settings.logo().uri());
        get(settings.logo().remove(Authors.of("root")));
        assertEquals("", settings.logo().uri());
        close();
        open();
        assertEquals("", settings.logo().uri());
    }

    @Test
    void shouldStoreOnlyWhatDiffers() throws Exception {
        get(settings.logo().remove(Authors.of("root")));
        assertEquals(0, log.size());
        byte[] png = PictureTest.drawn("png", 20, 10);
        get(settings.logo().put(Authors.of("root"), png));
        int size = log.size();
        get(settings.logo().put(Authors.of("root"), png));
        assertEquals(size, log.size());
    }

    @Test
    void shouldTakeOneMebibyteAndNotAByteMore() throws Exception {
        byte[] most = picture(CompanyLogo.MAX_BYTES);
        assertEquals(CompanyLogo.MAX_BYTES, most.length);
        get(settings.logo().put(Authors.of("root"), most));
        byte[] more = picture(CompanyLogo.MAX_BYTES + 1);
        assertEquals("The picture is larger than 1 MiB, upload a smaller one",
            assertThrows(SettingRefusal.class, () -> settings.logo().put(Authors.of("root"), more)).getMessage());
        close();
        open();
        assertEquals(uri("image/png", most), settings.logo().uri());
    }

    @Test
    void shouldKeepThePictureThatIsDurable() throws Exception {
        byte[] png = PictureTest.drawn("png", 20, 10);
        get(settings.logo().put(Authors.of("root"), png));
        log.failWith(new StoreException("disk full", null, true));
        Throwable cause = assertThrows(ExecutionException.class,
            () -> get(settings.logo().remove(Authors.of("root")))).getCause();
        assertInstanceOf(StoreException.class, cause);
        assertEquals(uri("image/png", png), settings.logo().uri());
    }

    /** Only pictures are shown, whatever else a log has. */
    @Test
    void shouldShowNothingButPictures() {
        for (String value : new String[] {"data:image/svg+xml;base64,PHN2Zy8+", "data:text/html,x", "javascript:x", "x"}) {
            settings.logo().apply(value);
            assertEquals("", settings.logo().uri());
        }
    }

    /** Pages of entries would be huge. */
    @Test
    void shouldNotShowThePictureInEntriesOfTheAuditLog() {
        String shown = SystemEventCodec.members(
            new SystemEvent.SettingChanged(SystemEvent.SettingChanged.LOGO, "x".repeat(5_000))).toString();
        assertTrue(shown.contains("\"value\":\"5000 characters\""), shown);
        assertTrue(SystemEventCodec.members(new SystemEvent.SettingChanged("ui_host", "ui")).toString()
            .contains("\"value\":\"ui\""));
    }
}
