package org.memphisee.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.memphisee.core.Beginning;
import org.memphisee.core.access.FirstUser;
import org.memphisee.core.settings.RuntimeDefaults;
import org.memphisee.core.settings.RuntimeSetting;

final class SettingsLoaderTest {

    private SecretDecoder decoder = SecretDecoder.NONE;

    private static final long GIB = 1L << 30;
    private static final SettingsLoader.Machine MACHINE = new SettingsLoader.Machine(6, GIB, "/home/somebody");

    @TempDir
    private Path directory;

    private final Map<String, String> container = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();

    @Test
    void shouldListenOnLoopbackWithSafeDurabilityWhenNothingIsSet() throws InvalidSettingsException {
        BrokerSettings settings = load().settings();

        assertEquals(new BrokerSettings.Listen("127.0.0.1", 6666, 7770, 4444, 9000, 8222, 7777), settings.listen());
        assertEquals(BrokerSettings.Durability.ALWAYS, settings.storage().durability());
        assertEquals(Path.of("/home/somebody/.memphis-ee/data"), settings.storage().dataDir());
        assertTrue(settings.access().wellKnownPassword());
        assertEquals(BrokerSettings.AuthMode.PASSWORD, settings.access().mode());
        assertEquals(BrokerSettings.DatabaseMode.EMBEDDED, settings.database().mode());
        assertFalse(settings.database().portChosen());
        assertEquals(1 << 20, settings.budgets().maxPayload());
        assertEquals(6, settings.budgets().shards());
        assertEquals(4, settings.budgets().ioThreads());
    }

    @Test
    void shouldTakeTheStatusThatOldClientsKnow() throws InvalidSettingsException {
        assertEquals(406, load().settings().dashboard().showableStatus());
        environment.put("MEMPHISEE_DASHBOARD_SHOWABLE_STATUS", "666");
        assertEquals(666, load().settings().dashboard().showableStatus());
    }

    @Test
    void shouldKeepRecordsOfChangesForNinetyDaysUnlessToldOtherwise() throws InvalidSettingsException {
        assertEquals(new BrokerSettings.Records(90, 64 << 20, 3), load().settings().records());
        environment.put("MEMPHISEE_AUDIT_RETENTION_DAYS", "400");
        environment.put("MEMPHISEE_AUDIT_MAX", "2MiB");
        environment.put("MEMPHISEE_ACTIVITY_RETENTION_DAYS", "1");
        assertEquals(new BrokerSettings.Records(400, 2 << 20, 1), load().settings().records());
    }

    @Test
    void shouldReadInitialUsersAtTheFirstStartOnly() throws Exception {
        assertEquals(Beginning.EMPTY, load().settings().beginning());
        Path file = directory.resolve("users.yaml");
        environment.put("MEMPHISEE_DATA_DIR", directory.toString());
        environment.put("INITIAL_CONFIG_FILE", file.toString());
        environment.put("MEMPHISEE_DEFAULT_STATION", "true");
        String missing = "memphisee.initial.users is \"" + file + "\": " + file + " cannot be read (NoSuchFileException); allowed: a file "
            + "that the server's user may read";
        assertEquals(List.of(missing), problems());
        Files.writeString(file, "users:\n  mgmt:\n  - user: anna\n    password: weak\n");
        assertEquals(1, problems().size());
        assertTrue(problems().get(0).startsWith("memphisee.initial.users is \"" + file + "\": line 3: user anna: Password must be"),
            problems()::toString);
        Files.writeString(file, "users:\n  mgmt:\n  - user: anna\n    password: Secret-1x\n");
        Beginning beginning = load().settings().beginning();
        assertEquals(List.of("anna"), beginning.users().stream().map(FirstUser::name).toList());
        assertTrue(beginning.defaultStation());
        Files.delete(file);
        Files.createDirectory(directory.resolve("log"));
        assertEquals(List.of(), load().settings().beginning().users());
    }

    @Test
    void shouldKeepMembersThatAreAwayForTwoHoursUnlessToldOtherwise() throws InvalidSettingsException {
        assertEquals(2, load().settings().storage().memberHours());
        environment.put("MEMPHISEE_MEMBER_RETENTION_HOURS", "48");
        assertEquals(48, load().settings().storage().memberHours());
    }

