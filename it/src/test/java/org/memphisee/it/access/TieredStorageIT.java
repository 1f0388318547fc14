package org.memphisee.it.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.it.access.Management.assertShowable;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Eventually;
import org.memphisee.it.support.NodePrograms;

/**
 * F-149 to F-153, F-156: tiered storage against a server that speaks S3 and checks signatures, with a broker that dies meanwhile.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class TieredStorageIT {
    private static final String SECRET = "S3RVER";

    @TempDir
    Path objects;
    private final BrokerProcess broker = BrokerProcess.prepared();
    private Process store;

    @AfterEach
    void stop() {
        broker.close();
        if (store != null) {
            store.destroyForcibly();
        }
    }

    private String startStore() throws IOException, InterruptedException {
        Path programs = Path.of("clients", "s3").toAbsolutePath();
        Assumptions.assumeTrue(NodePrograms.available(programs, List.of("s3rver", "aws4")),
            "skipped: node or its packages are missing");
        store = new ProcessBuilder("node", "server.mjs", objects.toString(), "archive").directory(programs.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        return new BufferedReader(new InputStreamReader(store.getInputStream(), StandardCharsets.UTF_8)).readLine();
    }

    private void launch() {
        broker.launch(Map.of("MEMPHISEE_INTEGRATIONS_PRIVATE", "true"));
        broker.awaitReady();
    }

    private static String integration(String port, String bucket, String secret) {
        return "{'name':'s3','ui_url':'http://localhost:9000','properties':{},'keys':{'access_key':'S3RVER','secret_key':'"
            + secret
            + "','bucket_name':'" + bucket + "','region':'us-east-1','url':'http://127.0.0.1:" + port
                + "','s3_path_style':'true'}}";
    }

    private void publish(int from, int to) throws Exception {
        try (Connection connection = Nats.connect(Options.builder().server("nats://localhost:" + broker.clientPort())
            .userInfo("root", "memphis").connectionTimeout(Duration.ofSeconds(30)).build())) {
            for (int i = from; i <= to; i++) {
                connection.jetStream().publish("orders$1.final", ("payload " + i).getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private List<String> stored() {
        try (Stream<Path> files = Files.walk(objects)) {
            return files.filter(Files::isRegularFile).filter(file -> file.toString().contains("orders$1")
                && file.toString().contains(".json"))
                .map(file -> {
                    try {
                        return Files.readString(file);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hex(int i) {
        return HexFormat.of().formatHex(("payload " + i).getBytes(StandardCharsets.UTF_8));
    }

    private boolean everywhere(int from, int to) {
        String all = String.join("", stored());
        for (int i = from; i <= to; i++) {
            if (!all.contains("\"payload\":\"" + hex(i) + '"')) {
                return false;
            }
        }
        return true;
    }

    @Test
    void shouldBringWhatLeavesAStationIntoTheBucketAndBack() throws Exception {
        String port = startStore();
        launch();
        Management root = Management.root(broker);
        assertShowable("invalid access key or secret key", root.post("integrations/createIntegration", integration(port,
            "archive", "wrong")));
        assertShowable("bucket does not exist", root.post("integrations/createIntegration", integration(port, "nowhere",
            SECRET)));
        Management.Answer made = root.post("integrations/createIntegration", integration(port, "archive", SECRET));
        assertEquals(200, made.code(), made.body());
        assertTrue(made.body().contains("\"secret_key\":\"****\""), "too short to show any of it: " + made.body());
        Management.Answer station = root.post("stations/createStation",
            "{'name':'orders','retention_type':'messages','retention_value':10,'tiered_storage_enabled':true}");
        assertTrue(station.body().contains("\"tiered_storage_enabled\":true"), station.body());

        publish(1, 30);
        Eventually.await("the oldest are in the bucket", () -> everywhere(1, 20));
        Eventually.await("and not in the station", () ->
            root.get("stations/getStations").body().contains("\"total_messages\":10,"));
        String path = "stations/getMessageDetails?station_name=orders&is_dls_message=false&partition_number=1&message_id=-1&message_seq=";
        assertTrue(root.get(path + 7).body().contains(hex(7)), root.get(path + 7).body());
        assertTrue(root.get(path + 25).body().contains(hex(25)));

        publish(31, 60);
        broker.kill(); // before the next upload, after it, or in the middle of it
        launch();
        Management again = Management.root(broker);
        publish(61, 70);
        Eventually.await("all are in the bucket", () -> everywhere(1, 60));
        Eventually.await("and ten in the station", () ->
            again.get("stations/getStations").body().contains("\"total_messages\":10,"));
        for (int i : new int[] {1, 20, 21, 40, 60, 61, 70}) {
            assertTrue(again.get(path + i).body().contains(hex(i)), i + ": " + again.get(path + i).body());
        }
        assertTrue(again.get("integrations/getIntegrationDetails?name=s3").body().contains("\"is_valid\":true"));
        String metrics = broker.http(broker.ports().metrics(), "/metrics").body();
        assertTrue(metrics.lines().anyMatch(line ->
            line.matches("memphis_tiered_storage_uploads_total\\{.*result=\"success\".*} [1-9].*")), metrics);
        assertTrue(metrics.lines().anyMatch(line -> line.matches("memphis_tiered_storage_lost_messages_total.* 0(\\.0)?")),
            metrics);

        store.destroyForcibly().waitFor();
        assertShowable("The storage could not be reached: nobody listens there", again.post("v2/integrations/test",
            "{'name':'s3'}"));
        assertEquals(200, again.call("DELETE", "integrations/disconnectIntegration", "{'name':'s3'}").code());
        assertTrue(again.get("stations/getStation?station_name=orders").body().contains("\"tiered_storage_enabled\":false"));
    }
}
