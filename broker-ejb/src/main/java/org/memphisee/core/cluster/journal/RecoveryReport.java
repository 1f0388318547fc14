package org.memphisee.core.cluster.journal;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What opening a journal found.
 *
 * @param damages what is damaged or missing, in order; empty when all is well
 * @param rebuild groups that lost something by that, and what: they take nothing until they are begun again
 * @param cut where the last sync group was cut because it was torn, or looked so: nobody was answered for it, unless it was
 *     damaged within the last moments before the end
 * @param records records that were read
 */
public record RecoveryReport(List<String> damages, Map<Long, String> rebuild, Optional<String> cut, long records) {
    public RecoveryReport {
        damages = List.copyOf(damages);
        rebuild = Map.copyOf(rebuild);
    }
}
