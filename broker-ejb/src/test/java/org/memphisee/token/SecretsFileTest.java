package org.memphisee.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsFileTest {

    private static final SigningSecrets.Configured NOTHING =
        new SigningSecrets.Configured(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve(SecretsFile.NAME);
    }

    @Test
    void shouldMakeSecretsOnceThatOnlyTheOwnerCanRead() throws IOException {
        SigningSecrets first = SecretsFile.open(directory, NOTHING);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
        SigningSecrets second = SecretsFile.open(directory, NOTHING);
        assertArrayEquals(first.gatewayAccess(), second.gatewayAccess());
        assertArrayEquals(first.managementRefresh(), second.managementRefresh());
        assertFalse(Arrays.equals(first.gatewayAccess(), first.managementAccess()));
        assertEquals(48, first.gatewayRefresh().length);
        try (var left = Files.list(directory)) {
            assertEquals(1, left.count());
        }
    }

    @Test
    void shouldPreferConfiguredSecretsAndNotStoreThem() throws IOException {
        SigningSecrets secrets = SecretsFile.open(directory, new SigningSecrets.Configured(Optional.of("configured-1"),
            Optional.of("configured-2"), Optional.of("configured-3"), Optional.of("configured-4")));
        assertArrayEquals("configured-1".getBytes(StandardCharsets.UTF_8), secrets.gatewayAccess());
        assertArrayEquals("configured-4".getBytes(StandardCharsets.UTF_8), secrets.managementRefresh());
        assertFalse(Files.exists(file()));
        SecretsFile.open(directory, new SigningSecrets.Configured(Optional.of("configured-1"), Optional.empty(),
            Optional.empty(), Optional.empty()));
        assertFalse(Files.readString(file()).contains("configured"));
    }

    @Test
    void shouldTakeRightsAwayThatOthersGot() throws IOException {
        SecretsFile.open(directory, NOTHING);
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-rw-r--"));
        SecretsFile.open(directory, NOTHING);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
    }

    @Test
    void shouldRefuseADamagedFileInsteadOfMakingNewSecrets() throws IOException {
        for (String damage : new String[] {"gateway.access=???", "gateway.access=YQ==", "gateway.access=\\u00"}) {
            Files.writeString(file(), damage);
            IOException refusal = assertThrows(IOException.class, () -> SecretsFile.open(directory, NOTHING));
            assertTrue(refusal.getMessage().contains("damaged"), refusal.getMessage());
            assertEquals(damage, Files.readString(file()));
        }
    }

    @Test
    void shouldNotPrintSecrets() {
        assertEquals("SigningSecrets[]",
            new SigningSecrets(new byte[] {1}, new byte[] {1}, new byte[] {1}, new byte[] {1}).toString());
        assertFalse(new SigningSecrets.Configured(Optional.of("configured-1"), Optional.empty(), Optional.empty(),
            Optional.empty()).toString().contains("configured-1"));
    }
}
