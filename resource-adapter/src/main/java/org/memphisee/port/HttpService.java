package org.memphisee.port;

/** Who answers the requests of an HTTP port. Registered with the adapter, which reads and writes. */
public interface HttpService {

    /**
     * Takes a request whose headers have arrived; its body may still be coming. Must not block: called by the event loop
     * of the connection, which serves other clients as well. There is no other request of this connection until this one
     * is answered.
     */
    void serve(HttpCall call);

    /**
     * The answer to what never becomes a request: lines that are not HTTP, too many headers, too many connections. Event
     * loop.
     *
     * @param status status code, 400 or more
     * @param why for the client to read
     */
    HttpAnswer refusal(int status, String why);
}
