package org.memphisee.cluster.meta;

import org.memphisee.core.cluster.UndecidedException;

/** Told once what became of a request. */
public interface MetaAnswer {

    /** The leader answered; what it answered for is true where this is told. */
    void answered(byte[] answer);

    /** It was not answered; the message says what became of it and the remedy. */
    void failed(UndecidedException why);
}
