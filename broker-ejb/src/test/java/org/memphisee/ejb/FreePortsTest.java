package org.memphisee.ejb;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.memphisee.config.BrokerSettings;

class FreePortsTest {

    private static List<ServerSocket> six() throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            sockets.add(new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")));
        }
        return sockets;
    }

    private static FreePorts ports(List<ServerSocket> s) {
        return new FreePorts(new BrokerSettings.Listen("127.0.0.1", s.get(0).getLocalPort(), s.get(1).getLocalPort(),
            s.get(2).getLocalPort(), s.get(3).getLocalPort(), s.get(4).getLocalPort(), s.get(5).getLocalPort()));
    }

    private static void closeAll(List<ServerSocket> sockets) throws IOException {
        for (ServerSocket socket : sockets) {
            socket.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"0, CLIENT", "1, WEBSOCKET", "2, GATEWAY", "3, DASHBOARD", "4, MONITOR", "5, METRICS"})
    void shouldNameThePortInUseAndItsVariable(int taken, String variable) throws IOException {
        List<ServerSocket> sockets = six();
        FreePorts ports = ports(sockets);
        ServerSocket other = sockets.remove(taken);
        closeAll(sockets);
        try (other) {
            String message = assertThrows(StartException.class, ports::require).getMessage();
            assertTrue(message.contains("Port " + other.getLocalPort()), message);
            assertTrue(message.contains("MEMPHISEE_" + variable + "_PORT"), message);
        }
    }

    @Test
    void shouldAcceptFreePorts() throws IOException {
        List<ServerSocket> sockets = six();
        FreePorts ports = ports(sockets);
        closeAll(sockets);
        assertDoesNotThrow(ports::require);
    }
}
