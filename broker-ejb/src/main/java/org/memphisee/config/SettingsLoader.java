package org.memphisee.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.memphisee.config.BrokerSettings.AuthMode;
import org.memphisee.config.BrokerSettings.DatabaseMode;
import org.memphisee.config.BrokerSettings.DatabaseTls;
import org.memphisee.config.users.UsersFile;
import org.memphisee.config.users.UsersFileException;
import org.memphisee.core.Beginning;
import org.memphisee.core.access.FirstUser;
import org.memphisee.core.file.FileTooLargeException;
import org.memphisee.core.file.SmallFile;
import org.memphisee.core.settings.RuntimeDefaults;
import org.memphisee.core.settings.RuntimeSetting;

/**
 * Reads and validates all settings. Sources, weakest first: defaults, the container's configuration (server.xml
 * variables and MicroProfile Config), the environment. Collects every problem before it gives up. One use, one thread.
 */
public final class SettingsLoader {

    /** Which part of the heap stations in memory may occupy unless somebody says otherwise. */
    private static final int STATIONS_PART = 4;

    private static final String OURS = "memphisee.";
    private static final int MAX_SECRET_FILE = 64 * 1024;
    private static final Pattern ENCODED = Pattern.compile("(?is)\\{(xor|aes|hash|custom)[^}]{0,64}\\}.*");

    private final SettingSource container;
    private final Map<String, String> environment;
    private final Machine machine;
    private final SecretDecoder decoder;
    private final Set<String> chosen = new HashSet<>();
    private final List<String> problems = new ArrayList<>();

    /**
     * The machine, as far as defaults depend on it.
     *
     * @param processors available processors
     * @param maxHeapBytes largest heap of this process
     * @param home home directory of the user
     */
    public record Machine(int processors, long maxHeapBytes, String home) {

        /** This machine. */
        public static Machine here() {
            Runtime runtime = Runtime.getRuntime();
            return new Machine(runtime.availableProcessors(), runtime.maxMemory(), System.getProperty("user.home", "."));
        }
    }

    /** A loader where nobody decodes secrets. */
    public SettingsLoader(SettingSource container, Map<String, String> environment, Machine machine) {
        this(container, environment, machine, SecretDecoder.NONE);
    }

    /**
     * A loader.
     *
     * @param container the weaker source
     * @param environment the stronger one
     * @param machine what defaults depend on
     * @param decoder decodes secrets that are written encoded
     */
    public SettingsLoader(SettingSource container, Map<String, String> environment, Machine machine,
                          SecretDecoder decoder) {
        this.decoder = decoder;
        this.container = container;
        this.environment = new HashMap<>(environment);
        this.machine = machine;
    }

    /**
     * Reads everything.
     *
     * @throws InvalidSettingsException with all problems found
     */
    public LoadedSettings load() throws InvalidSettingsException {
        List<String> assumed = referenceDatabase();
        for (Setting<?> setting : Settings.all()) {
            read(setting); // also those that only server.xml uses
        }
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
        BrokerSettings.Access access = access();
        BrokerSettings.Storage storage = storage();
        BrokerSettings settings = new BrokerSettings(read(Settings.SERVER_NAME), listen(), webSocket(), tls(), cluster(),
            access, tokens(), gateway(), dashboard(), storage, budgets(), monitoring(), database(),
            new BrokerSettings.Life(read(Settings.DRAIN_DELAY), read(Settings.DRAIN_TIMEOUT),
                read(Settings.LAME_DUCK), read(Settings.LAME_DUCK_GRACE)), changeable(), read(Settings.INTEGRATIONS_PRIVATE),
            new BrokerSettings.Records(read(Settings.AUDIT_DAYS), read(Settings.AUDIT_BYTES), read(Settings.ACTIVITY_DAYS)),
            new Beginning(initialUsers(access, storage), read(Settings.DEFAULT_STATION)));
        check(settings);
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
        Set<String> names = new HashSet<>(container.names());
        names.addAll(environment.keySet());
        return new LoadedSettings(settings, Stream.concat(assumed.stream(), notes().stream()).toList(), new UnknownSettings(Settings.all()).among(names));
    }

