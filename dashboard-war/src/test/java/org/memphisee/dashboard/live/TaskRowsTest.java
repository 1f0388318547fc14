package org.memphisee.dashboard.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.memphisee.core.notices.Notice;
import org.memphisee.core.tasks.TaskView;
import org.memphisee.core.tasks.TaskView.State;

final class TaskRowsTest {

    private static final long MILLI = 1_000_000;

    private static String text(Map<String, String> rows) {
        return rows.toString().replace('"', '\'');
    }

    @Test
    void shouldShowHowFarTasksAre() {
        assertEquals("{7 orders={'key':'7 orders','id':7,'station':'orders','kind':'resend','title':'Resend','user':'root',"
            + "'state':'running','stopping':true,'done':3,'total':9,'reason':'','startedAt':5,'endedAt':0}}",
            text(TaskRows.tasks(List.of(new TaskView(7, "resend", "Resend", "orders", "root", 5 * MILLI + 1, 3, 9, Map.of("k", "v"),
                State.RUNNING, true, "", 0, "Resending")))));
    }

    @Test
    void shouldShowWhatPeopleAreTold() {
        assertEquals("{1 ={'key':'1 ','id':1,'station':'','kind':'error','text':'no room','page':'/tasks','startedAt':5,"
            + "'endedAt':6}}", text(TaskRows.notices(List.of(new Notice(1, Notice.Kind.ERROR, "no room", "", "/tasks", 5 * MILLI,
                6 * MILLI)))));
    }

    /** Names of stations have no space, and keys begin with a number. */
    @Test
    void shouldKnowTheStationInAKey() {
        assertEquals(List.of("1 ", "3 mine"), List.of("1 ", "2 other", "3 mine").stream()
            .filter(TaskRows.visible("mine"::equals)).toList());
    }
}
