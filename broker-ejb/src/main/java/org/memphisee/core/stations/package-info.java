/**
 * The use cases of stations: creating, changing and removing them, their groups, members and messages, as values and calls.
 * {@link org.memphisee.core.stations.Stations} and {@link org.memphisee.core.stations.Groups} hold the rules, {@link
 * org.memphisee.core.stations.Members} knows who is connected, {@link org.memphisee.core.stations.StationAdministration} is
 * for people. SDK subjects, the management API and the dashboard call them; changes run on the control loop, what is read of
 * messages on their shard.
 */
package org.memphisee.core.stations;
