package org.memphisee.wire;

/** Why a connection ends. A transport with close codes tells the client (wire-protocol.md 7.2); on TCP it is not seen. */
public enum CloseReason {
    /** The client said that it leaves. */
    CLIENT_LEFT,
    /** The server stops. */
    SHUTDOWN,
    /** The client's bytes make no sense. */
    PROTOCOL_ERROR,
    /** Refused, too late, too slow or above a limit. */
    NOT_ALLOWED,
    /** A message or frame above the maximum payload. */
    TOO_LARGE,
    /** The client does not answer any more; nobody is there to be told. */
    STALE,
    /** Anything else. */
    OTHER
}
