package org.memphisee.port;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes the body of a request. Called by the connection's event loop, in order; {@code end} or {@code failed} is the last. */
public interface HttpBody {

    /** The next bytes; they are the adapter's again when this returns. */
    void piece(ByteBuffer bytes);

    /** It was all. */
    void end();

    /** The rest will not come: the client left, was silent for too long or sent what is no HTTP. */
    void failed(IOException why);
}
