package org.memphisee.core.consumer;

/**
 * The contract its callers rely on; the implementation replaces this skeleton. Shard's thread only.
 *
 * <pre>
 * Consumer(ConsumerConfig config, long createdNanos, long startSequence, PartitionView view, ConsumerEnvironment env)
 * static Consumer restore(config, createdNanos, startSequence, byte[] state, view, env)
 * static long resolveStart(ConsumerConfig config, PartitionView view)   first sequence to look at; recorded durably
 * void pull(PullRequest)                    a waiting request; answers 404/408/409 per jetstream-api.md 6.9
 * void badPull(String inbox, byte[] status) a request that did not parse
 * void acknowledge(AckSubject subject, Ack ack, String reply)   reply empty for none
 * void flowControlAnswered(String replySubject)
 * void committed()                          messages were committed: deliver what can be delivered
 * void messagesRemoved(long from, long to)  some or all sequences of the range are gone
 * void interestChanged()                    somebody came to or left the deliver subject
 * void dataReady()                          what was LOADING is there
 * void onTimer()
 * void update(ConsumerConfig)
 * ConsumerInfo info()
 * boolean unsettled(long sequence, byte[] subject, int offset, int length)  it still needs this message
 * byte[] encodeState()                      versioned
 * void deleted()                            waiting pulls get 409 Consumer Deleted
 * void shutdown()                           waiting pulls get 409 Server Shutdown
 * </pre>
 */
public final class Consumer {
    private Consumer() { }
}
