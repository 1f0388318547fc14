package org.memphisee.core.stations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.Beginning;
import org.memphisee.core.control.Authors;
import org.memphisee.core.control.ControlFixture;
import org.memphisee.core.control.FakeApi;
import org.memphisee.core.control.FakeSystemLog;
import org.memphisee.core.control.PlaneFixture;

class DefaultContentTest {

    private final FakeSystemLog log = new FakeSystemLog();
    private PlaneFixture plane;

    @AfterEach
    void stop() {
        plane.close();
    }

    private StationAdministration start(boolean wanted) {
        plane = new PlaneFixture(log, ControlFixture.settings(), new Beginning(List.of(), wanted));
        return plane.plane.memphis().administration();
    }

    private List<String> names(StationAdministration stations) {
        return FakeApi.await(stations.queries().list()).stream().map(StationView::name).toList();
    }

    @Test
    void shouldMakeAStationWithItsSchemaAtTheFirstStart() {
        StationView station = FakeApi.await(start(true).queries().find("default")).orElseThrow();
        assertEquals("root", station.createdBy());
        assertTrue(station.dlsPoison() && station.dlsSchemaverse());
        assertEquals(List.of(Tag.DEFAULT), station.tags());
        assertEquals(List.of(1), station.partitions());
        StationSchema pinned = FakeApi.await(plane.plane.memphis().schemas().ofStation(station.id())).orElseThrow();
        assertEquals("demo-schema", pinned.name());
        assertEquals(1, pinned.version());
        assertEquals(1, plane.checks.size());
    }

    @Test
    void shouldMakeNothingUnlessItIsWanted() {
        assertEquals(List.of(), names(start(false)));
        plane.close();
        assertEquals(List.of(), names(start(true))); // root is there: the installation is not new any more
    }

    @Test
    void shouldNotComeBackAfterItWasRemoved() {
        StationAdministration stations = start(true);
        FakeApi.await(stations.remove(Authors.of("root"), List.of("default")));
        plane.close();
        assertEquals(List.of(), names(start(true)));
    }
}