    @Test
    void shouldTellWhatWasConfiguredOfTheSettingsThatCanBeChanged() throws InvalidSettingsException {
        assertEquals(new RuntimeDefaults(Map.of(), 1 << 20, 8 << 20), load().settings().changeable());
        environment.put("MEMPHISEE_MEMBER_RETENTION_HOURS", "2");
        environment.put("MEMPHISEE_DEAD_LETTER_RETENTION_HOURS", "30");
        environment.put("MEMPHISEE_LOG_RETENTION_DAYS", "100");
        environment.put("MEMPHISEE_UI_HOST", "https://ui.example:9000");
        environment.put("MEMPHISEE_BROKER_HOST", "");
        environment.put("MEMPHISEE_MAX_PAYLOAD", "1025KiB");
        assertEquals(new RuntimeDefaults(Map.of(RuntimeSetting.MEMBER_HOURS, "2", RuntimeSetting.DEAD_LETTER_HOURS, "30",
            RuntimeSetting.LOG_DAYS, "100", RuntimeSetting.UI_HOST, "https://ui.example:9000", RuntimeSetting.MESSAGE_MIB, "2"),
            1025 << 10, 8 << 20), load().settings().changeable());
        environment.put("MEMPHISEE_DEAD_LETTER_RETENTION_HOURS", "31");
        environment.put("MEMPHISEE_UI_HOST", "<script>");
        assertEquals(2, problems().size(), problems().toString());
    }

    @Test
    void shouldPreferContainerToDefaultAndEnvironmentToContainer() throws InvalidSettingsException {
        container.put("memphisee.server.name", "from-server-xml");
        assertEquals("from-server-xml", load().settings().serverName());

        environment.put("MEMPHISEE_SERVER_NAME", "from-environment");
        assertEquals("from-environment", load().settings().serverName());
    }

    @Test
    void shouldPreferOurOwnVariableToTheReferences() throws InvalidSettingsException {
        environment.put("ROOT_PASSWORD", "reference");
        assertEquals("reference", load().settings().access().rootPassword());

        environment.put("MEMPHISEE_ROOT_PASSWORD", "own");
        assertEquals("own", load().settings().access().rootPassword());
    }

    @Test
    void shouldRefuseAPortThatServerXmlAndEnvironmentSayDifferently() {
        container.put("memphisee.dashboard.port", "9000");
        environment.put("MEMPHISEE_DASHBOARD_PORT", "9001");

        assertEquals(List.of("memphisee.dashboard.port is \"9000\" in server.xml and \"9001\" in the environment; allowed: "
            + "one of them"), problems());
    }

    @ParameterizedTest
    @CsvSource({"JWT_SECRET,'',set and empty", "MEMPHISEE_GATEWAY_JWT_SECRET,'',set and empty",
        "REFRESH_JWT_SECRET,refresh_JWT_secret,well-known", "JWT_SECRET_REST_GW,aaaaaaaaaaaa,well-known",
        "MEMPHISEE_DASHBOARD_JWT_REFRESH_SECRET,s3cr3t!,too short"})
    void shouldRefuseSigningSecretsThatAreNoneWithoutShowingThem(String variable, String value, String problem) {
        environment.put(variable, value);

        List<String> problems = problems();
        assertTrue(problems.stream().allMatch(p -> p.contains(".jwt.") && p.contains(problem)
            && p.contains("the broker makes one by itself")), problems.toString());
        assertFalse(problems.isEmpty());
        assertTrue(value.isEmpty() || problems.stream().noneMatch(p -> p.contains(value)), problems.toString());
    }

    @Test
    void shouldTakeTheReferencesSigningSecretsForBothDoorsUnlessTheGatewayHasItsOwn() throws InvalidSettingsException {
        assertEquals(Optional.empty(), load().settings().tokens().gatewaySecret());
        environment.put("JWT_SECRET", "a-secret-of-nobody");
        assertEquals(Optional.of("a-secret-of-nobody"), load().settings().tokens().gatewaySecret());
        assertEquals(Optional.of("a-secret-of-nobody"), load().settings().tokens().managementSecret());
        environment.put("JWT_SECRET_REST_GW", "another-secret-of-nobody");
        assertEquals(Optional.of("another-secret-of-nobody"), load().settings().tokens().gatewaySecret());
        assertTrue(load().settings().tokens().weakSecret());
        assertFalse(load().settings().toString().contains("secret-of-nobody"));
    }

