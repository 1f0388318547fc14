package org.memphisee.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.memphisee.config.BrokerSettings.AuthMode;
import org.memphisee.config.BrokerSettings.ClientTls;
import org.memphisee.config.BrokerSettings.DatabaseMode;
import org.memphisee.config.BrokerSettings.Durability;
import org.memphisee.config.BrokerSettings.DatabaseTls;
import org.memphisee.config.BrokerSettings.HandshakeFirst;
import org.memphisee.core.definitions.ConflictPolicy;

/** The table of all settings, in the order of the documentation. The one place for keys, defaults and ranges. */
final class Settings {

    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long GIB = 1024 * MIB;
    private static final long TIB = 1024 * GIB;
    private static final String ANY_PATH = "[^\\x00]+";
    private static final String TLS = "TLS";
    private static final String CHANGEABLE = "Changeable while the broker runs";
    private static final SettingKind<String> OPTIONAL_HOST =
        SettingKind.text("a host name or address in lower case, or nothing", "[a-z0-9.:/_~%\\[\\]-]{0,253}");
    private static final SettingKind<String> OPTIONAL_FILE = SettingKind.text("a file, or nothing", "[^\\x00]*");

    private static final Map<String, List<Setting<?>>> SECTIONS = new LinkedHashMap<>();

    // --- addresses and ports
    static final Setting<String> BIND_ADDRESS = in("Addresses and ports", Setting.of("memphisee.bind.address",
        SettingKind.text("an IP address or host name of this machine, 0.0.0.0 for all", "[0-9A-Za-z.:_-]{1,253}"),
        "127.0.0.1", "Address that every port listens on. Any other than loopback is refused while root has the "
        + "well-known password.").inContainer());
    static final Setting<Integer> CLIENT_PORT = in("Addresses and ports", Setting.of("memphisee.client.port",
        SettingKind.port(), "6666", "Clients: Memphis SDKs and NATS clients.").inContainer());
    static final Setting<Integer> WEBSOCKET_PORT = in("Addresses and ports", Setting.of("memphisee.websocket.port",
        SettingKind.integerOrZero(1, 65_535, "for none"), "7770", "Clients in browsers: the same protocol in WebSocket "
        + "frames."));
    static final Setting<Integer> GATEWAY_PORT = in("Addresses and ports", Setting.of("memphisee.gateway.port",
        SettingKind.port(), "4444", "REST gateway."));
    static final Setting<Integer> DASHBOARD_PORT = in("Addresses and ports", Setting.of("memphisee.dashboard.port",
        SettingKind.port(), "9000", "Dashboard and management API.").inContainer());
    static final Setting<Integer> MONITOR_PORT = in("Addresses and ports", Setting.of("memphisee.monitor.port",
        SettingKind.port(), "8222", "Monitor: `/varz`, `/healthz`. No authentication: never route it outside.")
        .inContainer());
    static final Setting<Integer> METRICS_PORT = in("Addresses and ports", Setting.of("memphisee.metrics.port",
        SettingKind.port(), "7777", "Prometheus (`/metrics`) and MicroProfile Health (`/health/started`, `/health/live`, "
        + "`/health/ready`). "
        + "No authentication.").inContainer());
    static {
        for (String host : List.of("dashboard", "monitor", "metrics")) {
            in("Addresses and ports", Setting.of("memphisee." + host + ".public.port", SettingKind.optionalPort(), "",
                "Port in the `Host` header of requests to the " + (host.equals("metrics") ? "metrics port" : host) + " when a proxy or a published port stands "
                + "before it." + (host.equals("dashboard") ? " 80 and 443 are taken besides." : "")).inContainer());
        }
    }

    // --- identity and access
    static final Setting<String> SERVER_NAME = in("Identity and access", Setting.of("memphisee.server.name",
        SettingKind.text("1 to 64 letters, digits, dots, dashes or underscores", "[0-9A-Za-z._-]{1,64}"), "memphis-0",
        "Name of this server as clients and monitors see it."));
    static final Setting<String> ROOT_PASSWORD = in("Identity and access", Setting.of("memphisee.root.password",
        SettingKind.text("at least one character", "(?s).{1,256}"), BrokerSettings.WELL_KNOWN_PASSWORD,
        "Password that the user `root` is made with. Root gets it at a start where it is another than at the start before; "
        + "else root keeps what it has.").hidden().alias("ROOT_PASSWORD"));
    static final Setting<AuthMode> AUTH_MODE = in("Identity and access", Setting.of("memphisee.auth.mode",
        SettingKind.choice(AuthMode.class), "password", "How clients prove who they are: user and password, or one "
        + "shared connection token.").alias("USER_PASS_BASED_AUTH", v -> switch (v.toLowerCase(java.util.Locale.ROOT)) {
            case "true" -> "password";
            case "false" -> "token";
            default -> v;
        }));
    static final Setting<String> CONNECTION_TOKEN = in("Identity and access", Setting.of("memphisee.connection.token",
        SettingKind.text("up to 256 characters", "(?s).{0,256}"), "", "The shared token, needed with "
        + "`memphisee.auth.mode=token`.").hidden().alias("CONNECTION_TOKEN"));
    static final Setting<String> SECRETS_DIR = in("Identity and access", Setting.of("memphisee.secrets.dir",
        SettingKind.text("a directory, or nothing", "[^\\x00]*"), "", "A directory with files named by keys, such as "
        + "`root.password` or `memphisee.root.password`: each is the value of its setting unless the environment has one, as "
        + "secrets are mounted by Docker, Kubernetes and systemd."));

