package org.memphisee.core.tasks;

import java.util.Map;

/**
 * What a task's work is told with each step. Immutable.
 *
 * @param id number of the task
 * @param station the station it is about, empty for none
 * @param user who began it
 * @param arguments what it was told
 * @param done parts that are done
 * @param total parts altogether, 0 while nobody knows
 * @param data what it remembered with the step before, or with the last that was stored before a restart
 */
public record TaskState(long id, String station, String user, Map<String, String> arguments, long done, long total,
                        Map<String, String> data) { }
