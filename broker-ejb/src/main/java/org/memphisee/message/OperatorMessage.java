package org.memphisee.message;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Messages for operators: a number that never changes its meaning, a level, a text, the cause and the remedy. Groups:
 * 0001 life cycle and settings, 0100 embedded database, 0200 metadata, 0300 storage, 0400 access, 0500 TLS, 0600
 * monitoring, 0700 the cluster, 0760 links between nodes, 0770 backups, 0810 beginnings. Numbers are not used twice.
 */
public enum OperatorMessage {
    STARTING(1, Level.INFO, "Memphis EE starts, data directory {0}", "The server starts.", "None."),
    WRONG_SETTING(2, Level.SEVERE, "Wrong setting: {0}", "A setting has a value that is not allowed. The server stops, "
        + "nothing was changed.", "Set the value as the line says; docs/configuration.md lists all settings."),
    SETTING_WITHOUT_EFFECT(3, Level.INFO, "{0}", "A variable of the reference broker is set that means nothing here.",
        "Remove the variable, or leave it."),
    PORT_IN_USE(4, Level.SEVERE, "Port {0} ({1}) is in use by another program", "Something else listens on the port; "
        + "each one that is taken has a line. The server does not start.", "Stop the other program, or choose another port with {2}."),
    DATA_DIRECTORY_UNUSABLE(5, Level.SEVERE, "Data directory {0} cannot be used: {1}", "It cannot be made, read or "
        + "written. The server stops.", "Give the server''s user the right to write there, or set MEMPHISEE_DATA_DIR."),
    DATA_DIRECTORY_LOCKED(6, Level.SEVERE, "Data directory {0} is in use by process {1}", "Another broker works in the "
        + "same directory. The server stops.", "Stop the other broker, or set MEMPHISEE_DATA_DIR."),
    START_FAILED(7, Level.SEVERE, "The broker did not start: {0}", "See the text and the exception logged with it. The "
        + "server stops; stored data is untouched.", "Remove the cause and start again."),
    READY(8, Level.INFO, "Ready after {0} s", "Clients are served.", "None."),
    STOPPING(9, Level.INFO, "Stopping: clients are asked to leave", "The server was told to stop.", "None."),
    STOPPED(10, Level.INFO, "Stopped after {0} s", "Everything is closed and on disk.", "None."),
    HTTP_PORT_SILENT(12, Level.WARNING, "Port {0} ({1}) did not answer within {2} s", "The web module is not up yet or "
        + "failed.", "Look for errors of the module above in the log."),
    STOP_FAILED(13, Level.WARNING, "While stopping, {0} failed: {1}", "A part could not be closed cleanly. The others "
        + "were.", "None; the next start recovers. Report it if it happens again."),
    UNKNOWN_SETTING(14, Level.WARNING, "There is no setting {0}", "A variable that begins with MEMPHISEE_, or a key that begins "
        + "with memphisee., is set and unknown. It is ignored: a default is in force instead.", "Correct the name or remove it; "
        + "docs/configuration.md lists all settings."),
    MEMORY_EXHAUSTED(15, Level.SEVERE, "The memory of the server is exhausted, it ends", "The heap, -Xmx in the server''s "
        + "jvm.options, has no room for what is in use. What was acknowledged is on the disk; stations in memory are gone. Printed by "
        + "tools/out-of-memory of the server, which the JVM starts.", "Raise -Xmx in the server''s jvm.options, or lower the budgets "
        + "of memory in docs/configuration.md; then start again."),
    FEW_FILES(16, Level.WARNING, "The process may open {0} files, and memphisee.max.connections is {1}", "Each client is an open "
        + "file. When no more may be opened, new clients are not accepted and stations cannot be stored.", "Raise the limit of "
        + "open files (ulimit -n, LimitNOFILE of systemd) to {2} or more, or lower memphisee.max.connections."),
    MEMORY_TOO_SMALL(17, Level.SEVERE, "The memory limit is too small", "The control group or the machine has less than 768 MiB. "
        + "Printed by bin/memory of an installation, before the server starts.", "Raise the limit; 1 GiB is the least that is of "
        + "use."),
    DRAINING(18, Level.INFO, "Told to stop: not ready from now on, clients are asked to leave in {0} ms", "SIGTERM, and "
        + "memphisee.drain.delay is set: load balancers learn that nobody new should come. A second SIGTERM ends the wait.",
        "None."),

