package org.memphisee.gateway.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

/** Refusals say what may help, beside what programs know. */
class HintTest {

    private static String text(Answer answer) {
        return answer.status() + " " + new String(answer.body(), StandardCharsets.UTF_8);
    }

    @Test
    void shouldAddAMemberAndKeepTheOthers() {
        assertEquals("401 {\"message\":\"Unauthorized\",\"hint\":\"say \\\"x\\\"\"}",
            text(Answer.UNAUTHORIZED.hint("say \"x\"")));
    }

    @Test
    void shouldNoticeJsonThatWasSentAsAForm() throws BodyFields.Malformed {
        byte[] json = " {\"username\":\"a\"}".getBytes(StandardCharsets.UTF_8);
        assertTrue(BodyFields.read(json, "application/x-www-form-urlencoded").looksLikeJson());
        assertFalse(BodyFields.read("username=a".getBytes(StandardCharsets.UTF_8), "application/x-www-form-urlencoded")
            .looksLikeJson());
        assertFalse(BodyFields.read(json, "application/json").looksLikeJson());
        assertFalse(BodyFields.readable(null));
        assertFalse(BodyFields.readable("text/plain"));
        assertTrue(BodyFields.readable("application/problem+json; charset=utf-8"));
    }

    @Test
    void shouldLeaveTheHintOutWhereTheOldStatusIsWanted() {
        assertEquals("500 unsupported request", text(new Refusals(true).failure(400, "unsupported request", "do this")));
        assertEquals("400 {\"error\":\"unsupported request\",\"success\":false,\"hint\":\"do this\"}",
            text(new Refusals(false).failure(400, "unsupported request", "do this")));
    }
}
