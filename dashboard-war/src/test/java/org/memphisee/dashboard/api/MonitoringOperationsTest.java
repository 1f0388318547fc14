package org.memphisee.dashboard.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.memphisee.core.observe.FlowHistory.Step;

class MonitoringOperationsTest {

    @ParameterizedTest
    @CsvSource({"0,1000,SECOND", "0,900000,SECOND", "0,900001,TEN_SECONDS", "0,21600000,TEN_SECONDS", "0,21600001,MINUTE",
        "0,999999999999,MINUTE", "1,999999999999,SECOND", "2,1000,TEN_SECONDS", "10,1000,TEN_SECONDS", "60,1,MINUTE",
        "3600,1,MINUTE", "-5,1000,SECOND", "0,-9,SECOND"})
    void shouldTakeTheFinestStepThatReachesBackUnlessACertainOneIsWanted(long wanted, long backMillis, Step step) {
        assertEquals(step, MonitoringOperations.step(wanted, backMillis));
    }
}
