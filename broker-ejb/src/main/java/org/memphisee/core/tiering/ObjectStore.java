package org.memphisee.core.tiering;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Speaks with a store of objects as S3 is one. Each call ends by itself within a bounded time, whatever the other side does, and
 * never fails but with an {@link Answer}. Any thread; never blocks.
 */
public interface ObjectStore {

    /** Stores an object; done when the other side has confirmed that it is there. */
    CompletableFuture<Answer> put(Bucket bucket, String key, byte[] content);

    /** Removes an object; also done when there was none. */
    CompletableFuture<Answer> delete(Bucket bucket, String key);

    /**
     * Reads an object.
     *
     * @param limit a larger one fails, bytes
     */
    CompletableFuture<Content> get(Bucket bucket, String key, int limit);

    /**
     * Names of objects in ascending order of their bytes.
     *
     * @param prefix what they begin with
     * @param after only names behind this one
     * @param most how many, at most 1000
     */
    CompletableFuture<Listing> list(Bucket bucket, String prefix, String after, int most);

    /**
     * A bucket and how to reach it.
     *
     * @param url base of the service, empty for Amazon's in the region
     * @param region for signatures
     * @param name of the bucket
     * @param pathStyle whether its name is part of the path and not of the host
     * @param accessKey who asks
     * @param secretKey what they prove it with
     */
    record Bucket(String url, String region, String name, boolean pathStyle, String accessKey, String secretKey) {
        @Override
        public String toString() { // never print the secret
            return "Bucket[url=" + url + ", region=" + region + ", name=" + name + "]";
        }
    }

    /** What the other side made of it. */
    enum Outcome {
        /** Done. */
        DONE,
        /** It does not know who asks, or the signature is not theirs. */
        BAD_CREDENTIALS,
        /** Who asks may not do this. */
        DENIED,
        /** There is no such bucket. */
        NO_BUCKET,
        /** The bucket is in another region. */
        OTHER_REGION,
        /** No bucket can have such a name. */
        BAD_BUCKET,
        /** There is no such object. */
        NO_OBJECT,
        /** Not reached, or it failed: may be better later. */
        FAILED,
        /** The address is one that we do not speak to. */
        FORBIDDEN
    }

    /**
     * An answer.
     *
     * @param outcome what became of it
     * @param reason in words for people, without secrets, empty when done
     */
    record Answer(Outcome outcome, String reason) {
        /** Done. */
        public static final Answer DONE = new Answer(Outcome.DONE, "");
    }

    /**
     * What was read.
     *
     * @param answer how it went
     * @param content the object when it is done, else empty
     */
    record Content(Answer answer, byte[] content) { }

    /**
     * What is there.
     *
     * @param answer how it went
     * @param keys names of objects
     */
    record Listing(Answer answer, List<String> keys) {
        public Listing {
            keys = List.copyOf(keys);
        }
    }
}
