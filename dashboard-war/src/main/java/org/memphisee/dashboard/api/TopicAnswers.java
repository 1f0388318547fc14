package org.memphisee.dashboard.api;

import java.lang.System.Logger.Level;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.access.User;
import org.memphisee.core.notices.Notice;
import org.memphisee.core.topics.TopicSource;
import org.memphisee.ejb.BrokerEngine;
import org.memphisee.ejb.BrokerStatus;

/**
 * What dashboards of Memphis follow, as this API answers the same question (management-api.md 14.3). Who follows topics sees
 * everything, so that all of them are answered as to root.
 */
final class TopicAnswers implements TopicSource {

    private static final System.Logger LOG = System.getLogger(TopicAnswers.class.getName());
    private static final String NOTICES = "get_system_messages";
    private static final String STATION = "station_overview_data";
    private static final String LETTER = "poison_message_journey_data";
    private static final String LINES = "syslogs_data";
    private static final String FUNCTIONS_OF = "get_functions_overview";
    private static final Set<String> WORDS = Set.of("main_overview_data", "get_all_stations_data", "get_all_schema_data",
        NOTICES, "get_async_tasks", "get_all_functions", "get_graph_overview");
    /** A list is cut in half so often at most: from the longest there is to nothing. */
    private static final int MOST_CUTS = 14;

    private final BrokerStatus status;
    private final Map<String, Map<String, Operation>> operations;
    /** The last notice that was told; of the one thread that asks. */
    private long lastNotice = -1;

    /** A topic's word, what it is about, and its last part. */
    private record Topic(String word, String subject, String last) {

        static Topic of(String topic) {
            int first = topic.indexOf('.');
            int last = topic.lastIndexOf('.');
            return first < 0 ? new Topic(topic, "", "") : first == last ? new Topic(topic.substring(0, first),
                topic.substring(first + 1), "") : new Topic(topic.substring(0, first), topic.substring(first + 1, last),
                    topic.substring(last + 1));
        }
    }

    TopicAnswers(BrokerStatus status, Map<String, Map<String, Operation>> operations) {
        this.status = status;
        this.operations = operations;
    }

    @Override
    public boolean known(String topic) {
        Topic t = Topic.of(topic);
        return WORDS.contains(topic) || t.word().equals(LINES) || t.word().equals(LETTER) && t.subject().matches("\\d{1,18}")
            && t.last().isEmpty() || (t.word().equals(STATION) || t.word().equals(FUNCTIONS_OF)) && !t.subject().isEmpty()
            && t.last().matches("-1|[1-9]\\d{0,8}");
    }

    @Override
    public Optional<byte[]> now(String topic, int maxBytes) {
        try {
            return status.engine().map(engine -> fitting(answer(engine, Topic.of(topic)), maxBytes));
        } catch (ApiFailure gone) {
            LOG.log(Level.DEBUG, () -> "nothing is told about " + topic + ": " + gone.getMessage());
            return Optional.empty();
        }
    }

    private JsonNode answer(BrokerEngine engine, Topic topic) {
        return switch (topic.word()) {
            case "main_overview_data" -> ask(engine, "monitoring/getMainOverviewData", "");
            case STATION -> ask(engine, "monitoring/getStationOverviewData", "station_name=" + encoded(topic.subject())
                + "&partition_number=" + topic.last());
            case LETTER -> ask(engine, "stations/getPoisonMessageJourney", "message_id=" + topic.subject());
            case "get_all_stations_data" -> ask(engine, "stations/getStations", "").get("stations");
            case "get_all_schema_data" -> ask(engine, "schemas/getAllSchemas", "");
            case LINES -> lines(engine, topic);
            case NOTICES -> notices(engine);
            case "get_async_tasks" -> ask(engine, "asyncTasks/getAsyncTasks", "").get("async_tasks");
            case "get_graph_overview" -> ask(engine, "monitoring/getGraphOverview", "");
            case FUNCTIONS_OF -> Texts.object();
            default -> functions(ask(engine, "functions/getAllFunctions", ""));
        };
    }

    /** Level and source may be left out; then they are all that clients see, of all sources. */
    private JsonNode lines(BrokerEngine engine, Topic topic) {
        boolean named = !topic.last().isEmpty();
        String level = named ? topic.subject() : topic.subject().isEmpty() ? "external" : topic.subject();
        return ask(engine, "monitoring/getSystemLogs", "log_type=" + encoded(level) + "&log_source=" + encoded(topic.last()) + "&start_index=-1");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** What has happened since the last time; the first time that is nothing. */
    private JsonNode notices(BrokerEngine engine) {
        ArrayNode answer = Texts.array();
        long before = lastNotice;
        for (Notice notice : engine.notices().newerThan(Math.max(0, before))) {
            lastNotice = Math.max(lastNotice, notice.id());
            if (before >= 0) {
                answer.add(TaskOperations.json(notice));
            }
        }
        lastNotice = Math.max(0, lastNotice);
        return answer;
    }

    private static JsonNode functions(JsonNode answer) {
        ObjectNode functions = Texts.object();
        functions.set("installed_functions", answer.get("installed"));
        functions.set("other_functions", answer.get("other"));
        functions.set("scm_integrated", answer.get("scm_integrated"));
        return functions.set("connected_repos", answer.get("connected_repos"));
    }

    private JsonNode ask(BrokerEngine engine, String path, String query) {
        User root = engine.users().find("root").orElseThrow(ApiFailure::unauthorized);
        Call call = Call.ofServer(engine, status.settings().orElseThrow(ApiFailure::unauthorized), root, query);
        try {
            return operations.get(path).get("GET").handler().handle(call);
        } catch (ApiFailure failure) {
            throw failure;
        } catch (RuntimeException e) {
            throw Waiting.answer(e);
        }
    }

    /** As a message; of what is too large the lists are cut in half, the longest first, until it fits; what is newest stays. */
    static byte[] fitting(JsonNode answer, int maxBytes) {
        byte[] bytes = bytes(answer);
        JsonNode newestLast = answer.path("messages");
        for (int cut = 0; bytes.length > maxBytes && cut < MOST_CUTS; cut++) {
            lists(answer).forEach(list -> {
                for (int rest = list.size() / 2; list.size() > rest;) {
                    list.remove(list == newestLast ? 0 : list.size() - 1);
                }
            });
            bytes = bytes(answer);
        }
        return bytes;
    }

    private static Iterable<ArrayNode> lists(JsonNode answer) {
        if (answer instanceof ArrayNode list) {
            return Set.of(list);
        }
        int longest = StreamSupport.stream(answer.spliterator(), false).filter(JsonNode::isArray).mapToInt(JsonNode::size).max()
            .orElse(0);
        return StreamSupport.stream(answer.spliterator(), false).filter(node -> node.isArray() && node.size() * 2 > longest)
            .map(ArrayNode.class::cast).toList();
    }

    private static byte[] bytes(JsonNode answer) {
        return answer.toString().getBytes(StandardCharsets.UTF_8);
    }
}