    @Test
    void shouldTellTheLivesOfTheDoorsTokensApart() throws InvalidSettingsException {
        environment.put("JWT_EXPIRES_IN_MINUTES", "7");
        environment.put("REFRESH_JWT_EXPIRES_IN_MINUTES", "9");
        environment.put("MEMPHISEE_GATEWAY_JWT_ANONYMOUS", "\"True\"");
        BrokerSettings.Tokens tokens = load().settings().tokens();
        assertEquals(List.of(7, 9, 15, 2880), List.of(tokens.gatewayMinutes(), tokens.gatewayRefreshMinutes(),
            tokens.managementMinutes(), tokens.managementRefreshMinutes()));
        assertTrue(tokens.anonymousAllowed());
    }

    @Test
    void shouldReadSecretsFromFilesWithoutTheirLastLineEnd() throws IOException, InvalidSettingsException {
        Path file = Files.writeString(directory.resolve("password"), " s3cret \n");
        environment.put("ROOT_PASSWORD_FILE", file.toString());
        assertEquals(" s3cret ", load().settings().access().rootPassword());

        environment.clear();
        container.put("memphisee.root.password.file", file.toString());
        assertEquals(" s3cret ", load().settings().access().rootPassword());
    }

    @Test
    void shouldNameTheFileWhenASecretCannotBeRead() {
        environment.put("MEMPHISEE_ROOT_PASSWORD_FILE", directory.resolve("missing").toString());

        List<String> problems = problems();

        assertEquals(1, problems.size(), problems::toString);
        assertTrue(problems.get(0).startsWith("memphisee.root.password is to be read from \"" + directory
            .resolve("missing") + "\"; allowed: a readable file"), problems.get(0));
    }

    @Test
    void shouldDecodeSecretsOfTheContainerWhereverTheyComeFrom() throws IOException, InvalidSettingsException {
        decoder = text -> new StringBuilder(text.substring(text.indexOf('}') + 1)).reverse().toString();
        environment.put("ROOT_PASSWORD", "{xor}terces");
        environment.put("MEMPHISEE_AUTH_MODE", "token");
        environment.put("CONNECTION_TOKEN_FILE",
            Files.writeString(directory.resolve("token"), "{aes}nekot\n").toString());
        container.put("memphisee.metadata.password", "{AES}drowssap");
        environment.put("MEMPHISEE_TLS_KEYSTORE_PASSWORD", "{unknown}stays");
        BrokerSettings settings = load().settings();
        assertEquals("secret", settings.access().rootPassword());
        assertEquals("token", settings.access().connectionToken());
        assertEquals("password", settings.database().password());
        assertEquals("{unknown}stays", settings.tls().key().keystorePassword());
    }

    @Test
    void shouldSayThatASecretCannotBeDecodedWithoutShowingIt() {
        environment.put("ROOT_PASSWORD", "{aes}c2VjcmV0");
        List<String> problems = problems();
        assertEquals(1, problems.size(), problems::toString);
        assertTrue(problems.get(0).startsWith("memphisee.root.password begins with {aes} and cannot be decoded: only Open "
            + "Liberty can do that; allowed: "), problems.get(0));
        assertTrue(problems.get(0).contains("MEMPHISEE_ROOT_PASSWORD_FILE"), problems.get(0));
        assertFalse(problems.get(0).contains("c2VjcmV0"));
    }

    @Test
    void shouldAskForOneWayToGiveTheKey() throws InvalidSettingsException {
        environment.put("MEMPHISEE_TLS_CLIENT", "required");
        assertTrue(problems().get(0).startsWith("memphisee.tls.client asks for TLS, and there is no key; allowed with"));
        environment.put("MEMPHISEE_TLS_SELF_SIGNED", "true");
        assertTrue(load().settings().tls().needsKey());
        environment.put("MEMPHISEE_TLS_KEYSTORE", "/keys/server.p12");
        environment.put("MEMPHISEE_TLS_KEYSTORE_PASSWORD", "hunter2");
        assertTrue(problems().get(0).startsWith("memphisee.tls.keystore and memphisee.tls.self.signed are set"));
        environment.remove("MEMPHISEE_TLS_SELF_SIGNED");
        assertFalse(load().settings().toString().contains("hunter2"));
        environment.put("MEMPHISEE_TLS_KEY", "/keys/key.pem");
        assertTrue(problems().get(0).startsWith("memphisee.tls.certificate and memphisee.tls.key belong together"));
        environment.remove("MEMPHISEE_TLS_KEY");
        environment.put("MEMPHISEE_TLS_CLIENT", "optional");
        environment.put("MEMPHISEE_TLS_HANDSHAKE_FIRST", "on");
        assertTrue(problems().get(0).startsWith("memphisee.tls.handshake.first is \"on\"; allowed only with"));
    }

