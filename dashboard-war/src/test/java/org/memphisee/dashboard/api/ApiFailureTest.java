package org.memphisee.dashboard.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Test;

class ApiFailureTest {

    @Test
    void shouldHaveTheConfiguredStatusForTextsForPeopleOnly() {
        assertEquals(666, ApiFailure.showable("Station x does not exist").status(666));
        assertEquals(406, ApiFailure.showable("Station x does not exist").status(406));
        assertEquals(401, ApiFailure.unauthorized().status(666));
        assertEquals(400, ApiFailure.invalid(List.of(new ApiFailure.Invalid("name", "required"))).status(666));
        assertEquals(404, ApiFailure.of(ApiFailure.NOT_FOUND, "Not found").status(666));
    }
}
