package org.memphisee.dashboard.api;

import java.util.Set;
import java.util.stream.Collectors;

import org.memphisee.core.deadletters.DeadLetters;
import org.memphisee.core.stations.StationView;
import org.memphisee.core.tasks.TaskView;

/**
 * What answers about stations say besides the stations themselves. One moment's state; immutable.
 *
 * @param tier whether there is an integration for tiered storage: only then a station is shown as having it (F-023)
 * @param resending stations whose dead letters are all being sent again (M-027)
 */
record StationMoment(boolean tier, Set<String> resending) {

    static StationMoment of(Call call) {
        return new StationMoment(call.engine().integrations().find("s3").isPresent(), call.engine().tasks().list().stream()
            .filter(task -> task.kind().equals(DeadLetters.RESEND_ALL) && task.state() == TaskView.State.RUNNING)
            .map(TaskView::station).collect(Collectors.toUnmodifiableSet()));
    }

    boolean tiered(StationView station) {
        return tier && station.tieredStorage();
    }

    boolean resending(StationView station) {
        return resending.contains(station.name());
    }
}