    /**
     * Who gives the host of the database as the reference wants it, and nothing of ours, means the reference's database: what
     * is not given is as there. A line for each value that was taken.
     */
    private List<String> referenceDatabase() {
        if (!given("METADATA_DB_HOST") || Settings.DATABASE_ACCESS.stream().anyMatch(setting -> given(setting.variable()) || container.value(setting.key()).isPresent())) {
            return List.of();
        }
        List<String> taken = new ArrayList<>();
        new TreeMap<>(Settings.REFERENCE_DATABASE).forEach((variable, value) -> {
            if (!given(variable)) {
                environment.put(variable, value);
                taken.add("METADATA_DB_HOST is set without " + variable + ": as with the reference it is " + value);
            }
        });
        return taken;
    }

    private boolean given(String variable) {
        return environment.containsKey(variable) || environment.containsKey(variable + "_FILE");
    }

    private BrokerSettings.Listen listen() {
        return new BrokerSettings.Listen(read(Settings.BIND_ADDRESS), read(Settings.CLIENT_PORT),
            read(Settings.WEBSOCKET_PORT), read(Settings.GATEWAY_PORT), read(Settings.DASHBOARD_PORT), read(Settings.MONITOR_PORT),
            read(Settings.METRICS_PORT));
    }

    private ClusterSettings cluster() {
        String node = read(Settings.SERVER_NAME);
        int port = read(Settings.CLUSTER_PORT);
        ClusterSettings.Mode mode = read(Settings.CLUSTER_MODE);
        List<ClusterSettings.Member> members = switch (mode) {
            case OFF -> List.of();
            case STATIC -> ClusterSettings.listed(read(Settings.CLUSTER_MEMBERS), port, problems);
            case DNS -> ClusterSettings.numbered(node, read(Settings.CLUSTER_DNS_SIZE), read(Settings.CLUSTER_DNS_QUERY), port, problems);
        };
        return new ClusterSettings(mode, read(Settings.CLUSTER_NAME), members, read(Settings.CLUSTER_BIND),
            read(Settings.CLUSTER_CLIENT_ADVERTISE), read(Settings.CLUSTER_SECRET), new ClusterSettings.ClusterTlsFiles(read(Settings.CLUSTER_TLS_CERTIFICATE),
            read(Settings.CLUSTER_TLS_KEY), read(Settings.CLUSTER_TLS_KEY_PASSWORD), read(Settings.CLUSTER_TLS_CA)),
            read(Settings.CLUSTER_INSECURE), new ClusterSettings.Limits(read(Settings.CLUSTER_JOURNAL),
                read(Settings.CLUSTER_REBUILD_RATE), read(Settings.CLUSTER_SCRUB_RATE), replicas(read(Settings.CLUSTER_REPLICAS))));
    }

    private static int replicas(String text) {
        return text.equals("auto") ? 0 : Integer.parseInt(text);
    }

    private BrokerSettings.WebSocket webSocket() {
        return new BrokerSettings.WebSocket(read(Settings.WEBSOCKET_COMPRESSION), read(Settings.WEBSOCKET_ORIGINS));
    }

    private BrokerSettings.Tls tls() {
        return new BrokerSettings.Tls(read(Settings.TLS_CLIENT), read(Settings.TLS_FIRST), read(Settings.TLS_WEBSOCKET),
            read(Settings.TLS_GATEWAY) || read(Settings.TLS_HTTP), read(Settings.TLS_HTTP), read(Settings.TLS_HTTP_STORE),
            new BrokerSettings.TlsKey(read(Settings.TLS_KEYSTORE), read(Settings.TLS_KEYSTORE_PASSWORD),
            read(Settings.TLS_CERTIFICATE), read(Settings.TLS_KEY), read(Settings.TLS_KEY_PASSWORD), read(Settings.TLS_CA), read(Settings.TLS_LIBERTY),
            read(Settings.TLS_SELF_SIGNED)));
    }

