package org.memphisee.ejb;

import java.util.ArrayList;
import java.util.List;

import org.memphisee.ejb.Problem.Part;

/** Finds what is wrong with a running broker. Thread-safe. */
final class Readiness {

    /** So long a database may be away before anybody needs to know: a restart of it is no reason to move clients. */
    static final long METADATA_SECONDS = 10;

    private Readiness() { }

    /** Everything, the gravest first. */
    static List<Problem> problems(BrokerEngine engine, HttpPorts ports, MetadataHealth metadata) {
        List<Problem> problems = new ArrayList<>();
        if (!engine.listening()) {
            problems.add(new Problem(Part.LISTENERS, "the client port is not open"));
        }
        ports.silent().forEach(port -> problems.add(new Problem(Part.LISTENERS, "port " + port + " is not open")));
        if (engine.storageFull()) {
            problems.add(new Problem(Part.STORAGE_SPACE,
                "publishes are refused: the disk or the store's budget is nearly full"));
        }
        engine.clusterProblem().ifPresent(problem -> problems.add(new Problem(Part.CLUSTER, problem)));
        engine.streamFaults().forEach((stream, fault) -> problems.add(new Problem(Part.STREAMS, stream, fault)));
        if (metadata.required() && metadata.settled() && metadata.unavailableSeconds() > METADATA_SECONDS) {
            problems.add(new Problem(Part.METADATA, "the metadata database has been out of reach for "
                + metadata.unavailableSeconds() + " s"));
        }
        return problems;
    }
}
