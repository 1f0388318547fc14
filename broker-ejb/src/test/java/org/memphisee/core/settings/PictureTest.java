package org.memphisee.core.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureTest {

    private static final String BROKEN = "Could not complete uploading your file, please check your file";
    private static final String LARGE = "The picture has more than 4096 pixels on a side, upload a smaller one";

    static byte[] drawn(String format, int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(7);
        for (int x = 0; x < Math.min(width, 100); x++) {
            for (int y = 0; y < Math.min(height, 100); y++) {
                image.setRGB(x, y, random.nextInt());
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertEquals(true, ImageIO.write(image, format, out));
        return out.toByteArray();
    }

    private static String refusal(byte[] file) {
        return assertThrows(SettingRefusal.class, () -> Picture.type(file)).getMessage();
    }

    @ParameterizedTest
    @CsvSource({"png,image/png", "jpg,image/jpeg"})
    void shouldKnowPicturesByWhatIsInThem(String format, String type) throws IOException {
        assertEquals(type, Picture.type(drawn(format, 40, 30)));
        assertEquals(type, Picture.type(drawn(format, 4_096, 1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg"})
    void shouldRefuseWhatBrowsersCannotDraw(String format) throws IOException {
        assertEquals(LARGE, refusal(drawn(format, 4_097, 1)));
        assertEquals(LARGE, refusal(drawn(format, 1, 4_097)));
    }

    @Test
    void shouldRefuseSidesOfNoPixelsAndOfMoreThanThereAreNumbers() throws IOException {
        for (int side : new int[] {0, -1, Integer.MIN_VALUE}) {
            ByteBuffer png = ByteBuffer.wrap(drawn("png", 4, 4)).putInt(16, side);
            CRC32 sum = new CRC32();
            sum.update(png.array(), 12, 17);
            assertEquals(side == 0 ? BROKEN : LARGE, refusal(png.putInt(29, (int) sum.getValue()).array()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg"})
    void shouldRefuseFilesThatWereCutOffOrHaveMoreBehindTheirEnd(String format) throws IOException {
        byte[] picture = drawn(format, 8, 8);
        for (int length = 0; length < picture.length; length++) {
            byte[] part = Arrays.copyOf(picture, length);
            if (length < 4 || part[length - 1] != (byte) 0xd9) { // a part may end as a whole one does
                assertEquals(BROKEN, refusal(part), "the first " + length);
            }
        }
        byte[] more = Arrays.copyOf(picture, picture.length + 8);
        System.arraycopy("<script>".getBytes(StandardCharsets.UTF_8), 0, more, picture.length, 8);
        assertEquals(BROKEN, refusal(more));
    }

    @Test
    void shouldRefuseDamagedPngFiles() throws IOException {
        byte[] picture = drawn("png", 8, 8);
        for (int at = 0; at < picture.length; at++) {
            byte[] damaged = picture.clone();
            damaged[at] ^= 0x10;
            assertThrows(SettingRefusal.class, () -> Picture.type(damaged), "byte " + at);
        }
    }

    /** Whatever it is, the answer is one of two, and never another failure. */
    @Test
    void shouldAnswerAboutDamagedJpegFiles() throws IOException {
        byte[] picture = drawn("jpg", 8, 8);
        Random random = new Random(11);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = picture.clone();
            for (int j = 0; j < 3; j++) {
                damaged[2 + random.nextInt(picture.length - 4)] = (byte) random.nextInt();
            }
            try {
                assertEquals("image/jpeg", Picture.type(damaged));
            } catch (SettingRefusal refusal) {
                refused++;
            }
        }
        assertEquals(true, refused > 100, "only " + refused);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "GIF89a", "\u0089PNG\r\n\u001a\n",
        "<html></html>"})
    void shouldRefuseEverythingElse(String file) {
        assertEquals(BROKEN, refusal(file.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