    private BrokerSettings.Access access() {
        return new BrokerSettings.Access(read(Settings.ROOT_PASSWORD), chosen.contains(Settings.ROOT_PASSWORD.key()),
            read(Settings.AUTH_MODE), read(Settings.CONNECTION_TOKEN));
    }

    /** A file that nobody needs any more may be gone, so that nobody has to leave passwords lying around. */
    private List<FirstUser> initialUsers(BrokerSettings.Access access, BrokerSettings.Storage storage)
        throws InvalidSettingsException {
        String file = read(Settings.INITIAL_USERS);
        if (file.isEmpty()) {
            return List.of();
        }
        try {
            return UsersFile.read(path(Settings.INITIAL_USERS, file), access.mode() == AuthMode.TOKEN);
        } catch (UsersFileException e) {
            if (storage.empty()) {
                problems.add(Settings.INITIAL_USERS.key() + " is \"" + file + "\": " + e.getMessage());
            }
            return List.of();
        }
    }

    private BrokerSettings.Tokens tokens() {
        return new BrokerSettings.Tokens(secret(Settings.GATEWAY_SECRET), secret(Settings.GATEWAY_REFRESH_SECRET),
            secret(Settings.MANAGEMENT_SECRET), secret(Settings.MANAGEMENT_REFRESH_SECRET),
            read(Settings.GATEWAY_ACCESS_MINUTES), read(Settings.GATEWAY_REFRESH_MINUTES),
            read(Settings.GATEWAY_MAX_MINUTES), read(Settings.GATEWAY_ANONYMOUS),
            read(Settings.MANAGEMENT_ACCESS_MINUTES), read(Settings.MANAGEMENT_REFRESH_MINUTES));
    }

    private BrokerSettings.Gateway gateway() throws InvalidSettingsException {
        return new BrokerSettings.Gateway(read(Settings.GATEWAY_BATCH), read(Settings.GATEWAY_IDLE),
            read(Settings.GATEWAY_OLD_STATUS), read(Settings.GATEWAY_DEVELOPMENT), read(Settings.GATEWAY_ACCESS_LOG)
                ? Optional.of(path(Settings.GATEWAY_ACCESS_LOG_DIR, read(Settings.GATEWAY_ACCESS_LOG_DIR)))
                : Optional.empty());
    }

    private BrokerSettings.Dashboard dashboard() {
        return new BrokerSettings.Dashboard(Arrays.stream(read(Settings.DASHBOARD_ORIGINS).split(",")).map(String::strip)
            .filter(origin -> !origin.isEmpty()).toList(), Integer.parseInt(read(Settings.SHOWABLE_STATUS)),
            read(Settings.ACCOUNT_REMOVAL), read(Settings.KUBERNETES_NAMESPACE));
    }

    private BrokerSettings.Monitoring monitoring() {
        return new BrokerSettings.Monitoring(read(Settings.MONITOR_BASE_PATH), read(Settings.MONITOR_STACKS),
            read(Settings.METADATA_REQUIRED),
            read(Settings.METRICS_CONSUMERS), read(Settings.METRICS_ALLOW), read(Settings.METRICS_DENY),
            read(Settings.METRICS_CONSUMERS_ALLOW), read(Settings.METRICS_CONSUMERS_DENY),
            read(Settings.METRICS_SECOND_PREFIX));
    }

    private Optional<String> secret(Setting<String> setting) {
        return Optional.of(read(setting)).filter(value -> !value.isEmpty());
    }

    private BrokerSettings.Storage storage() throws InvalidSettingsException {
        String text = read(Settings.DATA_DIR).replace("${user.home}", machine.home());
        return new BrokerSettings.Storage(path(Settings.DATA_DIR, text), read(Settings.DURABILITY),
            read(Settings.SYNC_INTERVAL), read(Settings.STORE_MAX), read(Settings.DISK_MIN_FREE),
            read(Settings.MEMBER_HOURS), backup(), optionalPath(Settings.STORAGE_KEY_FILE), definitions(),
            read(Settings.TIERED_WAITING));
    }

