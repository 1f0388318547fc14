package org.memphisee.gateway.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestRouteTest {

    private static Optional<RestRoute> of(String path) {
        return RestRoute.of(RestRoute.normal(path), false);
    }

    @ParameterizedTest
    @CsvSource({"/stations/a/produce/single,PRODUCE,a", "/Stations/A/PRODUCE/Single/,PRODUCE,A",
        "/stations/a/produce/batch,PRODUCE_BATCH,a", "/stations/a.b/consume/batch,CONSUME,a.b",
        "/stations/a/consume/ack,ACKNOWLEDGE,a", "/stations/a/consume/nack,REFUSE,a", "/AUTH/Authenticate/,AUTHENTICATE,''",
        "/auth/refreshToken,REFRESH,''", "/monitoring/status,STATUS,''", "/stations/a%2Fb/produce/single,PRODUCE,a/b",
        "/stations/%C3%A4+/produce/single,PRODUCE,ä+", "/%61uth/authenticate,AUTHENTICATE,''",
        "/stations/a;v=1/produce/single,PRODUCE,a;v=1"})
    void shouldFindTheOperationAndDecodeTheStation(String path, RestRoute.Operation operation, String station) {
        assertEquals(Optional.of(new RestRoute(operation, station)), of(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "", "*", "/stations", "/stations/", "/stations//produce/single", "/stations/a/produce",
        "/stations/a/produce/single/x", "/stations/a/b/produce/single", "//auth/authenticate",
        "/monitoring/getResourcesUtilization", "/api/status"})
    void shouldKnowNothingElse(String path) {
        assertEquals(Optional.empty(), of(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/stations/%zz/produce/single", "/stations/a/produce/%", "/%2", "/stations/%2/produce/single"})
    void shouldRefuseWhatIsBadlyEncoded(String path) {
        assertEquals(400, assertThrows(Rejection.class, () -> of(path)).answer().status());
    }

    @Test
    void shouldShowTheProcessOnlyWhenAllowed() {
        assertEquals(RestRoute.Operation.RESOURCES,
            RestRoute.of("/monitoring/getresourcesutilization", true).orElseThrow().operation());
    }

    @ParameterizedTest
    @CsvSource({"/a?b=c,/a?b=c", "http://host:4444/a?b,/a?b", "HTTPS://host,/", "http://host?x=1,/?x=1", "httpx,httpx",
        "*,*", "host:443,host:443"})
    void shouldForgetTheServerInATarget(String target, String local) {
        assertEquals(local, RequestTarget.local(target));
    }
}
