package org.memphisee.core.letters;

import java.util.List;

/**
 * What has happened to the letters of a partition since the last time somebody took it.
 *
 * @param lost whether more happened than is remembered: then all letters are to be looked at
 * @param there letters that came or look otherwise, as they are now
 * @param gone numbers of letters that went
 * @param more whether there is more to take
 */
public record LetterChanges(boolean lost, List<Letter> there, List<Long> gone, boolean more) { }