    @ParameterizedTest
    @MethodSource("wrongValues")
    void shouldNameKeyValueAndWhatIsAllowed(String key, String value) {
        environment.put(key.toUpperCase(java.util.Locale.ROOT).replace('.', '_'), value);

        List<String> problems = problems();

        assertTrue(problems.stream().anyMatch(p -> p.startsWith(key + " is \"" + value + "\"; allowed: ")),
            problems::toString);
        problems.forEach(problem -> assertEquals(1, problem.lines().count(), "one line"));
    }

    private static Stream<Arguments> wrongValues() {
        return Stream.of(
            Arguments.of("memphisee.bind.address", "here or there"), Arguments.of("memphisee.client.port", "0"),
            Arguments.of("memphisee.gateway.port", "65536"), Arguments.of("memphisee.dashboard.port", "nine thousand"),
            Arguments.of("memphisee.monitor.port", "-1"), Arguments.of("memphisee.metrics.port", "77 77"),
            Arguments.of("memphisee.dashboard.public.port", "0"),
            Arguments.of("memphisee.monitor.public.port", "99999"), Arguments.of("memphisee.metrics.public.port", "7 7"),
            Arguments.of("memphisee.server.name", "a b"),
            Arguments.of("memphisee.gateway.jwt.minutes", "0"),
            Arguments.of("memphisee.gateway.jwt.refresh.minutes", "2000000001"),
            Arguments.of("memphisee.gateway.jwt.max.minutes", "1h"),
            Arguments.of("memphisee.gateway.jwt.anonymous", "sometimes"),
            Arguments.of("memphisee.gateway.batch.max", "1KiB"), Arguments.of("memphisee.gateway.idle", "soon"),
            Arguments.of("memphisee.gateway.legacy.status", "now and then"),
            Arguments.of("memphisee.monitor.stacks", "deep"), Arguments.of("memphisee.monitor.base.path", "nats/"),
            Arguments.of("memphisee.health.metadata.required", "x"),
            Arguments.of("memphisee.metrics.max.consumers", "-1"), Arguments.of("memphisee.metrics.streams.allow", "("),
            Arguments.of("memphisee.metrics.consumers.allow", "*"), Arguments.of("memphisee.metrics.consumers.deny", "(?<"),
            Arguments.of("memphisee.metrics.streams.deny", "["), Arguments.of("memphisee.metrics.second.prefix", "A b"),
            Arguments.of("memphisee.gateway.dev", "a little"), Arguments.of("memphisee.gateway.access.log", "some"),
            Arguments.of("memphisee.dashboard.jwt.minutes", "0"),
            Arguments.of("memphisee.dashboard.jwt.refresh.minutes", "1000001"),
            Arguments.of("memphisee.tls.client", "yes"), Arguments.of("memphisee.tls.handshake.first", "last"),
            Arguments.of("memphisee.tls.websocket", "perhaps"), Arguments.of("memphisee.tls.gateway", "x"),
            Arguments.of("memphisee.tls.http", "on"),
            Arguments.of("memphisee.cluster.mode", "raft"), Arguments.of("memphisee.cluster.name", "a b"),
            Arguments.of("memphisee.cluster.members", "memphis-0"), Arguments.of("memphisee.cluster.dns.query", "a b"),
            Arguments.of("memphisee.cluster.dns.size", "1"), Arguments.of("memphisee.cluster.port", "0"),
            Arguments.of("memphisee.cluster.journal.max", "1MiB"), Arguments.of("memphisee.cluster.rebuild.rate", "1"), Arguments.of("memphisee.cluster.scrub.rate", "1"),
            Arguments.of("memphisee.cluster.bind", "a b"), Arguments.of("memphisee.cluster.insecure", "maybe"),
            Arguments.of("memphisee.cluster.client.advertise", "a b"), Arguments.of("memphisee.cluster.replicas.default", "2"),
            Arguments.of("memphisee.drain.timeout", "soon"), Arguments.of("memphisee.cluster.lame.duck", "2h"),
            Arguments.of("memphisee.cluster.lame.duck.grace", "-1s"),
            Arguments.of("memphisee.tls.liberty.ssl", "a b"), Arguments.of("memphisee.tls.self.signed", "maybe"),
            Arguments.of("memphisee.websocket.port", "65536"), Arguments.of("memphisee.websocket.compression", "perhaps"),
            Arguments.of("memphisee.websocket.origins", "https://a.example, b.example"),
            Arguments.of("memphisee.dashboard.cors.origins", "https://a.example/path"),
            Arguments.of("memphisee.dashboard.showable.status", "200"),
            Arguments.of("memphisee.auth.mode", "certificate"), Arguments.of("memphisee.durability", "sometimes"),
            Arguments.of("memphisee.sync.interval", "100"), Arguments.of("memphisee.sync.interval", "2h"),
            Arguments.of("memphisee.store.max", "1MiB"), Arguments.of("memphisee.disk.min.free", "0"),
            Arguments.of("memphisee.max.payload", "65MiB"), Arguments.of("memphisee.max.payload", "1 mega"),
            Arguments.of("memphisee.max.connections", "0"), Arguments.of("memphisee.connection.outbound", "1"),
            Arguments.of("memphisee.shard.inbox", "1KiB"), Arguments.of("memphisee.cache.batches", "999999999999999999T"),
            Arguments.of("memphisee.dead.letter.bytes", "1KiB"),
            Arguments.of("memphisee.tiered.waiting", "1KiB"),
            Arguments.of("memphisee.cache.store", "1MiB"), Arguments.of("memphisee.memory.stations", "1KiB"),
            Arguments.of("memphisee.memory.index", "1KiB"), Arguments.of("memphisee.member.retention.hours", "0"),
            Arguments.of("memphisee.audit.retention.days", "0"), Arguments.of("memphisee.audit.max", "1KiB"),
            Arguments.of("memphisee.activity.retention.days", "400"),
            Arguments.of("memphisee.dead.letter.retention.hours", "31"), Arguments.of("memphisee.log.retention.days", "0"),
            Arguments.of("memphisee.default.station", "perhaps"),
            Arguments.of("memphisee.integrations.private", "perhaps"), Arguments.of("memphisee.broker.host", "a b"), Arguments.of("memphisee.ui.host", "<b>"),
            Arguments.of("memphisee.gateway.host", "A"),
            Arguments.of("memphisee.shards", "2000"), Arguments.of("memphisee.backup.interval", "1s"), Arguments.of("memphisee.backup.keep", "0"),
            Arguments.of("memphisee.definitions.when", "never"), Arguments.of("memphisee.definitions.conflict", "perhaps"),
            Arguments.of("memphisee.io.threads", "many"), Arguments.of("memphisee.metadata.mode", "none"),
            Arguments.of("memphisee.metadata.host", "a/b"), Arguments.of("memphisee.metadata.port", "0"),
            Arguments.of("memphisee.metadata.database", "Big Name"), Arguments.of("memphisee.metadata.user", "a b"),
            Arguments.of("memphisee.metadata.max.connections", "0"), Arguments.of("memphisee.metadata.tls", "maybe"),
            Arguments.of("memphisee.dashboard.account.removal", "maybe"), Arguments.of("memphisee.kubernetes.namespace", "Not_One"),
            Arguments.of("memphisee.drain.delay", "11m"), Arguments.of("memphisee.log.console.level", "chatty"),
            Arguments.of("memphisee.log.console.format", "xml"));
    }

