package org.memphisee.core.routing;

/**
 * How a broker talks to other nodes about its clients' messages.
 *
 * @param settings limits and times
 * @param report told what an operator should know
 * @param budget bytes of client data on their way to all nodes together, above which clients are not read
 */
public record RoutesOptions(RoutesSettings settings, RoutesReport report, long budget) { }