    static final Setting<String> INITIAL_USERS = in("Identity and access", Setting.of("memphisee.initial.users", OPTIONAL_FILE, "",
        "A file of users that the first start makes beside root; read again by none. [Users](access.md#users-of-the-first-start) "
        + "shows one. What is wrong in it stops the first start with the number of the line.").alias("INITIAL_CONFIG_FILE"));
    static final Setting<Boolean> DEFAULT_STATION = in("Identity and access", Setting.of("memphisee.default.station",
        SettingKind.flag(), "false", "Whether the first start makes the station `default` with the schema `demo-schema`, to try "
        + "with, as the reference does."));

    // --- tokens
    private static final String TOKENS = "Tokens of the HTTP doors";
    static final Setting<String> GATEWAY_SECRET = signingSecret("memphisee.gateway.jwt.secret", "access tokens of the "
        + "REST gateway").alias("JWT_SECRET_REST_GW").alias("JWT_SECRET");
    static final Setting<String> GATEWAY_REFRESH_SECRET = signingSecret("memphisee.gateway.jwt.refresh.secret",
        "refresh tokens of the REST gateway").alias("REFRESH_JWT_SECRET_REST_GW").alias("REFRESH_JWT_SECRET");
    static final Setting<String> MANAGEMENT_SECRET = signingSecret("memphisee.dashboard.jwt.secret", "access tokens of "
        + "the management API").alias("JWT_SECRET");
    static final Setting<String> MANAGEMENT_REFRESH_SECRET = signingSecret("memphisee.dashboard.jwt.refresh.secret",
        "refresh tokens of the management API").alias("REFRESH_JWT_SECRET");
    /** All signing secrets. */
    static final List<Setting<String>> SIGNING_SECRETS = List.of(in(TOKENS, GATEWAY_SECRET),
        in(TOKENS, GATEWAY_REFRESH_SECRET), in(TOKENS, MANAGEMENT_SECRET), in(TOKENS, MANAGEMENT_REFRESH_SECRET));
    static final Setting<Integer> GATEWAY_ACCESS_MINUTES = in(TOKENS, Setting.of("memphisee.gateway.jwt.minutes",
        SettingKind.integer(1, 2_000_000_000), "15", "Minutes that access tokens of the REST gateway live when the client "
        + "asks for nothing else.").alias("JWT_EXPIRES_IN_MINUTES"));
    static final Setting<Integer> GATEWAY_REFRESH_MINUTES = in(TOKENS, Setting.of("memphisee.gateway.jwt.refresh.minutes",
        SettingKind.integer(1, 2_000_000_000), "300", "Minutes that refresh tokens of the REST gateway live when the "
        + "client asks for nothing else.").alias("REFRESH_JWT_EXPIRES_IN_MINUTES"));
    static final Setting<Integer> GATEWAY_MAX_MINUTES = in(TOKENS, Setting.of("memphisee.gateway.jwt.max.minutes",
        SettingKind.integerOrZero(1, 2_000_000_000, "for no limit"), "0", "The longest life that a client may ask for; "
        + "longer ones are cut to it."));
    static final Setting<Boolean> GATEWAY_ANONYMOUS = in(TOKENS, Setting.of("memphisee.gateway.jwt.anonymous",
        SettingKind.flag(), "false", "Whether tokens of very old gateways that name no user may still produce, as "
        + "`root`. Whoever has such a token cannot be locked out but by another secret."));
    static final Setting<Integer> MANAGEMENT_ACCESS_MINUTES = in(TOKENS, Setting.of("memphisee.dashboard.jwt.minutes",
        SettingKind.integer(1, 1_000_000), "15", "Minutes that access tokens of the management API live."));
    static final Setting<Integer> MANAGEMENT_REFRESH_MINUTES = in(TOKENS,
        Setting.of("memphisee.dashboard.jwt.refresh.minutes", SettingKind.integer(1, 1_000_000), "2880",
            "Minutes after which somebody who did not come back must sign in to the dashboard again."));

    // --- management API
    static final Setting<String> DASHBOARD_ORIGINS = in("Dashboard and management API",
        Setting.of("memphisee.dashboard.cors.origins",
            SettingKind.text("origins such as https://ui.example.com, separated by commas, or * for any, or nothing",
                "\\*|(https?://[^\\s,/]+(\\s*,\\s*https?://[^\\s,/]+)*)?"), "",
            "Web pages of other hosts that may call the management API with the rights of whoever is signed in there. The "
            + "dashboard's own host always may. `*` lets any page in the world try: only for development."));
    static final Setting<String> SHOWABLE_STATUS = in("Dashboard and management API",
        Setting.of("memphisee.dashboard.showable.status", SettingKind.text("406 or 666", "406|666"), "406",
            "Status of answers whose text is for people. `666` is what clients before release 1.4.2 of the reference "
            + "look for."));
    static final Setting<Boolean> ACCOUNT_REMOVAL = in("Dashboard and management API",
        Setting.of("memphisee.dashboard.account.removal", SettingKind.flag(), "false",
            "Whether root may remove everything at once by `DELETE /api/usermgmt/removeMyUser`: stations with their messages, "
            + "schemas, integrations and all users but root. Nobody is asked again."));
    static final Setting<String> KUBERNETES_NAMESPACE = in("Dashboard and management API",
        Setting.of("memphisee.kubernetes.namespace",
            SettingKind.text("a name space of Kubernetes, or nothing", "([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)?"), "",
            "The name space that the broker runs in; the chart sets it. With one, the management API says that this is "
            + "Kubernetes, and dashboards show addresses of its services.").alias("K8S_NAMESPACE"));