    POSTGRES_STARTED(101, Level.INFO, "Embedded PostgreSQL listens on 127.0.0.1:{0}", "The metadata database is up.",
        "None."),
    POSTGRES_PORT_IN_USE(102, Level.WARNING, "Port {0} (embedded PostgreSQL) is in use by another program; the broker "
        + "goes on without its metadata database and tries again", "Another PostgreSQL probably runs on this machine. "
        + "Clients are not affected; queries on metadata wait. Where the port was set on purpose and is taken before the start, "
        + "the server does not start (MEE0004).", "Choose another port with MEMPHISEE_METADATA_PORT, or "
        + "use yours with MEMPHISEE_METADATA_MODE=external."),
    POSTGRES_START_FAILED(103, Level.WARNING, "Embedded PostgreSQL did not start, next try in {0} s: {1}", "See the text "
        + "and postgres/log in the data directory. Clients are not affected.", "Remove the cause; the broker tries by "
        + "itself."),
    POSTGRES_SURVIVOR(104, Level.INFO, "Stopped an embedded PostgreSQL (process {0}) that outlived a killed broker",
        "The broker was killed before and could not stop its database.", "None."),
    POSTGRES_ORPHAN(840, Level.INFO, "Ended an embedded PostgreSQL (process {0}) whose directory {1} had been removed",
        "The broker was killed before and could not stop its database, and then the data directory was removed.", "None."),
    POSTGRES_STOPPED(105, Level.INFO, "Embedded PostgreSQL stopped", "The server stops.", "None."),

    METADATA_AVAILABLE(201, Level.INFO, "Metadata database {0} is available, schema version {1}", "The projection of "
        + "the log is being kept up to date.", "None."),
    METADATA_UNAVAILABLE(202, Level.WARNING, "Metadata database is unavailable, next try in {0} s: {1}", "The database is "
        + "down, refuses us or does not answer in time. Clients are not affected; nothing is lost, the projection "
        + "catches up.", "Start the database, or correct the settings memphisee.metadata.*."),
    METADATA_TAKEN(854, Level.WARNING, "Metadata database {0} belongs to another broker, {1}; next try in {2} s", "Two brokers, for "
        + "instance two nodes of a cluster, are to use one database: each would write anew what the other one wrote. Clients are not "
        + "affected; the dashboard lacks what it reads there.", "Give each broker or node a database of its own "
        + "(memphisee.metadata.database), or have it use the embedded one (memphisee.metadata.mode=embedded). When the other broker has gone for "
        + "good, wait a minute."),
    PROJECTION_FAILED(204, Level.WARNING, "The metadata tables cannot be written, next try in {0} s: {1}", "The database "
        + "refuses what the log says; probably somebody changed its tables. Clients are not affected.", "Undo the change, "
        + "or give the broker an empty database: it writes everything anew from the log."),
    PROJECTION_REBUILT(203, Level.INFO, "Metadata was written anew from the log, up to event {0}: {1}", "The tables did "
        + "not fit to the log: a new database, another data directory, or a long time without database.", "None."),

    STORAGE_FULL(301, Level.SEVERE, "Publishes are refused: the disk or the store''s budget is nearly full", "Less than "
        + "memphisee.disk.min.free is free, or more than memphisee.store.max is used. Reading and acknowledging go on.",
        "Free disk space, lower the retention of stations, or raise the limit; publishes are taken again by themselves."),
    STORAGE_HAS_ROOM(302, Level.INFO, "There is room again: publishes are accepted", "Space was freed.", "None."),
    PARTITION_FROZEN(303, Level.SEVERE, "Stream {0} takes no more publishes: {1}", "A record could not be read or a write "
        + "failed; when that was at the start, or something unexpected was met, the stream is offline as a whole. Nothing "
        + "was deleted or changed; other streams are not affected unless the whole store failed.", "Check disk and "
        + "file system, then restart the broker; docs/store-tool.md says how to look at the store."),
    UNEXPECTED(304, Level.SEVERE, "Unexpected failure in {0}: {1}", "A defect of the broker. The thread goes on.",
        "Report it with the exception that was logged."),

