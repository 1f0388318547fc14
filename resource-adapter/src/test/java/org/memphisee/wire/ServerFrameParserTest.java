package org.memphisee.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerFrameParserTest {

    private static final String CONVERSATION = "INFO {\"a\":1} \r\nPING\r\nMSG a.b 2 3\r\nabc\r\n+OK\r\n"
        + "MSG a.b 2 _INBOX.r 0\r\n\r\nHMSG x 7 r 12 15\r\nNATS/1.0\r\n\r\nxyz\r\nHMSG x 7 12 12\r\nNATS/1.0\r\n\r\n\r\n"
        + "-ERR 'Stale Connection'\r\nPONG\r\n";
    private static final List<String> MEANING = List.of("INFO {\"a\":1}", "PING", "a.b|2||0|abc", "a.b|2|_INBOX.r|0|",
        "x|7|r|12|NATS/1.0\r\n\r\nxyz", "x|7||12|NATS/1.0\r\n\r\n", "ERR Stale Connection", "PONG");

    private final List<String> seen = new ArrayList<>();
    private final ServerFrameParser parser = new ServerFrameParser(new Recorder());

    private final class Recorder implements ServerFrameHandler {
        private String text(byte[] bytes, int offset, int length) {
            return new String(bytes, offset, length, StandardCharsets.UTF_8);
        }

        @Override
        public void info(byte[] bytes, int offset, int length) {
            seen.add("INFO " + text(bytes, offset, length).trim());
        }

        @Override
        public void message(byte[] bytes, int subjectOffset, int subjectLength, long sid, int replyOffset,
                            int replyLength, int bodyOffset, int headerLength, int payloadLength) {
            seen.add(text(bytes, subjectOffset, subjectLength) + "|" + sid + "|" + text(bytes, replyOffset, replyLength)
                + "|" + headerLength + "|" + text(bytes, bodyOffset, headerLength + payloadLength));
        }

        @Override
        public void ping() {
            seen.add("PING");
        }

        @Override
        public void pong() {
            seen.add("PONG");
        }

        @Override
        public void error(String text) {
            seen.add("ERR " + text);
        }

        @Override
        public void garbage(String what) {
            seen.add("GARBAGE");
        }
    }

    private void receive(String text) {
        parser.receive(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void shouldFindEveryOperation() {
        receive(CONVERSATION);
        assertEquals(MEANING, seen);
    }

    @Test
    void shouldFindTheSameHoweverTheBytesAreCut() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            List<String> before = List.copyOf(seen);
            int at = 0;
            while (at < CONVERSATION.length()) {
                int end = Math.min(CONVERSATION.length(), at + 1 + random.nextInt(20));
                receive(CONVERSATION.substring(at, end));
                at = end;
            }
            assertEquals(MEANING, seen.subList(before.size(), seen.size()), "seed " + seed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 400 Bad Request\r\n", "MSG a\r\n", "MSG a 1 x\r\n", "MSG a 1 999999999999\r\n",
        "HMSG a 1 9 3\r\nabc\r\n", "MSG a 1 1\r\nabc\r\n", "MSG a 1 b c d 3\r\n", "\r\n"})
    void shouldStopAtGarbage(String bytes) {
        receive(bytes);
        receive("PING\r\n");
        assertEquals(List.of("GARBAGE"), seen);
    }

    @Test
    void shouldNotGatherAnEndlessLine() {
        for (int i = 0; i < 100; i++) {
            receive("x".repeat(1_000));
        }
        assertEquals(List.of("GARBAGE"), seen);
    }
}