    private Optional<Path> optionalPath(Setting<String> setting) throws InvalidSettingsException {
        String text = read(setting);
        return text.isEmpty() ? Optional.empty() : Optional.of(path(setting, text));
    }

    private BrokerSettings.Definitions definitions() throws InvalidSettingsException {
        return new BrokerSettings.Definitions(optionalPath(Settings.DEFINITIONS_FILE), read(Settings.DEFINITIONS_WHEN),
            read(Settings.DEFINITIONS_CONFLICT));
    }

    private BrokerSettings.Backup backup() throws InvalidSettingsException {
        return new BrokerSettings.Backup(optionalPath(Settings.BACKUP_DIR), read(Settings.BACKUP_INTERVAL), read(Settings.BACKUP_KEEP));
    }

    /** What was configured of the settings that can be changed while the broker runs. */
    private RuntimeDefaults changeable() {
        Map<RuntimeSetting, String> configured = new EnumMap<>(RuntimeSetting.class);
        Map.of(RuntimeSetting.DEAD_LETTER_HOURS, Settings.DEAD_LETTER_HOURS, RuntimeSetting.LOG_DAYS, Settings.LOG_DAYS,
            RuntimeSetting.MEMBER_HOURS, Settings.MEMBER_HOURS, RuntimeSetting.BROKER_HOST, Settings.BROKER_HOST,
            RuntimeSetting.UI_HOST, Settings.UI_HOST, RuntimeSetting.GATEWAY_HOST, Settings.GATEWAY_HOST)
            .forEach((changeable, setting) -> {
                String value = String.valueOf(read(setting));
                if (chosen.contains(setting.key()) && !value.isEmpty()) {
                    configured.put(changeable, value);
                }
            });
        long bytes = read(Settings.MAX_PAYLOAD);
        if (chosen.contains(Settings.MAX_PAYLOAD.key())) {
            configured.put(RuntimeSetting.MESSAGE_MIB, Long.toString(Math.max(1, (bytes + (1 << 20) - 1) >> 20)));
        }
        return new RuntimeDefaults(configured, (int) bytes, read(Settings.OUTBOUND) / 2);
    }

    private static Path path(Setting<String> setting, String text) throws InvalidSettingsException {
        try {
            return Path.of(text).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new InvalidSettingsException(List.of(setting.key() + " is \"" + text
                + "\", which is not a path: " + e.getReason()));
        }
    }

    private BrokerSettings.Budgets budgets() {
        int shards = read(Settings.SHARDS);
        int ioThreads = read(Settings.IO_THREADS);
        long memory = read(Settings.STATION_MEMORY);
        long indexMemory = read(Settings.INDEX_MEMORY);
        return new BrokerSettings.Budgets(read(Settings.MAX_PAYLOAD).intValue(), read(Settings.MAX_CONNECTIONS),
            read(Settings.OUTBOUND), read(Settings.INBOX), read(Settings.BATCH_CACHE), read(Settings.STORE_CACHE),
            memory == 0 ? machine.maxHeapBytes() / STATIONS_PART : memory,
            indexMemory == 0 ? machine.maxHeapBytes() / 100 * 40 : indexMemory, read(Settings.DEAD_LETTER_BYTES),
            shards == 0 ? machine.processors() : shards, ioThreads == 0 ? Math.min(4, machine.processors()) : ioThreads);
    }

    private BrokerSettings.Database database() throws InvalidSettingsException {
        return new BrokerSettings.Database(read(Settings.DB_MODE), read(Settings.DB_HOST), read(Settings.DB_PORT),
            chosen.contains(Settings.DB_PORT.key()), read(Settings.DB_NAME), read(Settings.DB_USER),
            read(Settings.DB_PASSWORD), read(Settings.DB_CONNECTIONS), read(Settings.DB_TLS), read(Settings.DB_TLS_CA),
            read(Settings.DB_TLS_CERTIFICATE), read(Settings.DB_TLS_KEY), programs());
    }

    private Optional<Path> programs() throws InvalidSettingsException {
        String text = read(Settings.DB_PROGRAMS);
        return text.isEmpty() ? Optional.empty() : Optional.of(path(Settings.DB_PROGRAMS, text));
    }