    SECRETS_UNUSABLE(401, Level.SEVERE, "The secrets that tokens are signed with cannot be used: {0}", "The file "
        + "signing.secrets in the data directory cannot be read, written or understood. The server stops.", "Restore the "
        + "file from a backup, or give the server''s user the right to it. Without the file new secrets are made, and "
        + "everybody has to sign in again."),
    SHORT_SECRET(402, Level.WARNING, "A configured signing secret has less than 32 characters", "Whoever has a token can try "
        + "to find the secret out, and with it make tokens of any user.", "Set a longer random one; tokens made before are "
        + "refused then."),
    ROOT_PASSWORD_REPLACED(403, Level.INFO, "Root has the configured password now", "ROOT_PASSWORD is another than at the start "
        + "before, and root had another password. Its tokens are no longer valid.", "None. What is set through the management API "
        + "stays until ROOT_PASSWORD changes again."),

    STORAGE_KEYS_UNUSABLE(404, Level.SEVERE, "The log cannot be decrypted: {0}", "The keys of storage encryption are missing, or are "
        + "not those that the log was written with. The server stops, nothing was changed.", "Give memphisee.storage.key.file a file "
        + "with them. Without them nobody can read the log; restore a backup whose keys are there."),
    STORAGE_ENCRYPTED(405, Level.INFO, "The log is encrypted with the storage key {0}", "memphisee.storage.key.file is set. What was "
        + "written before without it stays readable until it is removed.", "None. Keep the file apart from backups, and do not lose it."),
    STORAGE_KEY_CHANGED(406, Level.INFO, "The storage key is {0} now, for {1} data keys", "The file of storage keys begins with another "
        + "key than before.", "Older keys may be taken out of the file, once no backup needs them."),
    INITIAL_USERS_MADE(810, Level.INFO, "Made {0} users from the file of initial users", "It is the first start, and "
        + "memphisee.initial.users is set.", "None. The file is not needed any more; remove it if there are passwords in it."),

    BACKUP_MADE(770, Level.INFO, "Backup {0} made in {1} s", "A backup on the schedule, or one that somebody asked for, is complete.", "None."),
    BACKUP_FAILED(771, Level.WARNING, "No backup was made: {0}", "The directory of backups cannot be written or is full, or the "
        + "store takes nothing. Nothing half is left; the broker goes on and tries again.", "Remove the cause. Until then the newest "
        + "backup is the one before."),

    TIER_FAILS(772, Level.WARNING, "Tiered storage does not take messages: {0}", "The bucket cannot be reached, or refuses the broker. What is due "
        + "waits in its stations, up to memphisee.tiered.waiting; producers do not notice.", "Look at the integration s3 and at the bucket. It "
        + "is tried again at least every minute."),
    TIER_WORKS(773, Level.INFO, "Tiered storage takes messages again", "What waited is being stored.", "None."),
    TIER_LOST(774, Level.SEVERE, "{0} messages left their stations without being in tiered storage", "More waited than memphisee.tiered.waiting "
        + "allows, or there was no room for new messages, while the bucket took nothing.", "Remove the cause of MEE0772. What is lost is lost."),

    DEFINITIONS_IMPORTED(820, Level.INFO, "Definitions of {0} imported: {1} made, {2} changed, the others left as they are", "The document that "
        + "memphisee.definitions.file names was imported.", "None."),
    DEFINITIONS_REFUSED(821, Level.SEVERE, "Definitions of {0} were not imported: {1}", "The document that memphisee.definitions.file "
        + "names cannot be read, is not valid, or does not fit what is defined here. The server stops.", "Correct the document as the "
        + "line says, or remove memphisee.definitions.file; memphisee.definitions.conflict says what happens with what is there already."),

