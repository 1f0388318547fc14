package org.memphisee.core.settings;

import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Looks whether a file is a whole PNG or JPEG picture of a size that every browser can draw. What is told by names and types of a
 * request counts nothing. Bytes behind the picture's end are refused: they may be another file. Any thread.
 */
final class Picture {

    /** Most pixels of a side: 64 MiB when it is drawn, however small the file is. */
    static final int MOST_PIXELS = 4_096;

    /** The reference's text for every file that is no picture. */
    private static final String BROKEN = "Could not complete uploading your file, please check your file";
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int CHUNK = 12;
    private static final int IHDR = 0x49484452;
    private static final int IDAT = 0x49444154;
    private static final int IEND = 0x49454e44;
    private static final int SCAN = 0xda;

    private final byte[] file;

    private Picture(byte[] file) {
        this.file = file;
    }

    /**
     * Its media type.
     *
     * @throws SettingRefusal it is no such picture
     */
    static String type(byte[] file) {
        Picture picture = new Picture(file);
        if (file.length > PNG.length && Arrays.equals(PNG, 0, PNG.length, file, 0, PNG.length)) {
            picture.png();
            return "image/png";
        }
        if (file.length > 4 && picture.two(0) == 0xffd8 && picture.two(file.length - 2) == 0xffd9) {
            picture.jpeg();
            return "image/jpeg";
        }
        throw broken();
    }

    /** Chunk after chunk: the size first, pixels somewhere, the end at the end, and none that was damaged on the way. */
    private void png() {
        boolean pixels = false;
        int at = PNG.length;
        while (at <= file.length - CHUNK) {
            long length = four(at) & 0xffff_ffffL;
            int type = four(at + 4);
            if (length > file.length - CHUNK - at || type == IHDR != (at == PNG.length)) {
                throw broken();
            }
            CRC32 sum = new CRC32();
            sum.update(file, at + 4, (int) length + 4);
            if ((int) sum.getValue() != four(at + 8 + (int) length)) {
                throw broken();
            }
            if (type == IHDR) {
                checkSize(length == 13 ? four(at + 8) : 0, length == 13 ? four(at + 12) : 0);
            }
            pixels |= type == IDAT;
            at += CHUNK + (int) length;
            if (type == IEND && pixels && at == file.length) {
                return;
            }
        }
        throw broken();
    }

    /** Segment after segment up to the first pixels, with the size before them. */
    private void jpeg() {
        boolean sized = false;
        int at = 2;
        while (at <= file.length - 4 && one(at) == 0xff) {
            int marker = one(at + 1);
            if (marker == 0xff) { // padding
                at++;
                continue;
            }
            int length = two(at + 2);
            if (length < 2 || length > file.length - 2 - at) {
                break;
            }
            if (marker == SCAN && sized) {
                return;
            }
            if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) {
                if (length < 8) {
                    break;
                }
                checkSize(two(at + 7), two(at + 5));
                sized = true;
            }
            at += 2 + length;
        }
        throw broken();
    }

    private static void checkSize(int width, int height) {
        if (width == 0 || height == 0) {
            throw broken();
        }
        if (width < 0 || height < 0 || width > MOST_PIXELS || height > MOST_PIXELS) {
            throw new SettingRefusal("The picture has more than " + MOST_PIXELS + " pixels on a side, upload a smaller one");
        }
    }

    private static SettingRefusal broken() {
        return new SettingRefusal(BROKEN);
    }

    private int one(int at) {
        return file[at] & 0xff;
    }

    private int two(int at) {
        return one(at) << 8 | one(at + 1);
    }

    private int four(int at) {
        return two(at) << 16 | two(at + 2);
    }
}