    /** What only shows when several values are seen together. */
    private void check(BrokerSettings s) {
        Map<Integer, String> ports = new HashMap<>();
        List<Setting<Integer>> listening = new ArrayList<>(List.of(Settings.CLIENT_PORT, Settings.GATEWAY_PORT,
            Settings.DASHBOARD_PORT, Settings.MONITOR_PORT, Settings.METRICS_PORT));
        if (s.database().mode() == DatabaseMode.EMBEDDED) {
            listening.add(Settings.DB_PORT);
        }
        if (s.listen().webSocketPort() != 0) {
            listening.add(Settings.WEBSOCKET_PORT);
        }
        for (Setting<Integer> setting : listening) {
            String other = ports.putIfAbsent(read(setting), setting.key());
            if (other != null) {
                problems.add(setting.key() + " is " + read(setting) + ", and so is " + other
                    + "; allowed: a port of its own");
            }
        }
        // where root exists and nobody asks for another password, only the stored one counts: that is looked at later
        if (s.access().wellKnownPassword() && !s.listen().loopback() && (s.access().rootPasswordGiven()
            || s.storage().empty())) {
            problems.add(wellKnownPasswordOn(s.listen().address()));
        }
        if (s.access().mode() == AuthMode.TOKEN) {
            String token = s.access().connectionToken();
            if (token.isEmpty()) {
                problems.add(Settings.CONNECTION_TOKEN.key() + " is empty; allowed with " + Settings.AUTH_MODE.key()
                    + "=token: a token, set with CONNECTION_TOKEN or MEMPHISEE_CONNECTION_TOKEN_FILE");
            } else if (token.equals(BrokerSettings.WELL_KNOWN_PASSWORD) && !s.listen().loopback()) {
                problems.add(Settings.CONNECTION_TOKEN.key() + " is the well-known one; allowed on any address but "
                    + "loopback: another token, set with CONNECTION_TOKEN");
            }
        }
        Settings.SIGNING_SECRETS.forEach(this::checkSigningSecret);
        checkTls(s.tls());
        s.cluster().check(s.serverName(), problems);
        if (s.budgets().outboundBytes() < 2L * s.budgets().maxPayload()) {
            problems.add(Settings.OUTBOUND.key() + " is " + SettingKind.sizeText(s.budgets().outboundBytes())
                + "; allowed: at least two of the largest messages (" + Settings.MAX_PAYLOAD.key() + " is "
                + SettingKind.sizeText(s.budgets().maxPayload()) + ")");
        }
        long caches = s.budgets().batchCacheBytes() + s.budgets().storeCacheBytes()
            + read(Settings.STATION_MEMORY);
        if (caches > machine.maxHeapBytes() / 100 * 70) {
            problems.add(Settings.BATCH_CACHE.key() + ", " + Settings.STORE_CACHE.key() + " and "
                + Settings.STATION_MEMORY.key() + " together are "
                + SettingKind.sizeText(caches) + "; allowed: 70 % of the heap, which is "
                + (machine.maxHeapBytes() >> 20) + "MiB (-Xmx in jvm.options)");
        }
        if (s.database().tls() == DatabaseTls.MUTUAL
            && (s.database().tlsCertificate().isEmpty() || s.database().tlsKey().isEmpty())) {
            problems.add(Settings.DB_TLS.key() + " is \"mutual\"; allowed only with " + Settings.DB_TLS_CERTIFICATE.key()
                + " and " + Settings.DB_TLS_KEY.key());
        }
    }

    /** A secret that somebody set on purpose must be one (D21); nothing of it may appear in the text. */
    private void checkSigningSecret(Setting<String> setting) {
        String secret = read(setting);
        String remedy = "; allowed: at least " + SigningSecretRule.MIN_LENGTH + " characters that nobody knows, or unset it "
            + "and the broker makes one by itself";
        if (secret.isEmpty() && configured(setting)) {
            problems.add(setting.key() + " is set and empty" + remedy);
        } else if (!secret.isEmpty() && SigningSecretRule.wellKnown(secret)) {
            problems.add(setting.key() + " is a well-known value" + remedy);
        } else if (!secret.isEmpty() && secret.length() < SigningSecretRule.MIN_LENGTH) {
            problems.add(setting.key() + " is too short" + remedy);
        }
    }