    // --- data
    static final Setting<String> DATA_DIR = in("Data", Setting.of("memphisee.data.dir",
        SettingKind.text("a directory", ANY_PATH), "${user.home}/.memphis-ee/data", "Everything that must survive a "
        + "restart. Started from the source tree it is `data` beside the root `pom.xml`; `mvn clean` does not touch "
        + "it."));
    static final Setting<Durability> DURABILITY = in("Data", Setting.of("memphisee.durability",
        SettingKind.choice(Durability.class), "always", "When a publish is acknowledged unless its station says "
        + "otherwise: `always` after the disk has confirmed it, `interval` before, with a sync at every interval: a "
        + "crash of the machine may then lose acknowledged messages of the last interval."));
    static final Setting<Long> SYNC_INTERVAL = in("Data", Setting.of("memphisee.sync.interval",
        SettingKind.duration("1ms", "1h"), "100ms", "Time between syncs in mode `interval`."));
    static final Setting<Long> STORE_MAX = in("Data", Setting.of("memphisee.store.max",
        SettingKind.sizeOrZero(64 * MIB, 1024 * TIB, "for no limit but the disk"), "0",
        "Bytes that all stations together may take. Above it publishes are refused, reads and acknowledgements go "
        + "on."));
    static final Setting<Long> DISK_MIN_FREE = in("Data", Setting.of("memphisee.disk.min.free",
        SettingKind.size(16 * MIB, 100 * TIB), "1GiB", "Space that is left free on the data disk. Below it publishes "
        + "are refused, reads and acknowledgements go on."));

    static final Setting<Integer> MEMBER_HOURS = in("Data", Setting.of("memphisee.member.retention.hours",
        SettingKind.integer(1, 168), "2", "Hours that a producer or consumer may be without its connection, restarts of the "
        + "broker included, before it is no longer listed. Groups keep their position."));

    static final Setting<Integer> AUDIT_DAYS = in("Data", Setting.of("memphisee.audit.retention.days",
        SettingKind.integer(1, 3_650), "90", "Days that is kept who changed what: stations, groups, users, settings, and what "
        + "was purged."));
    static final Setting<Long> AUDIT_BYTES = in("Data", Setting.of("memphisee.audit.max",
        SettingKind.size(1L << 20, 64L << 30), "64MiB", "Bytes that these records may take; the oldest go first."));
    static final Setting<Integer> ACTIVITY_DAYS = in("Data", Setting.of("memphisee.activity.retention.days",
        SettingKind.integer(1, 365), "3", "Days that is kept which producers and consumers came and went and which single messages "
        + "were removed, within a quarter of the bytes of the audit log."));

    static final Setting<String> STORAGE_KEY_FILE = in("Data", Setting.of("memphisee.storage.key.file", OPTIONAL_FILE, "",
        "File with the keys of [storage encryption](guide/encryption.md), one `NAME BASE64` a line, the first in use. With it, what the log is "
        + "made of is encrypted when it is written; an encrypted log is not opened without it."));

    // --- what can be changed while the broker runs; the largest message and the hours of members are elsewhere
    static final Setting<Integer> DEAD_LETTER_HOURS = in(CHANGEABLE, Setting.of("memphisee.dead.letter.retention.hours",
        SettingKind.integer(1, 30), "3", "Hours that dead letters are kept."));
    static final Setting<Integer> LOG_DAYS = in(CHANGEABLE, Setting.of("memphisee.log.retention.days",
        SettingKind.integer(1, 100), "7", "Days that the lines of the system log in the dashboard are kept."));
    static final Setting<String> BROKER_HOST = in(CHANGEABLE, Setting.of("memphisee.broker.host", OPTIONAL_HOST, "",
        "Where clients reach the broker. Shown in samples of code only."));
    static final Setting<String> UI_HOST = in(CHANGEABLE, Setting.of("memphisee.ui.host", OPTIONAL_HOST, "",
        "Where people reach the dashboard. Shown in samples, and before the links in alerts."));
    static final Setting<String> GATEWAY_HOST = in(CHANGEABLE, Setting.of("memphisee.gateway.host", OPTIONAL_HOST, "",
        "Where clients reach the REST gateway. Shown in samples only."));

    static final Setting<Boolean> INTEGRATIONS_PRIVATE = in("Integrations", Setting.of("memphisee.integrations.private",
        SettingKind.flag(), "false", "Whether alerts may be sent, and messages stored in buckets, at addresses that only "
        + "this machine or its network can reach, and by `http`. Otherwise who administers the broker could reach through it "
        + "what only its machine can."));

    // --- definitions
    static final Setting<String> DEFINITIONS_FILE = in("Definitions", Setting.of("memphisee.definitions.file", OPTIONAL_FILE, "",
        "A document of stations, groups, users, schemas, tags and settings that is imported at each start, before clients are let in. "
        + "[Definitions](guide/definitions.md) says what is in it. A file that cannot be imported ends the start."));
    static final Setting<BrokerSettings.ImportTime> DEFINITIONS_WHEN = in("Definitions", Setting.of("memphisee.definitions.when",
        SettingKind.choice(BrokerSettings.ImportTime.class), "always", "`always` imports it at each start, so that what was removed comes "
        + "back; `empty` only while nothing is defined but root."));
    static final Setting<ConflictPolicy> DEFINITIONS_CONFLICT = in("Definitions", Setting.of("memphisee.definitions.conflict",
        SettingKind.choice(ConflictPolicy.class), "skip", "What happens with things that are there already and are otherwise: `skip` leaves "
        + "them, `update` changes them, `fail` ends the start."));