    DATA_FORMAT_UNKNOWN(822, Level.SEVERE, "Data directory {0} is not for this release: {1}", "The data were written by a newer release, "
        + "or the file version in the data directory is damaged. The server stops, nothing was touched.", "Do what the line says; "
        + "docs/guide/upgrade.md says which releases read which data."),
    DATA_OF_OTHER_RELEASE(823, Level.INFO, "Data directory {0} was written by release {1}, this is {2}", "The server was upgraded, or an "
        + "earlier release is started again. The data are taken along.", "None."),

    TLS_UNUSABLE(501, Level.SEVERE, "TLS cannot be set up: {0}", "Key, certificate or CA are missing or do not fit. The "
        + "server stops, nothing was changed.", "{1}."),
    CERTIFICATE_MADE(502, Level.INFO, "Made a self-signed certificate for development, {0}, valid until {1}, SHA-256 "
        + "fingerprint {2}", "memphisee.tls.self.signed is set, and there was none or it had expired.", "None; let clients "
        + "trust it, or give them the fingerprint."),
    CERTIFICATE_IN_USE(503, Level.INFO, "TLS with certificate {0}, valid until {1}, SHA-256 fingerprint {2}", "TLS is on.",
        "None."),
    CERTIFICATE_EXPIRED(504, Level.WARNING, "Certificate {0} expired at {1}", "Clients that check certificates do not "
        + "connect.", "Replace the certificate's file; delete a self-signed one and restart to get a new one."),
    CERTIFICATE_EXPIRES(505, Level.WARNING, "Certificate {0} expires at {1}", "Less than 30 days are left.", "Replace the "
        + "certificate's file. A running server takes a new one within 20 seconds."),
    CERTIFICATE_RENEWED(506, Level.INFO, "New connections get certificate {0}, valid until {1}, SHA-256 fingerprint {2}",
        "A file of the key or the container's key store has changed. Open connections keep what they have.", "None."),
    CERTIFICATE_NOT_RENEWED(507, Level.WARNING, "The key has changed and cannot be used, the one before stays in use: {0}",
        "A file of the key has changed, and does not fit or is not complete.", "{1}. It is looked at again when it "
        + "changes."),