    @Test
    void shouldHaveAWrongValueTestForEverySettingWithARule() {
        List<String> tested = wrongValues().map(a -> (String) a.get()[0]).toList();
        List<String> anyText = List.of("memphisee.root.password", "memphisee.connection.token", "memphisee.data.dir", "memphisee.backup.dir",
            "memphisee.storage.key.file", "memphisee.definitions.file", "memphisee.tls.http.store",
            "memphisee.metadata.password", "memphisee.metadata.tls.ca", "memphisee.metadata.tls.certificate",
            "memphisee.metadata.tls.key", "memphisee.tls.keystore", "memphisee.tls.keystore.password",
            "memphisee.tls.certificate", "memphisee.gateway.access.log.directory", "memphisee.tls.key", "memphisee.tls.key.password", "memphisee.tls.ca",
            "memphisee.gateway.jwt.secret", "memphisee.gateway.jwt.refresh.secret",
            "memphisee.dashboard.jwt.secret", "memphisee.dashboard.jwt.refresh.secret", "memphisee.secrets.dir",
            "memphisee.metadata.programs", "memphisee.cluster.tls.certificate", "memphisee.cluster.tls.key",
            "memphisee.cluster.tls.key.password", "memphisee.cluster.tls.ca", "memphisee.cluster.secret",
            "memphisee.initial.users");

        for (Setting<?> setting : Settings.all()) {
            assertTrue(tested.contains(setting.key()) || anyText.contains(setting.key()), setting.key());
        }
    }

