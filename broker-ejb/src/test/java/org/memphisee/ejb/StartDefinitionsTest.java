package org.memphisee.ejb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.config.BrokerSettings;
import org.memphisee.config.BrokerSettings.ImportTime;
import org.memphisee.core.control.ControlFixture;
import org.memphisee.core.control.FakeApi;
import org.memphisee.core.control.FakeSystemLog;
import org.memphisee.core.control.PlaneFixture;
import org.memphisee.core.control.Authors;
import org.memphisee.core.definitions.ConflictPolicy;
import org.memphisee.run.ExitStatus;

class StartDefinitionsTest {

    private static final String FORMAT = "{\"format\":\"memphisee.definitions\",\"version\":1,";

    @TempDir
    private Path directory;

    private PlaneFixture plane = new PlaneFixture();

    @AfterEach
    void stop() {
        plane.close();
    }

    private Path file(String members) throws Exception {
        return Files.writeString(directory.resolve("definitions.json"), FORMAT + members.replace('\'', '"') + "}");
    }

    private void start(Path file, ImportTime time, ConflictPolicy policy) throws Exception {
        new StartDefinitions(plane.plane.transfer()).run(new BrokerSettings.Definitions(Optional.of(file), time, policy));
    }

    private StartException refused(Path file, ConflictPolicy policy) {
        StartException refused = assertThrows(StartException.class, () -> start(file, ImportTime.ALWAYS, policy));
        assertEquals(ExitStatus.WRONG_SETTINGS, refused.status());
        assertTrue(refused.getMessage().contains("MEE0821") && refused.getMessage().contains(file.toString()), refused.getMessage());
        return refused;
    }

    private void restart() {
        FakeSystemLog log = plane.log;
        plane.close();
        plane = new PlaneFixture(log, ControlFixture.settings());
    }

    private List<String> stations() {
        return FakeApi.await(plane.plane.memphis().administration().queries().list()).stream().map(station -> station.name()).sorted().toList();
    }

    @Test
    void shouldDoNothingWithoutAFile() throws Exception {
        int before = plane.log.size();
        new StartDefinitions(plane.plane.transfer()).run(
            new BrokerSettings.Definitions(Optional.empty(), ImportTime.ALWAYS, ConflictPolicy.SKIP));
        assertEquals(before, plane.log.size());
    }

    @Test
    void shouldMakeWhatIsMissingAtEachStartAndNothingElse() throws Exception {
        Path file = file("'stations':[{'name':'a'},{'name':'b'}]");
        start(file, ImportTime.ALWAYS, ConflictPolicy.SKIP);
        assertEquals(List.of("a", "b"), stations());
        restart();
        int events = plane.log.size();
        start(file, ImportTime.ALWAYS, ConflictPolicy.SKIP);
        assertEquals(events, plane.log.size());
        FakeApi.await(plane.plane.memphis().administration().remove(Authors.of("root"), List.of("a")));
        restart();
        start(file, ImportTime.ALWAYS, ConflictPolicy.SKIP);
        assertEquals(List.of("a", "b"), stations());
    }

    @Test
    void shouldImportIntoAnEmptySystemOnly() throws Exception {
        Path file = file("'stations':[{'name':'a'},{'name':'b'}]");
        start(file, ImportTime.EMPTY, ConflictPolicy.SKIP);
        FakeApi.await(plane.plane.memphis().administration().remove(Authors.of("root"), List.of("a")));
        restart();
        start(file, ImportTime.EMPTY, ConflictPolicy.SKIP);
        assertEquals(List.of("b"), stations());
    }

    @Test
    void shouldEndTheStartWithTheReason() throws Exception {
        assertTrue(refused(directory.resolve("gone.json"), ConflictPolicy.SKIP).getMessage().contains("NoSuchFile"));
        assertTrue(refused(directory, ConflictPolicy.SKIP).getMessage().contains("cannot be read"));
        assertTrue(refused(file("'stations':[{'nam':'a'}]"), ConflictPolicy.SKIP).getMessage().contains("/stations/0/nam"));
        assertFalse(stations().contains("a"));
        start(file("'stations':[{'name':'a','retention_value':60}]"), ImportTime.ALWAYS, ConflictPolicy.FAIL);
        Path other = file("'stations':[{'name':'a','retention_value':61}]");
        assertTrue(refused(other, ConflictPolicy.FAIL).getMessage().contains("retention_value is 60 here and 61"));
        start(other, ImportTime.ALWAYS, ConflictPolicy.SKIP);
        start(other, ImportTime.ALWAYS, ConflictPolicy.UPDATE);
        assertEquals(61, FakeApi.await(plane.plane.memphis().administration().queries().find("a")).orElseThrow().retention().value());
    }
}
