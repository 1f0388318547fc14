package org.memphisee.core.errand;

/** What becomes of an errand of another node. One of these is said, once, on any thread. */
public interface ErrandReply {

    /** It was done; its answer as it is written. */
    void answered(byte[] answer);

    /** It was not done; why, in words for people. */
    void refused(String why);

    /** The partition is not decided about here. */
    void elsewhere();

    /** It met a defect. */
    void failed(String what);
}
