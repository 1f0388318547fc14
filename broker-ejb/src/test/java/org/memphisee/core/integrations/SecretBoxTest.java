package org.memphisee.core.integrations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Base64;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

class SecretBoxTest {

    private final SecretBox box = new SecretBox(new byte[32]);

    @Test
    void shouldOpenWhatItSealedForTheSamePlaceOnly() {
        String sealed = box.seal("a", "xoxb-1é");
        assertEquals(Optional.of("xoxb-1é"), box.open("a", sealed));
        assertEquals(Optional.empty(), box.open("b", sealed));
        assertFalse(sealed.contains("xoxb"));
        assertNotEquals(sealed, box.seal("a", "xoxb-1é"));
    }

    @Test
    void shouldOpenWhatWasSealedWithAFormerKeyAndSealWithItsOwn() {
        String former = box.seal("a", "secret");
        byte[] key = new byte[32];
        key[0] = 1;
        SecretBox next = new SecretBox(key, List.of(new byte[32]));
        assertEquals(Optional.of("secret"), next.open("a", former));
        assertEquals(Optional.empty(), box.open("a", next.seal("a", "secret")));
    }

    @Test
    void shouldOpenNothingThatWasChangedOrIsOfAnotherKey() {
        String sealed = box.seal("a", "secret");
        for (int i = 0; i < sealed.length() - 3; i++) { // not the padding
            assertEquals(Optional.empty(), box.open("a", sealed.substring(0, i)));
        }
        byte[] bytes = Base64.getDecoder().decode(sealed.substring(2));
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= 1;
            assertEquals(Optional.empty(), box.open("a", "1:" + Base64.getEncoder().encodeToString(bytes)));
            bytes[i] ^= 1;
        }
        byte[] otherKey = new byte[32];
        otherKey[31] = 1;
        assertEquals(Optional.empty(), new SecretBox(otherKey).open("a", sealed));
        assertEquals(Optional.empty(), box.open("a", "2:" + sealed.substring(2)));
        assertEquals(Optional.empty(), box.open("a", ""));
        assertEquals(Optional.empty(), box.open("a", "1:###"));
        assertThrows(IllegalArgumentException.class, () -> new SecretBox(new byte[31]));
    }
}
