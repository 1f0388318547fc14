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
    void shouldNoticeJsonThatWasSentAsAForm() throws Fields.Malformed {
        byte[] json = " {\"username\":\"a\"}".getBytes(StandardCharsets.UTF_8);
        assertTrue(Fields.read(json, "application/x-www-form-urlencoded").looksLikeJson());
        assertFalse(Fields.read("username=a".getBytes(StandardCharsets.UTF_8), "application/x-www-form-urlencoded")
            .looksLikeJson());
        assertFalse(Fields.read(json, "application/json").looksLikeJson());
        assertFalse(Fields.readable(null));
        assertFalse(Fields.readable("text/plain"));
        assertTrue(Fields.readable("application/problem+json; charset=utf-8"));
    }

    @Test
    void shouldLeaveTheHintOutWhereTheOldStatusIsWanted() {
        assertEquals("500 unsupported request", text(new Refusals(true).failure(400, "unsupported request", "do this")));
        assertEquals("400 {\"error\":\"unsupported request\",\"success\":false,\"hint\":\"do this\"}",
            text(new Refusals(false).failure(400, "unsupported request", "do this")));
    }
}