    // --- backup
    static final Setting<String> BACKUP_DIR = in("Backup", Setting.of("memphisee.backup.dir",
        SettingKind.text("a directory, or nothing for no backups", "[^\\x00]*"), "", "Where backups of the whole node go while it runs, "
        + "best on another disk. [Backup and restore](guide/backup.md) says what is in them."));
    static final Setting<Long> BACKUP_INTERVAL = in("Backup", Setting.of("memphisee.backup.interval",
        SettingKind.duration("1m", "720h"), "24h", "Time between two backups."));
    static final Setting<Integer> BACKUP_KEEP = in("Backup", Setting.of("memphisee.backup.keep",
        SettingKind.integer(1, 1000), "7", "Backups that stay; when one more was made, the oldest goes."));

    // --- REST gateway
    static final Setting<Integer> GATEWAY_BATCH = in("REST gateway", Setting.of("memphisee.gateway.batch.max",
        SettingKind.integer(4 << 20, 1 << 30), "16777216", "Bytes that the body of a batch may have. Each of its messages "
        + "must not be larger than `memphisee.max.payload`."));
    static final Setting<Long> GATEWAY_IDLE = in("REST gateway", Setting.of("memphisee.gateway.idle",
        SettingKind.duration("10s", "24h"), "5m", "Time after which the producers of a user who sends nothing are taken "
        + "back."));
    static final Setting<Boolean> GATEWAY_OLD_STATUS = in("REST gateway", Setting.of("memphisee.gateway.legacy.status",
        SettingKind.flag(), "false", "Answers every failed produce request with status 500, as the reference gateway does, "
        + "instead of 400, 403, 413, 415 or 503."));
    static final Setting<Boolean> GATEWAY_DEVELOPMENT = in("REST gateway", Setting.of("memphisee.gateway.dev",
        SettingKind.flag(), "false", "Shows the use of processor and memory to everybody at "
        + "`/monitoring/getResourcesUtilization`.")
        .alias("DEV_ENV", v -> Boolean.toString(v.replace("\"", "").equals("true"))));
    static final Setting<Boolean> GATEWAY_ACCESS_LOG = in("REST gateway", Setting.of("memphisee.gateway.access.log",
        SettingKind.flag(), "true", "Writes a line per request into `gateway_access.0.log`: time, status, microseconds, "
        + "method and path, never the query. Three files of 20 MiB are kept."));
    static final Setting<String> GATEWAY_ACCESS_LOG_DIR = in("REST gateway",
        Setting.of("memphisee.gateway.access.log.directory", SettingKind.text("a directory", ANY_PATH), "logs",
        "Where that file is, seen from the directory of the running server."));

    // --- WebSocket
    static final Setting<Boolean> WEBSOCKET_COMPRESSION = in("WebSocket", Setting.of("memphisee.websocket.compression",
        SettingKind.flag(), "false", "Offers `permessage-deflate`, without memory between messages. Costs processor time "
        + "for each message; worth it on slow networks."));
    static final Setting<List<String>> WEBSOCKET_ORIGINS = in("WebSocket", Setting.of("memphisee.websocket.origins",
        SettingKind.list("origins such as https://app.example, separated by commas, or nothing for all",
            "same-origin|https?://[0-9A-Za-z.:_\\-\\[\\]]{1,260}"), "",
        "Web pages that may connect, by the `Origin` header that browsers send; `same-origin` stands for pages of the "
        + "address that they connect to. Programs outside of browsers send none and are not asked."));

    // --- TLS
    static final Setting<ClientTls> TLS_CLIENT = in(TLS, Setting.of("memphisee.tls.client",
        SettingKind.choice(ClientTls.class), "off", "The client port: `optional` for who wants it, `required` for all, "
        + "`mutual` for clients that show a certificate."));
    static final Setting<HandshakeFirst> TLS_FIRST = in(TLS, Setting.of("memphisee.tls.handshake.first",
        SettingKind.choice(HandshakeFirst.class), "off", "Whether the handshake comes before the server's first line: "
        + "`auto` serves both kinds of clients and makes those that wait for the line wait 50 ms."));
    static final Setting<Boolean> TLS_WEBSOCKET = in(TLS, Setting.of("memphisee.tls.websocket", SettingKind.flag(),
        "false", "The WebSocket port is `wss`."));
    static final Setting<Boolean> TLS_GATEWAY = in(TLS, Setting.of("memphisee.tls.gateway", SettingKind.flag(),
        "false", "The REST gateway's port is HTTPS."));
    static final Setting<Boolean> TLS_HTTP = in(TLS, Setting.of("memphisee.tls.http", SettingKind.flag(), "false",
        "The gateway and the dashboard are served by HTTPS, both with the key below. Set by the file that makes it so, "
        + "`tls/https.xml` or `tls/https-self-signed.xml` of the server, once it is copied to `configDropins/overrides`. An installed "
        + "server with certificate and key in PEM files needs no copy, only this variable."));
    static final Setting<String> TLS_HTTP_STORE = in(TLS, Setting.of("memphisee.tls.http.store", OPTIONAL_FILE, "",
        "The key store that the container serves HTTPS from, made of the PEM files. Set by `tls/https-pem.xml` of the server alone."));
    static final Setting<String> TLS_KEYSTORE = in(TLS, Setting.of("memphisee.tls.keystore", OPTIONAL_FILE, "",
        "Key store (PKCS12) with key and certificate."));
    static final Setting<String> TLS_KEYSTORE_PASSWORD = in(TLS, Setting.of("memphisee.tls.keystore.password",
        SettingKind.text("up to 256 characters", "(?s).{0,256}"), "", "Password of the key store and of the key in it.")
        .hidden());
    static final Setting<String> TLS_CERTIFICATE = in(TLS, Setting.of("memphisee.tls.certificate", OPTIONAL_FILE, "",
        "Instead of a key store: certificate (PEM), followed by those that lead to its CA."));
    static final Setting<String> TLS_KEY = in(TLS, Setting.of("memphisee.tls.key", OPTIONAL_FILE, "",
        "Its key (PEM: PKCS#8, PKCS#1 or SEC1)."));
    static final Setting<String> TLS_KEY_PASSWORD = in(TLS, Setting.of("memphisee.tls.key.password",
        SettingKind.text("up to 256 characters", "(?s).{0,256}"), "", "Password of an encrypted key file.").hidden());
    static final Setting<String> TLS_CA = in(TLS, Setting.of("memphisee.tls.ca", OPTIONAL_FILE, "",
        "CA certificates (PEM) that sign clients, for `mutual`; without it, the trusted certificates of the key store."));
    static final Setting<String> TLS_LIBERTY = in(TLS, Setting.of("memphisee.tls.liberty.ssl",
        SettingKind.text("an id, or nothing", "[0-9A-Za-z._-]{0,64}"), "",
        "Instead of both: the id of an `ssl` element in server.xml, with the key stores it refers to."));
    static final Setting<Boolean> TLS_SELF_SIGNED = in(TLS, Setting.of("memphisee.tls.self.signed", SettingKind.flag(),
        "false", "For development: a certificate of our own, made in `tls/self-signed.p12` of the data directory, valid "
        + "for 365 days, renewed at the first start after that. Its fingerprint is in the log."));

