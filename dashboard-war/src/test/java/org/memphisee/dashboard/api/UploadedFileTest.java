package org.memphisee.dashboard.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadedFileTest {

    private static final String TYPE = "multipart/form-data; boundary=----WebKit7";
    private static final String EDGE = "------WebKit7";
    private static final String HEAD = "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a b.PNG\"\r\n"
        + "Content-Type: image/png\r\n\r\n";

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Optional<UploadedFile> read(String type, String body) {
        return UploadedFile.of(type, bytes(body), "file");
    }

    @Test
    void shouldReadAFileByteByByte() {
        byte[] file = new byte[100_000];
        new Random(3).nextBytes(file);
        UploadedFile read = read(TYPE, EDGE + HEAD + new String(file, StandardCharsets.ISO_8859_1) + "\r\n" + EDGE + "--\r\n")
            .orElseThrow();
        assertEquals("a b.PNG", read.name());
        assertArrayEquals(file, read.bytes());
        assertTrue(read.endsWith(".jpg", ".png"));
        assertFalse(read.endsWith(".jpg", ".svg"));
    }

    @Test
    void shouldFindTheFileAmongOtherFieldsAndAPreamble() {
        String other = "\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nname=\"file\"; filename=\"no\"\r\n" + EDGE
            + "\r\nContent-Disposition: form-data; name=\"files\"; filename=\"no\"\r\n\r\nno\r\n" + EDGE
            + "\r\n\r\nno head\r\n" + EDGE;
        UploadedFile read = read("Multipart/Form-Data; charset=utf-8; Boundary=\"----WebKit7\"",
            "told before\r\n" + EDGE + other + HEAD + "yes\r\n\r\n" + EDGE + "--").orElseThrow();
        assertArrayEquals(bytes("yes\r\n"), read.bytes());
    }

    @Test
    void shouldReadAnEmptyFile() {
        assertArrayEquals(new byte[0], read(TYPE, EDGE + HEAD + "\r\n" + EDGE + "--").orElseThrow().bytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", EDGE, EDGE + "--", EDGE + HEAD, EDGE + HEAD + "cut off", EDGE + "\r\n" + EDGE + "--",
        EDGE + "\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nno name\r\n" + EDGE + "--",
        EDGE + "\r\nContent-Disposition: attachment; name=\"file\"; filename=\"x.png\"\r\n\r\nx\r\n" + EDGE + "--",
        "------Other" + HEAD + "x\r\n------Other--"})
    void shouldFindNoFileWhereThereIsNone(String body) {
        assertEquals(Optional.empty(), read(TYPE, body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "multipart/form-data", "multipart/form-data; boundary=",
        "multipart/mixed; boundary=x",
        "multipart/form-data; boundary=\"\""})
    void shouldTakeFormsOnly(String type) {
        assertEquals(Optional.empty(), read(type, EDGE + HEAD + "x\r\n" + EDGE + "--"));
        assertEquals(Optional.empty(), UploadedFile.of(null, new byte[0], "file"));
    }

    @Test
    void shouldEndWhateverItIsGiven() {
        Random random = new Random(5);
        String form = EDGE + HEAD + "x\r\n" + EDGE + "--\r\n";
        for (int i = 0; i < 5_000; i++) {
            byte[] damaged = bytes(form);
            for (int j = 0; j < 3; j++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            assertTrue(UploadedFile.of(TYPE, damaged, "file").map(file -> file.bytes().length).orElse(0) < form.length());
        }
    }
}
