package org.memphisee.core.definitions;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import org.memphisee.core.access.AccessRefusal;
import org.memphisee.core.access.NewUser;
import org.memphisee.core.access.PermissionPatterns;
import org.memphisee.core.access.UserImport;
import org.memphisee.core.access.UserProfile;
import org.memphisee.core.letters.RetryPolicy;
import org.memphisee.core.schema.Compatibility;
import org.memphisee.core.schema.Enforcement;
import org.memphisee.core.schema.SchemaType;
import org.memphisee.core.stations.GroupRequest;
import org.memphisee.core.stations.RequestRefusal;
import org.memphisee.core.stations.StationNames;
import org.memphisee.core.stations.StationOrder;
import org.memphisee.core.stations.StationRequest;
import org.memphisee.core.stations.Tag;

/**
 * Reads a document whole or not at all. What it costs is bounded before anything is built of it: {@value #MAX_BYTES} bytes,
 * {@value #MAX_TOKENS} tokens of JSON (some 50 MiB of memory), {@value #MAX_DEPTH} levels. Any thread.
 */
public final class DocumentReader {

    /** A document's size at most. */
    public static final int MAX_BYTES = 16 << 20;
    static final int MAX_TOKENS = 500_000;
    static final int MAX_DEPTH = 10;

    private static final int MAX_NAME = 1_000;
    private static final int MAX_TAG = 20;
    private static final int MAX_INTEGRATION_KEYS = 10;
    private static final long DEFAULT_PARTITIONS = 1;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder().streamReadConstraints(
        StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).maxTokenCount(MAX_TOKENS).maxNameLength(MAX_NAME)
            .maxStringLength(MAX_BYTES).build()).enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private final int maxPartitions;
    private final Problems problems = new Problems();

    private DocumentReader(int maxPartitions) {
        this.maxPartitions = maxPartitions;
    }

    /**
     * Reads a document.
     *
     * @param maxPartitions partitions of a station at most
     * @throws DocumentRefusal it is none, too large, of a newer format, or something in it breaks a rule
     */
    public static DefinitionsDocument read(byte[] bytes, int maxPartitions) {
        return new DocumentReader(maxPartitions).document(tree(bytes));
    }

    private static JsonNode tree(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw refusal("larger than " + (MAX_BYTES >> 20) + " MiB; split it, each part is a document of its own");
        }
        try {
            JsonNode node = MAPPER.readTree(bytes);
            if (node == null || !node.isObject()) {
                throw refusal("no JSON object");
            }
            return node;
        } catch (StreamConstraintsException e) {
            throw refusal("deeper or larger than definitions are: " + e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            throw refusal("no JSON: " + e.getOriginalMessage() + (e.getLocation() == null ? "" : " (line "
                + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr() + ")"));
        } catch (IOException e) {
            throw refusal("no JSON: " + e.getMessage());
        }
    }

    private static DocumentRefusal refusal(String why) {
        return new DocumentRefusal("The document is " + (why.length() <= 300 ? why : why.substring(0, 300)), List.of());
    }

    private DefinitionsDocument document(JsonNode node) {
        Members root = new Members(node, "", problems);
        requireKnown(root);
        root.text("product");
        root.text("time");
        DefinitionsDocument document = new DefinitionsDocument(root.object("settings").values(),
            list(root, "users", this::user), list(root, "tags", this::tag), list(root, "schemas", this::schema),
            list(root, "stations", this::station), list(root, "integrations", this::integration));
        root.end();
        once("users", document.users().stream().map(UserItem::name).toList());
        once("tags", document.tags().stream().map(Tag::name).toList());
        once("schemas", document.schemas().stream().map(SchemaItem::name).toList());
        once("stations", document.stations().stream().map(StationItem::name).toList());
        once("integrations", document.integrations().stream().map(IntegrationItem::name).toList());
        problems.refuse("The document is not valid, nothing was changed");
        return document;
    }

    private static void requireKnown(Members root) {
        if (!root.text("format").equals(DefinitionsDocument.FORMAT)) {
            throw refusal("none of definitions: /format is not \"" + DefinitionsDocument.FORMAT + "\"");
        }
        long version = root.number("version", 0);
        if (version > DefinitionsDocument.VERSION) {
            throw refusal("of version " + version + ", and this release reads up to version " + DefinitionsDocument.VERSION
                + "; use the release that made it, or a newer one");
        }
        if (version < 1) {
            throw refusal("without its version: /version has to be a number from 1 to " + DefinitionsDocument.VERSION);
        }
    }

    private interface Item<T> {
        T read(Members members);
    }

    /** All that are whole; of the others the problems. */
    private <T> List<T> list(Members root, String name, Item<T> item) {
        List<T> items = new ArrayList<>();
        for (Members members : root.objects(name)) {
            try {
                items.add(item.read(members));
            } catch (RequestRefusal | AccessRefusal refusal) {
                problems.add(members.path(), refusal.getMessage());
            }
            members.end();
        }
        return items;
    }

    private void once(String list, List<String> names) {
        Set<String> seen = new HashSet<>();
        names.stream().filter(name -> !seen.add(name)).distinct()
            .forEach(name -> problems.add("/" + list, "\"" + name + "\" is in it twice; leave one"));
    }

    private UserItem user(Members m) {
        String name = m.requiredText("name").toLowerCase(Locale.ROOT);
        UserProfile profile = new UserProfile(m.text("full_name"), m.text("team"), m.text("position"), m.text("description"),
            m.text("owner"), (int) Math.max(0, Math.min(Integer.MAX_VALUE, m.number("avatar_id", UserProfile.EMPTY.avatarId()))),
            m.flag("skip_get_started", false));
        Members permissions = m.object("permissions");
        PermissionPatterns patterns = new PermissionPatterns(permissions.texts("allow_read"), permissions.texts("allow_write"),
            permissions.texts("deny_read"), permissions.texts("deny_write"));
        permissions.end();
        String hash = m.text("password_hash");
        String password = m.text("password");
        if (!password.isEmpty() && !hash.isEmpty()) {
            problems.add(m.path(), "password and password_hash are both given; leave one");
        }
        NewUser user = UserImport.checked(new NewUser(name, m.text("type").isEmpty() ? "application" : m.text("type"), password,
            profile, patterns, m.text("role")), hash);
        return new UserItem(user.name(), user.type(), user.role(), user.profile(), user.permissions(), hash, password);
    }

    private Tag tag(Members m) {
        String name = m.requiredText("name").toLowerCase(Locale.ROOT);
        String color = m.text("color");
        if (name.length() > MAX_TAG) {
            problems.add(m.path() + "/name", "a tag has at most " + MAX_TAG + " characters");
        }
        if (!color.isEmpty() && !color.matches("\\d{1,3}, ?\\d{1,3}, ?\\d{1,3}")) {
            problems.add(m.path() + "/color", "\"R, G, B\" is needed");
        }
        return new Tag(name, !color.isEmpty() ? color : name.equals(Tag.DEFAULT.name()) ? Tag.DEFAULT.color() : Tag.DEFAULT_COLOR);
    }

    private SchemaItem schema(Members m) {
        String name = StationNames.external(StationNames.Kind.SCHEMA, m.requiredText("name"));
        SchemaType type = m.word("type", "json", SchemaType::of, "json, avro, protobuf, graphql");
        Compatibility compatibility = m.word("compatibility", "none", Compatibility::of, "none, backward, forward, full");
        List<SchemaItem.Version> versions = list(m, "versions", v -> {
            v.number("number", 0); // for people: the place in the list is what counts
            return new SchemaItem.Version(v.requiredText("content"), v.text("message_name"));
        });
        long active = m.number("active", versions.size());
        if (versions.isEmpty()) {
            problems.add(m.path() + "/versions", "at least one version is needed");
        } else if (active < 1 || active > versions.size()) {
            problems.add(m.path() + "/active", "a number from 1 to " + versions.size() + " is needed");
        }
        if (new HashSet<>(versions).size() < versions.size()) {
            problems.add(m.path() + "/versions", "two versions say the same; leave one");
        }
        return new SchemaItem(name, type, compatibility, list(m, "tags", this::tag), (int) active, versions);
    }

    private StationItem station(Members m) {
        List<Tag> tags = m.has("tags") ? list(m, "tags", this::tag) : List.of(Tag.DEFAULT);
        StationOrder order = new StationOrder(m.requiredText("name"), m.text("retention_type"), m.number("retention_value", 0),
            m.text("storage_type"), m.number("replicas", 1), m.number("partitions", DEFAULT_PARTITIONS),
            m.number("idempotency_window_ms", 0), m.flag("dls_poison", true), m.flag("dls_schemaverse", true),
            m.text("dls_station"), m.flag("tiered_storage", false), m.text("durability"), tags);
        Optional<StationItem.Pin> pin = m.has("schema") ? Optional.of(pin(m.object("schema"))) : Optional.empty();
        Optional<RetryPolicy> retry = m.has("dls_retry") ? Optional.of(retry(m.object("dls_retry"))) : Optional.empty();
        List<GroupRequest> groups = list(m, "groups", DocumentReader::group);
        Set<String> seen = new HashSet<>();
        groups.stream().map(GroupRequest::name).filter(name -> !seen.add(name))
            .forEach(name -> problems.add(m.path() + "/groups", "\"" + name + "\" is in it twice; leave one"));
        if (m.number("replicas", 1) > 1) {
            problems.add(m.path() + "/replicas", "this broker is alone and keeps one copy; write 1");
        }
        return new StationItem(StationRequest.of(order, maxPartitions), pin, retry, groups);
    }

    private static StationItem.Pin pin(Members m) {
        StationItem.Pin pin = new StationItem.Pin(StationNames.external(StationNames.Kind.SCHEMA, m.requiredText("name")),
            (int) Math.max(0, Math.min(Integer.MAX_VALUE, m.number("version", 0))),
            m.word("enforcement", "refuse", Enforcement::of, "off, warn, refuse"));
        m.end();
        return pin;
    }

    /** What it must be like in numbers is a matter of how long dead letters are kept, too: {@link PlanCheck} looks at it. */
    private static RetryPolicy retry(Members m) {
        List<Long> delays = m.numbers("delays_ms");
        long maximum = m.number("maximum", 0);
        m.end();
        return delays.isEmpty() && maximum == 0 ? RetryPolicy.NONE
            : new RetryPolicy(delays, (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, maximum)));
    }

    private static GroupRequest group(Members m) {
        return GroupRequest.of(StationNames.external(StationNames.Kind.CONSUMER, m.requiredText("name")),
            m.number("max_ack_time_ms", 0), m.number("max_deliveries", 0), m.number("start_from_sequence", 1),
            m.number("last_messages", -1));
    }

    private IntegrationItem integration(Members m) {
        String name = m.requiredText("name");
        Members keys = m.object("keys");
        IntegrationItem item = new IntegrationItem(name, keys.values(), m.texts("on"));
        if (item.keys().size() > MAX_INTEGRATION_KEYS) {
            problems.add(keys.path(), "at most " + MAX_INTEGRATION_KEYS + " members are allowed");
        }
        return item;
    }
}