    CLUSTER_WAITS(700, Level.INFO, "Not yet one of the cluster: {0}", "A node serves when its cluster is formed, for which all nodes "
        + "must be there once, and when it has what was defined.", "Start the nodes that are missing, or do what the message says."),
    CLUSTER_FORMED(701, Level.INFO, "One of the cluster {0}", "The cluster is formed, or was when this node started.", "None."),
    CLUSTER_LEADER(702, Level.INFO, "{0} leads the definitions", "The nodes elected it.", "None."),
    CLUSTER_NO_LEADER(703, Level.WARNING, "No node is known to lead the definitions", "The leader was lost, and the others elect another "
        + "one; or this node reaches no majority. Until then nothing can be defined, changed or removed here.", "None when it is over in "
        + "seconds. Else look at the other nodes and at the network between them."),
    CLUSTER_REBUILDS(704, Level.WARNING, "This node lacks more of {0} than the others keep for it, and is given all of it anew",
        "It was away for long, or lost its journal.", "None; start the other nodes if they are not there."),
    CLUSTER_OUTDATED(708, Level.WARNING, "This node was given all definitions anew, and opens again with them", "It was cut off for "
        + "longer than the others keep what is defined for it. Its clients are disconnected, and it is not ready until it is open.",
        "None; clients connect to another node, or again."),
    HANDED_OVER(720, Level.INFO, "Other nodes lead what this one led, after {0} ms", "This node is about to stop.", "None."),
    NOT_HANDED_OVER(721, Level.WARNING, "This node stops while it still leads something", "No other node that has it was there and in step "
        + "within memphisee.drain.timeout, or somebody asked a second time. What was acknowledged is on the disks of a majority; what is "
        + "only on this node is there when it is back.", "Stop one node at a time, and go on when the last one is ready."),
    CLIENTS_SENT_AWAY(722, Level.INFO, "{0} clients are sent to {1} other nodes within {2} ms", "This node is about to stop, and "
        + "memphisee.cluster.lame.duck says how long that may take.", "None."),
    OWN_NAME_UNKNOWN(724, Level.WARNING, "The name of this node, {0}, is not known yet; it is tried for two minutes", "The DNS has not "
        + "heard of it, which takes a while after a pod was started, or the name is wrong.", "None when it is over soon. Else correct "
        + "memphisee.cluster.members or memphisee.cluster.dns.query; in Kubernetes the headless service needs "
        + "publishNotReadyAddresses: true."),
    CLUSTER_PART_FAILED(705, Level.SEVERE, "{0} of this node takes no more part in the cluster: {1}", "Its journal or its store failed, or "
        + "what was decided cannot be read here. The other nodes go on.", "Look at the disk of this node, and restart it."),
    STORED_DAMAGED(725, Level.WARNING, "What this node has stored is damaged, and looked for on the other nodes: {0}", "A checksum does not "
        + "fit: a disk, a controller or memory changed what was written.", "None when MEE0726 follows. When it happens again, replace the "
        + "disk: see the runbook of a damaged record."),
    STORED_MENDED(726, Level.INFO, "{0} was taken from {1}, and is stored here again", "Only this node''s copy was damaged.", "None."),
    STORED_NOT_MENDED(727, Level.SEVERE, "No other node has what is damaged here: {0}", "The others have it damaged too, are not there, or "
        + "do not have it. What cannot be read is not given out, and its partition takes nothing on this node; all others go on.",
        "Start the nodes that are not there, and restart this one. If all copies are damaged, restore the stream from a backup."),
    STORED_DIFFERS(728, Level.SEVERE, "{0} is another one on {1} than here; what most nodes have replaces the others", "Nodes stored different "
        + "bytes for the same messages, each with a checksum that fits: memory that is damaged, or a defect.", "Check the memory of the "
        + "nodes, and report it with the logs of all nodes."),
    STORED_UNDECIDED(729, Level.SEVERE, "{0} is another one on {1} than here, and no majority of the nodes agrees: nothing was changed",
        "As MEE0728; some nodes were not there, or each has something else.", "Start all nodes. If it is said again, report it with the logs "
        + "of all nodes, and keep their data directories."),
    CLUSTER_NODE_FULL(730, Level.WARNING, "This node has no room, and gives what it leads to nodes that have", "As MEE0301 says, its disk or "
        + "the budget of its store is nearly full. The others take what is published; this node lags, and takes part again when it has room.",
        "Make room on this node: see the runbook of a full disk."),
    PEER_NOT_UNDERSTOOD(706, Level.WARNING, "{0} says what this node does not understand: {1}", "The nodes are of different releases, or "
        + "one has a defect.", "Install the same release on all nodes."),
    PEER_INTEREST_REFUSED(707, Level.WARNING, "Clients of {0} listen to more subjects than this node has memory for; {1} are known",
        "What is published here does not reach those that are not.", "Let clients of that node subscribe to fewer patterns."),

