package org.memphisee.integration;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CompletionException;

import javax.net.ssl.SSLException;

/** Says in words for people why a call did not reach the other side. */
final class CallFailures {

    private CallFailures() { }

    static String reason(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException
            || cause instanceof ConnectException && cause.getCause() instanceof UnresolvedAddressException) {
            return "there is no such host";
        }
        if (cause instanceof HttpTimeoutException) {
            return "no answer in time";
        }
        if (cause instanceof SSLException) {
            return "TLS failed";
        }
        return cause instanceof ConnectException ? "nobody listens there" : "the connection failed";
    }
}