    // --- cluster
    static final Setting<ClusterSettings.Mode> CLUSTER_MODE = in("Cluster", Setting.of("memphisee.cluster.mode",
        SettingKind.choice(ClusterSettings.Mode.class), "off", "How the nodes of a cluster find each other: `static` by a list, `dns` "
        + "by numbered names, as a StatefulSet of Kubernetes gives them. See the guide to clusters."));
    static final Setting<String> CLUSTER_NAME = in("Cluster", Setting.of("memphisee.cluster.name",
        SettingKind.text("1 to 64 letters, digits, ., _ or -", "[0-9A-Za-z._-]{1,64}"), "memphis", "Name of the cluster; nodes of "
        + "another one are refused."));
    static final Setting<List<String>> CLUSTER_MEMBERS = in("Cluster", Setting.of("memphisee.cluster.members",
        SettingKind.list("nodes such as memphis-0@10.0.0.1:6222, separated by commas", ClusterSettings.MEMBER), "",
        "With `static`: all nodes, this one included, by `memphisee.server.name` and the address under which others find it. The "
        + "same on all nodes."));
    static final Setting<String> CLUSTER_DNS_QUERY = in("Cluster", Setting.of("memphisee.cluster.dns.query",
        SettingKind.text("a name in the DNS, or nothing", "[0-9A-Za-z._-]{0,200}"), "", "With `dns`: the headless service; node "
        + "`memphis-1` is found as `memphis-1.` and this name."));
    static final Setting<Integer> CLUSTER_DNS_SIZE = in("Cluster", Setting.of("memphisee.cluster.dns.size",
        SettingKind.integer(2, 9), "3", "With `dns`: how many nodes there are, numbered from 0."));
    static final Setting<Integer> CLUSTER_PORT = in("Cluster", Setting.of("memphisee.cluster.port", SettingKind.port(), "6222",
        "Port between nodes, where the list of members has none. Never opened by a broker alone."));
    static final Setting<String> CLUSTER_BIND = in("Cluster", Setting.of("memphisee.cluster.bind",
        SettingKind.text("an address, or nothing", "[0-9A-Za-z.:_-]{0,253}"), "", "Address to listen on; without it, that of this "
        + "node among the members."));
    static final Setting<String> CLUSTER_CLIENT_ADVERTISE = in("Cluster", Setting.of("memphisee.cluster.client.advertise",
        SettingKind.text("a host, or host:port and ws://host:port separated by commas, or nothing", "[0-9A-Za-z.:/,_\\[\\]-]{0,256}"), "",
        "Where clients find this node, as other nodes tell theirs: a host, with the ports of this node, or `localhost:6667,"
        + "ws://localhost:7771`. Without it, the host of this node among the members."));
    static final Setting<String> CLUSTER_SECRET = in("Cluster", Setting.of("memphisee.cluster.secret",
        SettingKind.text("up to 1024 characters", "(?s).{0,1024}"), "", "Secret of at least 32 characters by which nodes know each "
        + "other, alike on all; may be left out only where all addresses are loopback.").hidden());
    static final Setting<String> CLUSTER_TLS_CERTIFICATE = in("Cluster", Setting.of("memphisee.cluster.tls.certificate", OPTIONAL_FILE,
        "", "TLS between nodes: this node's certificate (PEM), followed by those that lead to its CA. Its DNS name, or without one "
        + "its common name, must be a member's name."));
    static final Setting<String> CLUSTER_TLS_KEY = in("Cluster", Setting.of("memphisee.cluster.tls.key", OPTIONAL_FILE, "",
        "Its key (PEM: PKCS#8, PKCS#1 or SEC1)."));
    static final Setting<String> CLUSTER_TLS_KEY_PASSWORD = in("Cluster", Setting.of("memphisee.cluster.tls.key.password",
        SettingKind.text("up to 256 characters", "(?s).{0,256}"), "", "Password of an encrypted key file.").hidden());
    static final Setting<String> CLUSTER_TLS_CA = in("Cluster", Setting.of("memphisee.cluster.tls.ca", OPTIONAL_FILE, "",
        "CA (PEM) that signs the nodes, and should sign nobody else."));
    static final Setting<Boolean> CLUSTER_INSECURE = in("Cluster", Setting.of("memphisee.cluster.insecure", SettingKind.flag(), "false",
        "Nodes may speak without TLS on other addresses than loopback. Whoever is on that network can read everything and pretend "
        + "to be a node."));

