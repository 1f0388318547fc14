package org.memphisee.ejb;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class ProductVersionTest {

    @Test
    void shouldBeWhatTheBuildSays() {
        String version = ProductVersion.current();
        assertTrue(version.matches("\\d+\\.\\d+\\.\\d+"), version);
    }
}