    @Test
    void shouldReportAllWrongValuesAtOnce() {
        environment.put("MEMPHISEE_CLIENT_PORT", "x");
        environment.put("MEMPHISEE_DURABILITY", "y");
        environment.put("MEMPHISEE_MAX_PAYLOAD", "z");

        assertEquals(3, problems().size());
    }

    @Test
    void shouldNeverShowASecret() {
        environment.put("MEMPHISEE_ROOT_PASSWORD", "x".repeat(300));
        environment.put("MEMPHISEE_METADATA_PASSWORD", "y".repeat(300));

        List<String> problems = problems();

        assertEquals(2, problems.size());
        problems.forEach(problem -> assertTrue(problem.contains("(hidden)") && !problem.contains("xx")
            && !problem.contains("yy"), problem));
    }

    @Test
    void shouldNotShowSecretsWhenSettingsArePrinted() throws InvalidSettingsException {
        environment.put("ROOT_PASSWORD", "my-very-own");
        environment.put("METADATA_DB_PASS", "my-database");

        String text = load().settings().toString();

        assertFalse(text.contains("my-very-own") || text.contains("my-database"), text);
    }

    @ParameterizedTest
    @MethodSource("openAddresses")
    void shouldRefuseAnOpenAddressWithTheWellKnownPassword(String address) {
        environment.put("MEMPHISEE_BIND_ADDRESS", address);

        List<String> problems = problems();

        assertEquals(1, problems.size(), problems::toString);
        assertTrue(problems.get(0).startsWith("memphisee.bind.address is \"" + address + "\""), problems.get(0));
        assertTrue(problems.get(0).contains("ROOT_PASSWORD"), problems.get(0));
    }

    private static Stream<String> openAddresses() {
        return Stream.of("0.0.0.0", "::", "192.0.2.1");
    }

    @Test
    void shouldListenAnywhereWithAPasswordOfOnesOwn() throws InvalidSettingsException {
        environment.put("MEMPHISEE_BIND_ADDRESS", "0.0.0.0");
        environment.put("ROOT_PASSWORD", "of-my-own");

        assertEquals("0.0.0.0", load().settings().listen().address());
    }

    @Test
    void shouldLeaveTheStoredPasswordToBeLookedAtUnlessTheWellKnownOneIsGiven() throws IOException, InvalidSettingsException {
        environment.put("MEMPHISEE_BIND_ADDRESS", "0.0.0.0");
        environment.put("MEMPHISEE_DATA_DIR", directory.toString());
        assertEquals(List.of(SettingsLoader.wellKnownPasswordOn("0.0.0.0")), problems());
        Files.createDirectory(directory.resolve("log"));
        assertFalse(load().settings().access().rootPasswordGiven());
        environment.put("ROOT_PASSWORD", "memphis");
        assertEquals(List.of(SettingsLoader.wellKnownPasswordOn("0.0.0.0")), problems());
        environment.put("ROOT_PASSWORD", "another");
        assertTrue(load().settings().access().rootPasswordGiven());
    }

    @ParameterizedTest
    @CsvSource({"MEMPHISEE_DASHBORD_PORT,MEMPHISEE_DASHBORD_PORT; MEMPHISEE_DASHBOARD_PORT is one",
        "MEMPHISEE_CLIENT_PROT,MEMPHISEE_CLIENT_PROT; MEMPHISEE_CLIENT_PORT is one",
        "MEMPHISEE_ROOT_PASWORD_FILE,MEMPHISEE_ROOT_PASWORD_FILE; MEMPHISEE_ROOT_PASSWORD_FILE is one",
        "MEMPHISEE_ROOTPASSWORD,MEMPHISEE_ROOTPASSWORD; MEMPHISEE_ROOT_PASSWORD is one",
        "memphisee.max.payloads,memphisee.max.payloads; memphisee.max.payload is one",
        "MEMPHISEE_FLUX_CAPACITOR,MEMPHISEE_FLUX_CAPACITOR", "MEMPHISEE_,MEMPHISEE_"})
    void shouldNameSettingsThatDoNotExistAndTheNearestOneThatDoes(String name, String line) throws InvalidSettingsException {
        (name.contains(".") ? container : environment).put(name, "hunter2");
        environment.put("MEMPHISEE_ROOT_PASSWORD", "known-Password1");
        assertEquals(List.of(line), load().unknown());
    }