    static final Setting<Long> CLUSTER_JOURNAL = in("Cluster", Setting.of("memphisee.cluster.journal.max",
        SettingKind.sizeOrZero(64 * MIB, TIB, "for 1 GiB or a tenth of the disk, whichever is less"), "0", "What the journal of a node "
        + "may take, and up to 64 MiB more while it is full. It keeps what nodes that are away still lack; one that lacks more copies "
        + "everything that differs when it is back."));
    static final Setting<String> CLUSTER_REPLICAS = in("Cluster", Setting.of("memphisee.cluster.replicas.default",
        SettingKind.text("auto, 1, 3 or 5", "auto|1|3|5"), "auto", "Copies of a station that is made because somebody produces to or "
        + "consumes from it, or as a dead-letter station: `auto` is 3 where three nodes are there, else 1. With a number it is not made "
        + "while fewer nodes are there. Stations that are there stay as they are."));
    static final Setting<Long> CLUSTER_REBUILD_RATE = in("Cluster", Setting.of("memphisee.cluster.rebuild.rate",
        SettingKind.size(64 * KIB, 64 * GIB), "64MiB", "Bytes a second that a node copies of each group when it lost its disk or was "
        + "away for long."));

    static final Setting<Long> CLUSTER_SCRUB_RATE = in("Cluster", Setting.of("memphisee.cluster.scrub.rate",
        SettingKind.sizeOrZero(16 * KIB, 64 * GIB, "for never"), "4MiB", "Bytes a second that a node reads of what it stores with others, once "
        + "a week, to find what a disk has damaged while another node has it whole."));

    // --- limits and budgets
    static final Setting<Long> MAX_PAYLOAD = in("Limits and budgets", Setting.of("memphisee.max.payload",
        SettingKind.size(KIB, 64 * MIB), "1MiB", "Largest message, headers included. A larger one closes the "
        + "connection."));
    static final Setting<Integer> MAX_CONNECTIONS = in("Limits and budgets", Setting.of("memphisee.max.connections",
        SettingKind.integer(1, 1_000_000), "65536", "Client connections at a time, and as many again of the REST "
        + "gateway. Further ones are refused with `maximum connections exceeded`.").inContainer());
    static final Setting<Integer> OUTBOUND = in("Limits and budgets", Setting.of("memphisee.connection.outbound",
        SettingKind.integer(65_536, 1_073_741_824), "16777216", "Bytes that may wait for one client that reads slowly. "
        + "Above a quarter of it those who publish to the client are held back while it reads; one that takes nothing for "
        + "two seconds is not waited for, and above all of it the client is closed as slow consumer.").inContainer());
    static final Setting<Long> INBOX = in("Limits and budgets", Setting.of("memphisee.shard.inbox",
        SettingKind.size(MIB, 4 * GIB), "32MiB", "Bytes that may wait for one shard. Above it the broker stops reading "
        + "from the clients that send to it."));
    static final Setting<Long> BATCH_CACHE = in("Limits and budgets", Setting.of("memphisee.cache.batches",
        SettingKind.size(MIB, TIB), "32MiB", "Memory for batches that are served without reading the disk."));
    static final Setting<Long> STORE_CACHE = in("Limits and budgets", Setting.of("memphisee.cache.store",
        SettingKind.size(16 * MIB, TIB), "96MiB", "Memory of the store's own cache (Berkeley DB JE)."));
    static final Setting<Long> STATION_MEMORY = in("Limits and budgets", Setting.of("memphisee.memory.stations",
        SettingKind.sizeOrZero(MIB, TIB, "for a quarter of the heap"), "0", "What the messages of all stations in memory "
        + "together may occupy. Above it their publishes are refused; reads, acknowledgements and removals go on. What their "
        + "limits of bytes reserve may not be more either."));
    static final Setting<Long> DEAD_LETTER_BYTES = in("Limits and budgets", Setting.of("memphisee.dead.letter.bytes",
        SettingKind.size(MIB, TIB), "64MiB", "What the dead letters of one partition may take; the oldest go first. There are at most "
        + "100 000 of them."));
    static final Setting<Long> TIERED_WAITING = in("Limits and budgets", Setting.of("memphisee.tiered.waiting",
        SettingKind.size(MIB, TIB), "1GiB", "What may wait in all stations of a node for tiered storage, over what their retention "
        + "allows, while the bucket takes nothing. Above it the oldest is removed without being there, and counted."));
    static final Setting<Long> INDEX_MEMORY = in("Limits and budgets", Setting.of("memphisee.memory.index",
        SettingKind.sizeOrZero(MIB, TIB, "for 40 % of the heap"), "0", "Memory for the message ids of the deduplication "
        + "windows (about 15 bytes each, 23 in stations with several partitions) and for subjects (about 25 bytes each where "
        + "there are many). When it is used up, publishes with a message id, or with a subject that is not stored yet, are "
        + "refused."));
    static final Setting<Integer> SHARDS = in("Limits and budgets", Setting.of("memphisee.shards",
        SettingKind.integerOrZero(1, 1024, "for one per processor"), "0", "Threads that own the stations' partitions."));
    static final Setting<Integer> IO_THREADS = in("Limits and budgets", Setting.of("memphisee.io.threads",
        SettingKind.integerOrZero(1, 1024, "for one per processor, at most 4"), "0", "Threads that read and write "
        + "client sockets.").inContainer());

