package org.memphisee.dashboard.live;

import java.util.Map;

/**
 * What the last look at the broker gave, as viewers take it. The boards live on; the rest is one moment.
 *
 * @param number counts samples, from 1
 * @param atMillis when it was taken, since the epoch
 * @param overview figures of the broker as JSON
 * @param history the throughput before, as JSON
 * @param stations rows of all stations
 * @param tasks rows of the tasks that run and the last that ended
 * @param notices rows of the notices that are kept
 * @param groups rows of the groups of those stations that somebody looks at, by name of the station
 */
record Sample(long number, long atMillis, String overview, String history, Board stations, Board tasks, Board notices,
              Map<String, Board> groups) { }