    PEER_LINKED(760, Level.INFO, "Linked to {0}", "Both nodes of the cluster have proven who they are.", "None."),
    PEER_LOST(761, Level.WARNING, "Lost the link to {0}: {1}", "The node stopped, or something is wrong with it or with the network "
        + "between them. It is tried again all the time.", "Look at that node and at the network, unless the node was stopped."),
    PEER_OTHER_CLUSTER(762, Level.WARNING, "{0} was refused: it belongs to the cluster \"{1}\", this node to \"{2}\"", "A node of "
        + "another cluster has the address of this one among its members.", "Set memphisee.cluster.name alike on all nodes of a "
        + "cluster, or correct memphisee.cluster.members there."),
    PEER_NOT_LISTED(763, Level.WARNING, "{0} was refused: the lists of members differ", "It is not among the members that this node "
        + "knows, or it took this node for another one.", "Set memphisee.cluster.members alike on all nodes."),
    PEER_OTHER_VERSION(764, Level.WARNING, "{0} was refused: it speaks {1}, which this node does not", "Nodes of a cluster may differ "
        + "by one version.", "Install the same version on all nodes, one after the other; do not leave one out."),
    PEER_OTHER_SECRET(765, Level.WARNING, "{0} was refused: its {1} is another one", "All nodes of a cluster have the same secrets.",
        "Give all nodes the same value and start those anew that had another one."),
    PEER_SAME_NAME(766, Level.WARNING, "{0} was refused: another node of this name is linked, or this node has it", "Two servers run "
        + "with one name, perhaps a copy of a node, or one that was moved while the old one goes on.", "Stop one of them, or give "
        + "it another memphisee.server.name and an empty data directory."),
    CLUSTER_INSECURE(767, Level.WARNING, "Nodes speak to each other at {0} without TLS", "memphisee.cluster.insecure is set. Whoever "
        + "is on that network can read everything and pretend to be a node.", "Set memphisee.cluster.tls.certificate, .key and .ca "
        + "on all nodes and remove memphisee.cluster.insecure."),
    REFUSED_BY_PEER(768, Level.WARNING, "{0} refuses this node: {1}", "The other node says so; its log has the details.",
        "Do what the message of the other node says."),
    NO_NODE(769, Level.WARNING, "{0} sent to the port of the cluster {1}", "A scanner, a probe of a load "
        + "balancer, a node of an unknown version, or damage on the way. The connection was closed.", "Let only nodes reach that "
        + "port."),

    CONSUMERS_WITHOUT_SERIES(601, Level.WARNING, "{0} consumers have no series of their own at /metrics: only the first {1} "
        + "have", "There are more consumers than memphisee.metrics.max.consumers. Totals are complete.", "Raise the limit, or "
        + "choose consumers and streams with memphisee.metrics.consumers.* and memphisee.metrics.streams.*.");

    private final int number;
    private final Level level;
    private final String text;
    private final String cause;
    private final String remedy;

    OperatorMessage(int number, Level level, String text, String cause, String remedy) {
        this.number = number;
        this.level = level;
        this.text = text;
        this.cause = cause;
        this.remedy = remedy;
    }

    /** The number as it appears in the log, e.g. {@code MEE0004}. */
    public String id() {
        return String.format(Locale.ROOT, "MEE%04d", number);
    }

    public Level level() {
        return level;
    }

    /** The text with placeholders. */
    public String text() {
        return text;
    }

    public String cause() {
        return unquoted(cause);
    }

    /** What to do, with placeholders. */
    public String remedy() {
        return unquoted(remedy);
    }

    /** One line: number and text. Numbers are written without grouping. */
    public String line(Object... arguments) {
        return id() + ": " + format(text, arguments);
    }

    /** One line with the remedy behind it. */
    public String lineWithRemedy(Object... arguments) {
        return line(arguments) + ". " + format(remedy, arguments);
    }

    /** Logs the line; warnings and errors with their remedy. */
    public void log(Logger logger, Object... arguments) {
        boolean act = level.intValue() >= Level.WARNING.intValue();
        logger.log(level, act ? lineWithRemedy(arguments) : line(arguments));
    }

    /** Logs the line with an exception. */
    public void log(Logger logger, Throwable thrown, Object... arguments) {
        logger.log(level, lineWithRemedy(arguments), thrown);
    }

    private static String format(String pattern, Object... arguments) {
        Object[] texts = new Object[arguments.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = String.valueOf(arguments[i]);
        }
        return new MessageFormat(pattern, Locale.ROOT).format(texts);
    }

    private static String unquoted(String pattern) {
        return pattern.replace("''", "'");
    }
}