    // --- life cycle and logging
    private static final String LIFE = "Life cycle and logging";
    static final Setting<Long> DRAIN_DELAY = in(LIFE, Setting.of("memphisee.drain.delay", SettingKind.duration("0ms", "10m"),
        "0ms", "Time between SIGTERM and the moment when clients are asked to leave. Meanwhile they are served and the server "
        + "says that it is not ready, so that load balancers send nobody new."));
    static final Setting<Long> DRAIN_TIMEOUT = in(LIFE, Setting.of("memphisee.drain.timeout", SettingKind.duration("0ms", "10m"),
        "60s", "In a cluster: so long a node that is told to stop waits at most until others are in step and lead what it led."));
    static final Setting<Long> LAME_DUCK = in(LIFE, Setting.of("memphisee.cluster.lame.duck", SettingKind.duration("0ms", "1h"),
        "30s", "In a cluster: time in which clients of a node that stops are sent to the others. They are told first, and then "
        + "disconnected one after the other."));
    static final Setting<Long> LAME_DUCK_GRACE = in(LIFE, Setting.of("memphisee.cluster.lame.duck.grace",
        SettingKind.duration("0ms", "1h"), "10s", "How much of it passes before the first one is disconnected."));
    static final Setting<String> LOG_CONSOLE_LEVEL = in(LIFE, Setting.of("memphisee.log.console.level",
        SettingKind.text("one of INFO, AUDIT, WARNING, ERROR, OFF", "INFO|AUDIT|WARNING|ERROR|OFF"), "WARNING",
        "What the console shows beside what is printed for people; the file `messages.log` has everything.").inContainer());
    static final Setting<String> LOG_CONSOLE_FORMAT = in(LIFE, Setting.of("memphisee.log.console.format",
        SettingKind.text("one of dev, simple, json", "dev|simple|json"), "dev", "How the console looks: `dev` is text, `simple` "
        + "is text with time and thread, `json` an object on each line, for programs that collect logs.").inContainer());

    // --- monitoring
    static final Setting<Boolean> MONITOR_STACKS = in("Monitoring", Setting.of("memphisee.monitor.stacks",
        SettingKind.flag(), "false", "Whether the monitor shows stack traces of all threads at `/stacksz`."));
    static final Setting<String> MONITOR_BASE_PATH = in("Monitoring", Setting.of("memphisee.monitor.base.path",
        SettingKind.text("nothing, or a path such as /nats, without a slash at its end", "(/[0-9A-Za-z._~-]{1,100}){0,5}"), "",
        "What stands before every path of the monitor. The page at `/` answers in any case, for probes."));
    static final Setting<Boolean> METADATA_REQUIRED = in("Monitoring", Setting.of("memphisee.health.metadata.required",
        SettingKind.flag(), "false", "Whether a server whose metadata database has been out of reach for more than ten "
        + "seconds is not ready. Clients produce and consume without it."));
    static final Setting<Integer> METRICS_CONSUMERS = in("Monitoring", Setting.of("memphisee.metrics.max.consumers",
        SettingKind.integerOrZero(1, 1_000_000, "for none"), "10000", "Consumers that have series of their own at "
        + "`/metrics`, eight each. Further ones, in the order of their streams' and their own names, have none, and "
        + "`memphis_broker_consumers_without_series` counts them."));
    static final Setting<String> METRICS_ALLOW = in("Monitoring", Setting.of("memphisee.metrics.streams.allow",
        SettingKind.pattern(), ".*", "Streams that have series of their own, their consumers with them: a regular "
        + "expression for the whole name (a station's partitions are `name$1`, `name$2`, …)."));
    static final Setting<String> METRICS_DENY = in("Monitoring", Setting.of("memphisee.metrics.streams.deny",
        SettingKind.pattern(), "", "Of those, streams that have none: a regular expression, or nothing."));
    static final Setting<String> METRICS_CONSUMERS_ALLOW = in("Monitoring", Setting.of("memphisee.metrics.consumers.allow",
        SettingKind.pattern(), ".*", "Consumers that have series of their own: a regular expression for the whole name."));
    static final Setting<String> METRICS_CONSUMERS_DENY = in("Monitoring", Setting.of("memphisee.metrics.consumers.deny",
        SettingKind.pattern(), "", "Of those, consumers that have none: a regular expression, or nothing."));
    static final Setting<String> METRICS_SECOND_PREFIX = in("Monitoring", Setting.of("memphisee.metrics.second.prefix",
        SettingKind.text("1 to 20 small letters or nothing", "([a-z]{1,20})?"), "", "Every series that begins with "
        + "`memphis_` is given with this prefix too; `nats` serves dashboards made for that."));

