package org.memphisee.client;

/** A key that shows who connects to servers that know its public part: what they say at random is signed with it. Any thread. */
public interface KeyProof {

    /** The public part, as servers name it. */
    String publicKey();

    /** What an operator or account signed for the key, a JWT; empty for a server that knows the key itself. */
    String token();

    /** The signature. */
    byte[] sign(byte[] nonce);
}
