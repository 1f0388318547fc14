package org.memphisee.dashboard.api;

import java.util.Set;

/**
 * What only the hosted edition of the reference has (management-api.md M-113, M-114): its dashboard asks for it all the same, and
 * shows the text that it gets. Thread-safe.
 */
final class HostedEdition {

    static final String TEXT = "Not available in this edition";

    private static final Set<String> PATHS = Set.of(
        "stations/createConnector", "stations/removeConnector", "stations/startConnector", "stations/stopConnector",
        "stations/getConnectorErrors", "stations/purgeConnectorErrors", "stations/getConnectorDetails", "stations/scaleConnector",
        "stations/addFunction", "stations/addFunctions", "stations/activateFunction", "stations/activateFunctions",
        "stations/deactivateFunction", "stations/deactivateFunctions", "stations/detachFunction", "stations/detachFunctions",
        "monitoring/stations/getFunctionsOverview", "monitoring/stations/getAttachedFunctionDetails",
        "monitoring/stations/getAttachedFunctionLogs", "monitoring/stations/getAttachedFunctionDlsMsgs",
        "functions/install", "functions/uninstall", "functions/getFunctionDetails", "functions/getFunctionFileCode",
        "functions/testFunction", "functions/events/getAllEvents", "functions/events/addEvent", "functions/events/deleteEvent",
        "functions/events/getEvent", "functions/events/editEvent");

    private HostedEdition() { }

    /** Whether the path, below {@code /api/}, is one of them. */
    static boolean has(String path) {
        return PATHS.contains(path);
    }
}
