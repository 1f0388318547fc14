package org.memphisee.dashboard.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ApiQueryTest {

    @Test
    void shouldTakeWhatDoesNotParseForNothing() {
        ApiQuery query = new ApiQuery("a=x%20y&a=second&n=-12&bad=12x&huge=99999999999999999999&t=true&u=yes&z=%zz&=x&lonely&&");
        assertEquals("x y", query.text("a"));
        assertEquals(-12, query.number("n"));
        assertEquals(0, query.number("bad"));
        assertEquals(0, query.number("huge"));
        assertEquals("", query.text("z"));
        assertEquals("", query.text("lonely"));
        assertTrue(query.flag("t"));
        assertEquals(false, query.flag("u"));
        assertEquals("", new ApiQuery(null).text("a"));
    }

    @Test
    void shouldTellWhatIsMissing() {
        ApiQuery query = new ApiQuery("a=");
        query.requiredText("a");
        assertEquals("{\"message\":[{\"field\":\"a\",\"reason\":\"required\"}]}",
            assertThrows(ApiFailure.class, query::check).body().toString());
    }

    @Test
    void shouldReadABoundedNumberOfParameters() {
        assertEquals("", new ApiQuery("a=b&".repeat(100) + "c=d").text("c"));
    }
}
