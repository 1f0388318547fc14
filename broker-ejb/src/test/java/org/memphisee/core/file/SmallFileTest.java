package org.memphisee.core.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SmallFileTest {

    @TempDir
    private Path directory;

    @Test
    void shouldReadWhatIsAsLargeAsAllowedAndRefuseOneByteMore() throws Exception {
        Path file = Files.writeString(directory.resolve("f"), "grün");

        assertEquals("grün", SmallFile.text(file, 5));
        assertEquals(5, SmallFile.bytes(file, 5).length);
        String message = assertThrows(FileTooLargeException.class, () -> SmallFile.bytes(file, 4)).getMessage();
        assertTrue(message.equals(file + " has more than 4 bytes"), message);
    }

    @Test
    void shouldNotReadADeviceToItsEnd() {
        Path endless = Path.of("/dev/zero");
        assumeTrue(Files.exists(endless), "no such device here");

        assertThrows(FileTooLargeException.class, () -> SmallFile.bytes(endless, 1 << 10));
    }

    @Test
    void shouldTellWhatIsNotTextAndWhatIsNotThere() throws Exception {
        Path file = Files.write(directory.resolve("f"), new byte[] {'a', (byte) 0xff});

        assertThrows(CharacterCodingException.class, () -> SmallFile.text(file, 100));
        assertThrows(NoSuchFileException.class, () -> SmallFile.text(directory.resolve("none"), 100));
        assertEquals("", SmallFile.text(Files.createFile(directory.resolve("empty")), 0));
    }
}
