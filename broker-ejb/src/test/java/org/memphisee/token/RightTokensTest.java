package org.memphisee.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RightTokensTest {

    private final RightTokens tokens = new RightTokens(4);

    @Test
    void shouldKnowOnlyWhatWasRemembered() {
        RightTokens.Right right = tokens.remember("a.b.c", JwtCodec.claims().put("n", 1));
        assertSame(right, tokens.find("a.b.c"));
        assertNull(tokens.find("a.b.C"));
        assertNull(tokens.find("a.b.c "));
        assertNull(tokens.find("x".repeat(JwtCodec.MAX_LENGTH + 1)));
    }

    @Test
    void shouldForgetWhatWasNotUsedAndKeepWhatIsUsed() {
        tokens.remember("used", JwtCodec.claims());
        tokens.remember("unused", JwtCodec.claims());
        for (int i = 0; i < 100; i++) {
            tokens.remember("other " + i, JwtCodec.claims());
            assertNotNull(tokens.find("used"), "after " + i);
            assertTrue(tokens.size() <= 8, "remembers " + tokens.size());
        }
        assertNull(tokens.find("unused"));
        assertEquals("{}", tokens.find("used").claims().toString());
    }
}
