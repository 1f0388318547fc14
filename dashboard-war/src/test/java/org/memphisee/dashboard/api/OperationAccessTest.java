package org.memphisee.dashboard.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import org.memphisee.dashboard.api.Operation.Access;

/** Who may call which operation was decided for each of them: one that is new is not listed yet, and fails here. */
class OperationAccessTest {

    private static final List<Operation> OPERATIONS = ManagementDocumentTest.operations();

    private static String line(Operation operation) {
        return operation.access() + " " + operation.method() + " " + operation.path();
    }

    @Test
    void shouldHaveDecidedForEachOperationWhoMayCallIt() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("src/test/resources/operation-access.txt"))) {
            List<String> decided = lines.filter(line -> !line.isBlank() && !line.startsWith("#")).sorted().toList();
            assertEquals(String.join("\n", decided), OPERATIONS.stream().map(OperationAccessTest::line).sorted()
                .collect(Collectors.joining("\n")));
        }
    }

    @Test
    void shouldChangeNothingWhereItOnlyLooks() {
        assertEquals(List.of(), OPERATIONS.stream().filter(operation -> operation.method().equals("GET")
            && (operation.access() == Access.CHANGE || operation.access() == Access.OWN)).map(OperationAccessTest::line).toList());
    }
}
