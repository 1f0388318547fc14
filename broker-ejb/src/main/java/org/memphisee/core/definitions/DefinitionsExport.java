package org.memphisee.core.definitions;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.memphisee.core.access.User;
import org.memphisee.core.access.Users;
import org.memphisee.core.control.Definitions;
import org.memphisee.core.control.SchemaDefinition;
import org.memphisee.core.control.StationDefinition;
import org.memphisee.core.control.SystemEvent.GroupDefined;
import org.memphisee.core.control.SystemEvent.StationCreated;
import org.memphisee.core.letters.RetryPolicy;
import org.memphisee.core.settings.RuntimeSetting;
import org.memphisee.core.stations.GroupRequest;
import org.memphisee.core.stations.StationRequest;
import org.memphisee.core.stations.StationSchemas;
import org.memphisee.core.stations.Tag;

/** Takes a document out of the definitions of one moment. Control loop only. */
final class DefinitionsExport {

    private static final Set<String> SETTINGS =
        Arrays.stream(RuntimeSetting.values()).map(RuntimeSetting::key).collect(Collectors.toSet());

    private final Definitions definitions;
    private final Users users;

    DefinitionsExport(Definitions definitions, Users users) {
        this.definitions = definitions;
        this.users = users;
    }

    /**
     * The document.
     *
     * @param withHashes whether users come with the hashes of their passwords
     */
    DefinitionsDocument document(boolean withHashes) {
        TreeMap<String, String> settings = new TreeMap<>(definitions.settings());
        settings.keySet().retainAll(SETTINGS);
        return new DefinitionsDocument(settings,
            users.list().stream().filter(user -> !user.name().equals(Users.ROOT)).map(user -> user(user, withHashes)).toList(),
            definitions.tags().all().stream().map(tag -> new Tag(tag.name(), tag.color())).toList(),
            definitions.schemas().all().stream().map(DefinitionsExport::schema).toList(),
            definitions.stations().map(this::station).toList(),
            definitions.integrations().all().stream().map(i -> new IntegrationItem(i.name(), i.keys(), i.on())).toList());
    }

    private UserItem user(User user, boolean withHash) {
        return new UserItem(user.name(), user.type(), user.role(), user.profile(), user.patterns(),
            withHash ? definitions.user(user.name()).orElseThrow().passwordHash() : "", "");
    }

    private static SchemaItem schema(SchemaDefinition schema) {
        return new SchemaItem(schema.name(), schema.type(), schema.compatibility(), tags(schema.tags(), schema.tagColors()),
            schema.active(), schema.versions().stream()
                .map(v -> new SchemaItem.Version(v.text().content(), v.text().messageName())).toList());
    }

    private StationItem station(StationDefinition station) {
        StationCreated s = station.created();
        StationRequest request = new StationRequest(s.name(), s.retentionType(), s.retentionValue(), s.storage(), s.replicas(),
            s.idempotencyWindowMillis(), s.partitionIds().size(), s.dlsPoison(), s.dlsSchemaverse(), s.dlsStation(),
            s.tieredStorage(), s.config().durability(), tags(s.tags(), s.tagColors()));
        Optional<StationItem.Pin> pin = StationSchemas.of(definitions, station.id()).map(pinned ->
            new StationItem.Pin(pinned.schema().name(), pinned.version().number(), pinned.enforcement()));
        Optional<RetryPolicy> retry = Optional.of(definitions.retries().of(station.id())).filter(policy -> !policy.none());
        return new StationItem(request, pin, retry, definitions.groups(station.id()).values().stream().map(DefinitionsExport::group)
            .toList());
    }

    private static GroupRequest group(GroupDefined group) {
        return new GroupRequest(group.name(), group.maxAckTimeMillis(), group.maxDeliveries(), group.startFromSequence(),
            group.lastMessages());
    }

    private static List<Tag> tags(List<String> names, Map<String, String> colors) {
        return names.stream().map(name -> Tag.stored(name, colors.get(name))).toList();
    }
}
