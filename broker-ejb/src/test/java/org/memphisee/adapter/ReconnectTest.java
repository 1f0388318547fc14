package org.memphisee.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Clients whose connection breaks while they wait for messages. */
class ReconnectTest extends SocketFixture {

    private static final String NEXT = "$JS.API.CONSUMER.MSG.NEXT.S.c";

    private void makeConsumer() throws Exception {
        Client client = new Client().subscribed("inbox");
        client.request("$JS.API.STREAM.CREATE.S", "{'name':'S','subjects':['s.>'],'storage':'memory'}");
        client.request("$JS.API.CONSUMER.CREATE.S.c", "{'stream_name':'S','config':{'ack_policy':'explicit','name':'c'}}");
        client.socket.close();
    }

    private Client pullingOn(String subscription, String request) throws Exception {
        Client client = new Client().subscribed(subscription);
        client.send("PUB " + NEXT + " _INBOX.me.1 " + request.length() + "\r\n" + request + "\r\n");
        client.flush();
        return client;
    }

    @Test
    void shouldServeAPullThatIsOlderThanItsConnection() throws Exception {
        makeConsumer();
        pullingOn("_INBOX.me.*", "{\"batch\":2,\"expires\":4000000000}").leave();
        Client publisher = new Client();
        publisher.send("PUB s.a 2\r\nhi\r\n");
        publisher.flush();
        Client back = new Client();
        back.send("SUB _INBOX.me.* 1\r\n");
        assertTrue(back.line().startsWith("MSG s.a 1 $JS.ACK.S.c.1.1.1."), "delivered once, to somebody");
        assertEquals("hi", back.line());
        assertTrue(back.operation().startsWith("HMSG _INBOX.me.1 1 "), "status");
        assertEquals("NATS/1.0 408 Request Timeout", back.line());
    }

    @Test
    void shouldDeliverWhatComesAfterTheClientCameBack() throws Exception {
        makeConsumer();
        pullingOn("_INBOX.me.1", "{\"batch\":1,\"expires\":20000000000}").leave();
        Client publisher = new Client().subscribed("inbox");
        publisher.request("$JS.API.CONSUMER.INFO.S.c", ""); // the broker has noticed that nobody listens
        Client back = new Client().subscribed("_INBOX.me.>");
        publisher.send("PUB s.a 2\r\nhi\r\n");
        assertTrue(back.line().startsWith("MSG s.a 1 $JS.ACK.S.c.1.1.1."));
    }
}