    @Test
    void shouldKnowEachSettingByEachOfItsNames() throws InvalidSettingsException {
        environment.put("MEMPHISEE_TLS_KEY_FILE", "/dev/null");
        environment.put("memphisee_server_name", "x"); // as MicroProfile Config allows it
        environment.put("PATH", "/bin");
        environment.put("MEMPHIS_HOST", "x");
        environment.put("MEMPHISEE_CLI_SERVER", "localhost"); // of the command line
        container.put("memphisee.root.password.file", "/dev/null");
        environment.put("ROOT_PASSWORD", "known-Password1");
        container.put("com.example.memphisee.max", "1");
        assertEquals(List.of(), load().unknown());
    }

    @Test
    void shouldRefuseTokenModeWithoutOrWithTheWellKnownToken() throws InvalidSettingsException {
        environment.put("USER_PASS_BASED_AUTH", "false");
        assertTrue(problems().get(0).startsWith("memphisee.connection.token is empty"));

        environment.put("CONNECTION_TOKEN", "memphis");
        assertEquals(BrokerSettings.AuthMode.TOKEN, load().settings().access().mode());

        environment.put("MEMPHISEE_BIND_ADDRESS", "0.0.0.0");
        environment.put("ROOT_PASSWORD", "of-my-own");
        assertTrue(problems().get(0).startsWith("memphisee.connection.token is the well-known one"));
    }

    @Test
    void shouldRefuseTwoListenersOnOnePort() {
        environment.put("MEMPHISEE_GATEWAY_PORT", "6666");

        assertEquals(List.of("memphisee.gateway.port is 6666, and so is memphisee.client.port; allowed: a port of its own"),
            problems());
    }

    @Test
    void shouldRefuseAnOutboundBudgetThatCannotHoldTwoMessages() {
        environment.put("MEMPHISEE_MAX_PAYLOAD", "16MiB");

        assertTrue(problems().get(0).startsWith("memphisee.connection.outbound is 16MiB; allowed: at least two"));
    }

    @Test
    void shouldRefuseCachesThatDoNotFitIntoTheHeap() {
        environment.put("MEMPHISEE_CACHE_BATCHES", "900MiB");

        assertTrue(problems().get(0).contains("allowed: 70 % of the heap, which is 1024MiB"), problems().get(0));
    }

    @Test
    void shouldUseTheExternalDatabaseOfTheReferencesVariables() throws InvalidSettingsException {
        environment.putAll(Map.of("METADATA_DB_HOST", "db.example", "METADATA_DB_PORT", "5005", "METADATA_DB_USER", "u",
            "METADATA_DB_PASS", "p", "METADATA_DB_DBNAME", "d", "METADATA_DB_MAX_CONNS", "3",
            "METADATA_DB_TLS_ENABLED", "true", "METADATA_DB_TLS_MUTUAL", "false", "METADATA_DB_TLS_CA", "/ca.pem"));

        assertEquals(new BrokerSettings.Database(BrokerSettings.DatabaseMode.EXTERNAL, "db.example", 5005, true, "d", "u",
            "p", 3, BrokerSettings.DatabaseTls.VERIFY, "/ca.pem", "", "", Optional.empty()), load().settings().database());
    }

    @Test
    void shouldTakeTheReferencesDatabaseWhenOnlyItsHostIsGiven() throws InvalidSettingsException {
        container.put("memphisee.metadata.programs", "/opt/postgres"); // says nothing about an external one
        environment.put("METADATA_DB_HOST", "memphis-metadata");

        LoadedSettings loaded = load();
        BrokerSettings.Database database = loaded.settings().database();
        assertEquals(BrokerSettings.DatabaseMode.EXTERNAL, database.mode());
        assertEquals("memphis-metadata:5005/memphis as memphis with memphis", database.host() + ":" + database.port() + "/"
            + database.name() + " as " + database.user() + " with " + database.password());
        assertEquals(List.of("METADATA_DB_HOST is set without METADATA_DB_PASS: as with the reference it is memphis",
            "METADATA_DB_HOST is set without METADATA_DB_PORT: as with the reference it is 5005"), loaded.notes());

        environment.put("METADATA_DB_PORT", "6543");
        assertEquals(6543, load().settings().database().port());
        environment.remove("METADATA_DB_PORT");
        environment.put("MEMPHISEE_METADATA_USER", "me"); // who uses our settings gets our defaults
        assertEquals(5432, load().settings().database().port());
        assertEquals("", load().settings().database().password());
    }

