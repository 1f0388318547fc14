package org.memphisee.it.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.memphisee.it.support.RawConnection;
import org.memphisee.it.support.RawMessage;

/** Reads a stream back message by message without leaving a trace in the broker: no consumer, only STREAM.MSG.GET. */
final class StoredMessages {
    private static final int BATCH = 500;

    private final RawConnection connection;

    StoredMessages(RawConnection connection) {
        this.connection = connection;
    }

    private static long member(String json, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\"\\s*:\\s*(\\d+)").matcher(json);
        if (!matcher.find()) {
            throw new AssertionError("no " + name + " in " + json);
        }
        return Long.parseLong(matcher.group(1));
    }

    /** Reads what was not read before and tells the ledger. */
    void readInto(StreamLedger ledger) throws IOException {
        String info = connection.request("$JS.API.STREAM.INFO." + ledger.name(), "");
        String state = info.substring(info.indexOf("\"state\""));
        long last = member(state, "last_seq");
        for (long from = ledger.verifiedUpTo() + 1; from <= last; from += BATCH) {
            readBatch(ledger, from, Math.min(last, from + BATCH - 1));
        }
        ledger.readToTheEnd(member(state, "first_seq"), last, member(state, "messages"));
    }

    private void readBatch(StreamLedger ledger, long from, long to) throws IOException {
        String inbox = "_INBOX.get" + Long.toHexString(System.nanoTime()) + '.';
        StringBuilder requests = new StringBuilder("SUB " + inbox + "* get\r\n");
        for (long sequence = from; sequence <= to; sequence++) {
            String body = "{\"seq\":" + sequence + '}';
            requests.append("PUB $JS.API.STREAM.MSG.GET.").append(ledger.name()).append(' ')
                    .append(inbox).append(sequence)
                    .append(' ').append(body.length()).append("\r\n").append(body).append("\r\n");
        }
        connection.send(requests.toString());
        String[] answers = new String[(int) (to - from + 1)];
        for (int i = 0; i < answers.length; i++) {
            RawMessage answer = connection.readMessage();
            answers[(int) (Long.parseLong(answer.subject().substring(inbox.length())) - from)] = answer.payload();
        }
        connection.send("UNSUB get\r\n");
        for (int i = 0; i < answers.length; i++) {
            take(ledger, from + i, answers[i]);
        }
    }

    private static void take(StreamLedger ledger, long sequence, String answer) {
        Matcher data = Pattern.compile("\"data\"\\s*:\\s*\"([^\"]*)\"").matcher(answer);
        if (!data.find()) {
            throw new AssertionError(ledger.name() + " sequence " + sequence + ": " + answer);
        }
        byte[] bytes = Base64.getDecoder().decode(data.group(1).getBytes(StandardCharsets.US_ASCII));
        ledger.holds(member(answer, "seq"), Payload.parse(bytes));
    }
}
