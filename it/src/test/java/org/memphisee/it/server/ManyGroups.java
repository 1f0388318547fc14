package org.memphisee.it.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.RawConnection;

/** A station with many partitions and some groups on each, and scrapes of their series. */
final class ManyGroups {
    static final int GROUPS = 5;

    private final BrokerProcess broker;
    private final int partitions;
    private final String station = "scrape" + Long.toHexString(System.nanoTime());

    ManyGroups(BrokerProcess broker, int partitions) {
        this.broker = broker;
        this.partitions = partitions;
    }

    String station() {
        return station;
    }

    /** Subject of one of its partitions, in turn. */
    String subject(long turn) {
        return station + '$' + (1 + turn % partitions) + ".final";
    }

    void create(RawConnection client) throws IOException {
        String answer = client.request("$memphis_station_creations", "{\"name\":\"" + station
                + "\",\"retention_type\":\"messages\",\"retention_value\":100000,\"storage_type\":\"file\","
                + "\"replicas\":1,\"idempotency_window_in_ms\":0,\"dls_configuration\":{\"poison\":true,"
                + "\"schemaverse\":true},\"username\":\"root\",\"partitions_number\":" + partitions + "}");
        if (!answer.isEmpty()) {
            throw new IOException(answer);
        }
        for (int group = 0; group < GROUPS; group++) {
            for (int p = 1; p <= partitions; p++) {
                String stream = station + '$' + p;
                client.request("$JS.API.CONSUMER.CREATE." + stream + ".g" + group, "{\"stream_name\":\"" + stream
                        + "\",\"config\":{\"name\":\"g" + group + "\",\"durable_name\":\"g" + group
                        + "\",\"ack_policy\":\"explicit\"}}");
            }
        }
    }

    void destroy(RawConnection client) throws IOException {
        client.request("$memphis_station_destructions", "{\"station_name\":\"" + station + "\",\"username\":\"root\"}");
    }

    /** All series in plain text. */
    String scrape() throws IOException {
        try (InputStream in = open(false).getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** All series, packed as a scraper asks for them; bytes of the answer. */
    long scrapePacked() throws IOException {
        try (InputStream in = open(true).getInputStream()) {
            return in.transferTo(java.io.OutputStream.nullOutputStream());
        }
    }

    private HttpURLConnection open(boolean packed) throws IOException {
        HttpURLConnection http = (HttpURLConnection) URI.create("http://" + broker.host() + ':'
                + broker.ports().metrics() + "/metrics").toURL().openConnection();
        http.setReadTimeout(60_000);
        if (packed) {
            http.setRequestProperty("Accept-Encoding", "gzip");
        }
        return http;
    }
}