    @Test
    void shouldTakeTheQuotesOffTheReferencesValuesButNotOffSecrets() throws InvalidSettingsException {
        environment.put("USER_PASS_BASED_AUTH", "\"true\""); // as its compose file has it
        environment.put("METADATA_DB_HOST", "'db.example'");
        environment.put("ROOT_PASSWORD", "\"quoted\"");

        BrokerSettings settings = load().settings();
        assertEquals(BrokerSettings.AuthMode.PASSWORD, settings.access().mode());
        assertEquals("db.example", settings.database().host());
        assertEquals("\"quoted\"", settings.access().rootPassword());
        environment.put("METADATA_DB_HOST", "\"db.example");
        assertTrue(problems().get(0).contains("\"\"db.example\""), problems().get(0));
    }

    @Test
    void shouldReadWhatTheEnvironmentDoesNotSayFromTheDirectoryOfSecrets() throws Exception {
        Files.writeString(directory.resolve("root.password"), "short name\n");
        Files.writeString(directory.resolve("memphisee.connection.token"), "long name");
        environment.put("MEMPHISEE_SECRETS_DIR", directory.toString());

        assertEquals("short name", load().settings().access().rootPassword());
        assertTrue(load().settings().access().rootPasswordGiven());
        assertEquals("long name", load().settings().access().connectionToken());
        environment.put("ROOT_PASSWORD", "variable");
        assertEquals("variable", load().settings().access().rootPassword());
        environment.put("MEMPHISEE_SECRETS_DIR", directory.resolve("nothing").toString());
        assertEquals("", load().settings().access().connectionToken());
    }

    @Test
    void shouldNameAFileOfSecretsThatCannotBeRead() throws Exception {
        Files.createDirectory(directory.resolve("root.password"));
        environment.put("MEMPHISEE_SECRETS_DIR", directory.toString());

        assertTrue(problems().get(0).startsWith("memphisee.root.password is to be read from \""
            + directory.resolve("root.password")), problems().get(0));
    }

    @Test
    void shouldServeClientsForTheDelayThatIsAskedForBeforeAStop() throws InvalidSettingsException {
        assertEquals(0, load().settings().life().drainDelayMillis());
        environment.put("MEMPHISEE_DRAIN_DELAY", "5s");
        assertEquals(5_000, load().settings().life().drainDelayMillis());
        environment.put("MEMPHISEE_LOG_CONSOLE_FORMAT", "xml");
        assertEquals(List.of("memphisee.log.console.format is \"xml\"; allowed: one of dev, simple, json"), problems());
    }

    @Test
    void shouldRefuseMutualTlsWithoutCertificateAndKey() {
        environment.put("METADATA_DB_TLS_MUTUAL", "true");

        assertTrue(problems().get(0).startsWith("memphisee.metadata.tls is \"mutual\"; allowed only with"));
    }

    @Test
    void shouldTellWhichVariablesOfTheReferenceHaveNoEffect() throws InvalidSettingsException {
        environment.put("ANALYTICS", "true");
        environment.put("DOCKER_ENV", "true");

        List<String> notes = load().notes();

        assertEquals(2, notes.size(), notes::toString);
        assertTrue(notes.stream().anyMatch(n -> n.startsWith("ANALYTICS is set and has no effect: ")), notes::toString);
    }

    @Test
    void shouldAcceptItsOwnDefaults() {
        for (Setting<?> setting : Settings.all()) {
            assertTrue(setting.kind().parse().apply(setting.defaultText()).isPresent(), setting.key());
        }
    }

    private LoadedSettings load() throws InvalidSettingsException {
        return new SettingsLoader(SettingSource.of("server.xml", container), environment, MACHINE, decoder).load();
    }

    private List<String> problems() {
        return assertThrows(InvalidSettingsException.class, this::load).problems();
    }
}
