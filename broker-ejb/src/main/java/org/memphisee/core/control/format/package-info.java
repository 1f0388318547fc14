/**
 * How events and snapshots of definitions lie in the system log: JSON objects with a version for each type. One class per
 * family says, member by member, how its events are written and read, and what an older event meant that lacks a member.
 * So what is on the disk follows from this package alone: a member that a domain record gets is neither written nor asked for
 * before somebody decides here how it is stored.
 *
 * <p>{@link org.memphisee.core.control.format.SystemEventCodec} is the door; the control loop calls it, and at the start
 * whoever recovers. Of the rest of the control plane this package sees only what it stores. All of it is stateless and
 * thread-safe.
 */
package org.memphisee.core.control.format;