    /** Whether a source names the setting, with whatever value. */
    private boolean configured(Setting<?> setting) {
        return chosen.contains(setting.key()) || environment.containsKey(setting.variable())
            || setting.aliases().stream().anyMatch(alias -> given(alias.variable()));
    }

    private void checkTls(BrokerSettings.Tls tls) {
        BrokerSettings.TlsKey key = tls.key();
        List<String> ways = new ArrayList<>();
        if (!key.keystore().isEmpty()) {
            ways.add(Settings.TLS_KEYSTORE.key());
        }
        if (!key.certificate().isEmpty()) {
            ways.add(Settings.TLS_CERTIFICATE.key());
        }
        if (!key.libertySsl().isEmpty()) {
            ways.add(Settings.TLS_LIBERTY.key());
        }
        if (key.selfSigned()) {
            ways.add(Settings.TLS_SELF_SIGNED.key());
        }
        if (ways.size() > 1) {
            problems.add(String.join(" and ", ways) + " are set; allowed: one way to give the key");
        } else if (ways.isEmpty() && tls.needsKey()) {
            Setting<?> asking = tls.client() != BrokerSettings.ClientTls.OFF ? Settings.TLS_CLIENT
                : tls.webSocket() ? Settings.TLS_WEBSOCKET : tls.http() ? Settings.TLS_HTTP : Settings.TLS_GATEWAY;
            problems.add(asking.key() + " asks for TLS, and "
                + "there is no key; allowed with one of " + Settings.TLS_KEYSTORE.key() + ", "
                + Settings.TLS_CERTIFICATE.key() + ", " + Settings.TLS_LIBERTY.key() + ", or "
                + Settings.TLS_SELF_SIGNED.key() + "=true for development");
        }
        if (!tls.httpStore().isEmpty() && key.certificate().isEmpty()) {
            problems.add(Settings.TLS_HTTP_STORE.key() + " is set without " + Settings.TLS_CERTIFICATE.key()
                + "; allowed: both, as tls/https-pem.xml of the server has it");
        }
        if (key.certificate().isEmpty() != key.key().isEmpty()) {
            problems.add(Settings.TLS_CERTIFICATE.key() + " and " + Settings.TLS_KEY.key() + " belong together; allowed: "
                + "both or none");
        }
        if (tls.first() == BrokerSettings.HandshakeFirst.ON && (tls.client() == BrokerSettings.ClientTls.OFF
            || tls.client() == BrokerSettings.ClientTls.OPTIONAL)) {
            problems.add(Settings.TLS_FIRST.key() + " is \"on\"; allowed only with " + Settings.TLS_CLIENT.key()
                + "=required or mutual");
        }
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        Settings.ignoredVariables().forEach((variable, why) -> {
            if (environment.containsKey(variable)) {
                notes.add(variable + " is set and has no effect: " + why);
            }
        });
        return notes;
    }

    /** The value of a setting; on a problem it is noted and the default is given. */
    private <T> T read(Setting<T> setting) {
        Optional<String> fromContainer = fromContainer(setting);
        Optional<String> fromEnvironment = fromEnvironment(setting);
        if (setting.container() && fromEnvironment.isPresent() && fromContainer.isPresent()
            && !fromContainer.get().equals(fromEnvironment.get())) {
            problem(setting.key() + " is " + setting.shown(fromContainer.get()) + " in " + container.name() + " and "
                + setting.shown(fromEnvironment.get()) + " in the environment; allowed: one of them");
        }
        Optional<String> text = fromEnvironment.or(() -> fromContainer).map(given -> decoded(setting, given));
        if (text.isPresent()) {
            chosen.add(setting.key());
        }
        Optional<T> value = setting.kind().parse().apply(text.orElse(setting.defaultText()));
        if (value.isEmpty()) {
            problem(setting.key() + " is " + setting.shown(text.orElse("")) + "; allowed: " + setting.kind().allowed());
        }
        return value.or(() -> setting.kind().parse().apply(setting.defaultText())).orElseThrow();
    }

