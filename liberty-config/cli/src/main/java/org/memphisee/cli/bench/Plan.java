package org.memphisee.cli.bench;

/**
 * What a load shall be.
 *
 * @param station where, made with the defaults of SDKs if it is not there
 * @param partition only this one, 0 for all in turn
 * @param connections connections that send, or that receive
 * @param size bytes of a payload
 * @param text the payload, empty for one of {@code size} letters
 * @param window messages that each sending connection may have unanswered
 * @param rate messages a second over all connections, 0 for as many as go
 * @param count messages, 0 for as many as go in the time
 * @param seconds how long, 0 for as long as the messages last
 * @param warmup seconds at the beginning that are not measured
 * @param batch messages that a receiver asks for at a time
 * @param group name of the durable consumer
 * @param patience seconds without any progress after which the run has failed
 */
public record Plan(String station, int partition, int connections, int size, String text, int window, double rate, long count,
                   double seconds, double warmup, int batch, String group, int patience) { }