    // --- metadata
    static final Setting<DatabaseMode> DB_MODE = in("Metadata database", Setting.of("memphisee.metadata.mode",
        SettingKind.choice(DatabaseMode.class), "embedded", "`embedded` starts a PostgreSQL with the broker, "
        + "`external` uses yours. `METADATA_DB_HOST` implies `external`.").alias("METADATA_DB_HOST", v -> "external"));
    static final Setting<String> DB_HOST = in("Metadata database", Setting.of("memphisee.metadata.host",
        SettingKind.text("a host name or address", "[0-9A-Za-z.:_-]{1,253}"), "localhost",
        "Host of the external database.").alias("METADATA_DB_HOST"));
    static final Setting<Integer> DB_PORT = in("Metadata database", Setting.of("memphisee.metadata.port",
        SettingKind.port(), "5432", "Port of the database, embedded (on 127.0.0.1 only) or external.")
        .alias("METADATA_DB_PORT"));
    static final Setting<String> DB_NAME = in("Metadata database", Setting.of("memphisee.metadata.database",
        SettingKind.text("1 to 63 lower-case letters, digits or underscores", "[a-z0-9_]{1,63}"), "memphis",
        "Name of the external database.").alias("METADATA_DB_DBNAME"));
    static final Setting<String> DB_USER = in("Metadata database", Setting.of("memphisee.metadata.user",
        SettingKind.text("1 to 63 characters", "[^\\s\\x00]{1,63}"), "memphis", "User of the external database.")
        .alias("METADATA_DB_USER"));
    static final Setting<String> DB_PASSWORD = in("Metadata database", Setting.of("memphisee.metadata.password",
        SettingKind.text("up to 256 characters", "(?s).{0,256}"), "", "Password of the external database. The "
        + "embedded one makes its own.").hidden().alias("METADATA_DB_PASS"));
    static final Setting<String> DB_PROGRAMS = in("Metadata database", Setting.of("memphisee.metadata.programs",
        SettingKind.text("a directory, or nothing", "[^\\x00]*"), "", "Directory with `bin`, `lib` and `share` of the "
        + "PostgreSQL that `embedded` starts. Without it the programs that come with the broker are unpacked into the data "
        + "directory and run from there, or into the work area of the server when nothing may be run in the data directory (`noexec`)."));
    static final Setting<Integer> DB_CONNECTIONS = in("Metadata database",
        Setting.of("memphisee.metadata.max.connections", SettingKind.integer(1, 100), "10",
            "Connections to the database at most.").alias("METADATA_DB_MAX_CONNS"));
    static final Setting<DatabaseTls> DB_TLS = in("Metadata database", Setting.of("memphisee.metadata.tls",
        SettingKind.choice(DatabaseTls.class), "off", "TLS to the external database: `verify` checks its certificate "
        + "and host name, `mutual` also shows ours.")
        .alias("METADATA_DB_TLS_MUTUAL", v -> v.equalsIgnoreCase("true") ? "mutual" : "")
        .alias("METADATA_DB_TLS_ENABLED", v -> v.equalsIgnoreCase("true") ? "verify" : "off"));
    static final Setting<String> DB_TLS_CA = file("ca", "CA certificate (PEM) of the external database.", "CA");
    static final Setting<String> DB_TLS_CERTIFICATE = file("certificate", "Our certificate (PEM) for `mutual`.", "CRT");
    static final Setting<String> DB_TLS_KEY = file("key", "Our key (PKCS#8, PEM or DER) for `mutual`, which others "
        + "must not be able to read.", "KEY");

    private Settings() { }

    /** Which database it is and how to get in. */
    static final List<Setting<?>> DATABASE_ACCESS = List.of(DB_MODE, DB_HOST, DB_PORT, DB_NAME, DB_USER, DB_PASSWORD);
    /** What the reference takes when it knows only the host of its database. */
    static final Map<String, String> REFERENCE_DATABASE = Map.of("METADATA_DB_PORT", "5005", "METADATA_DB_PASS", "memphis");

    /** All settings by section, in the order of the documentation. */
    static Map<String, List<Setting<?>>> sections() {
        return SECTIONS;
    }

    /** All settings. */
    static List<Setting<?>> all() {
        List<Setting<?>> all = new ArrayList<>();
        SECTIONS.values().forEach(all::addAll);
        return all;
    }

    /** Variables of the reference broker that are known and have no effect here, with the reason. */
    static Map<String, String> ignoredVariables() {
        Map<String, String> ignored = new LinkedHashMap<>();
        ignored.put("ENCRYPTION_SECRET_KEY", "nothing is encrypted with it in this version");
        for (String name : List.of("DOCKER_ENV", "LOCAL_CLUSTER_ENV", "ENV")) {
            ignored.put(name, "nothing depends on where the broker runs");
        }
        ignored.put("WS_HOST", "the dashboard finds the WebSocket port by itself");
        ignored.put("EXPORTER", "metrics need no separate exporter");
        for (String name : List.of("ANALYTICS", "PROVIDER", "REGION", "INSTALLATION_SOURCE")) {
            ignored.put(name, "nothing is ever reported to anybody");
        }
        for (String name : List.of("USER_CACHE_LIFE_MINUTES", "USER_CACHE_CLEAN_MINUTES", "USER_CACHE_MAX_SIZE_MB")) {
            ignored.put(name, "users are always in memory and current");
        }
        ignored.put("MAX_CONCURRENT_JS_API_REQUESTS", "the control loop has its own budget");
        ignored.put("FUNCTIONS_ADMIN_SERVICE_HOST", "functions belong to the hosted edition");
        ignored.put("FUNCTIONS_ADMIN_SERVICE_PORT", "functions belong to the hosted edition");
        return ignored;
    }

    private static Setting<String> file(String name, String description, String alias) {
        return in("Metadata database", Setting.of("memphisee.metadata.tls." + name,
            SettingKind.text("a file, or nothing", "[^\\x00]*"), "", description).alias("METADATA_DB_TLS_" + alias));
    }

    private static Setting<String> signingSecret(String key, String what) {
        return Setting.of(key, SettingKind.text("8 to 1024 characters", "(?s).{0,1024}"), "", "Secret that " + what
            + " are signed with. Without it one is made at the first start and kept in the data directory. An empty, "
            + "short or well-known one is refused. Servers that share their clients need the same.").hidden();
    }

    private static <T> Setting<T> in(String section, Setting<T> setting) {
        SECTIONS.computeIfAbsent(section, s -> new ArrayList<>()).add(setting);
        return setting;
    }
}