    private String decoded(Setting<?> setting, String text) {
        if (!setting.secret() || !ENCODED.matcher(text).matches()) {
            return text;
        }
        try {
            return decoder.decode(text);
        } catch (SecretDecoder.UndecodableException e) {
            problem(setting.key() + " begins with " + text.substring(0, text.indexOf('}') + 1) + " and cannot be decoded: "
                + e.getMessage() + "; allowed: what \"securityUtility encode\" of this server prints, plain text, or a "
                + "file named by " + setting.variable() + "_FILE");
            return setting.defaultText();
        }
    }

    private Optional<String> fromContainer(Setting<?> setting) {
        return container.value(setting.key())
            .or(() -> container.value(setting.key() + ".file").flatMap(file -> content(setting, file)))
            .map(value -> trimmed(setting, value));
    }

    private Optional<String> fromEnvironment(Setting<?> setting) {
        Optional<String> own = variable(setting, setting.variable());
        if (own.isPresent()) {
            return own;
        }
        for (Setting.Alias alias : setting.aliases()) {
            Optional<String> value = variable(setting, alias.variable()).map(v -> setting.secret() ? v : unquoted(v))
                .map(alias.translate()).filter(v -> !v.isEmpty());
            if (value.isPresent()) {
                return value;
            }
        }
        return fromSecretsDirectory(setting);
    }

    /** The reference's own compose file has quotes inside of quotes; a secret is taken as it stands. */
    private static String unquoted(String value) {
        boolean quoted = value.length() > 1 && (value.startsWith("\"") && value.endsWith("\"")
            || value.startsWith("'") && value.endsWith("'"));
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private Optional<String> fromSecretsDirectory(Setting<?> setting) {
        String directory = environment.get(Settings.SECRETS_DIR.variable());
        if (directory == null || directory.isBlank() || setting.equals(Settings.SECRETS_DIR)) {
            return Optional.empty();
        }
        for (String name : List.of(setting.key(), setting.key().substring(OURS.length()))) {
            Path file = Path.of(directory.trim(), name);
            if (Files.exists(file)) {
                return content(setting, file.toString());
            }
        }
        return Optional.empty();
    }

    private Optional<String> variable(Setting<?> setting, String name) {
        String value = environment.get(name);
        if (value != null) {
            return Optional.of(trimmed(setting, value));
        }
        String file = environment.get(name + "_FILE");
        return file == null ? Optional.empty() : content(setting, file);
    }

    private Optional<String> content(Setting<?> setting, String file) {
        try {
            // an editor's last line end is no secret
            return Optional.of(SmallFile.text(Path.of(file), MAX_SECRET_FILE).replaceAll("\\R\\z", ""));
        } catch (FileTooLargeException e) {
            problem(setting.key() + " is to be read from \"" + file + "\"; allowed: a file of at most 64KiB");
            return Optional.empty();
        } catch (IOException | InvalidPathException e) {
            problem(setting.key() + " is to be read from \"" + file + "\"; allowed: a readable file ("
                + e.getClass().getSimpleName() + ")");
            return Optional.empty();
        }
    }

    private static String trimmed(Setting<?> setting, String value) {
        return setting.secret() ? value : value.trim();
    }

    private void problem(String text) {
        if (!problems.contains(text)) {
            problems.add(text);
        }
    }

    /** What is wrong with an address that is not loopback while everybody knows the root password (D21). */
    public static String wellKnownPasswordOn(String address) {
        return Settings.BIND_ADDRESS.key() + " is \"" + address + "\" while the root password is the well-known one; "
            + "allowed: loopback (127.0.0.1), or set another password with ROOT_PASSWORD, MEMPHISEE_ROOT_PASSWORD or "
            + "MEMPHISEE_ROOT_PASSWORD_FILE";
    }
}
