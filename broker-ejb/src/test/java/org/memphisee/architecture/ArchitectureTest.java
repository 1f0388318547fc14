package org.memphisee.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rooms and their doors (docs/architecture.md). All modules share one class loader, so only this keeps them apart. */
@AnalyzeClasses(packages = "org.memphisee", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String CORE = "org.memphisee.core..";
    private static final String[] JSON_DOORS = {"org.memphisee.core.api..", "org.memphisee.core.control..",
        "org.memphisee.core.jetstream..", "org.memphisee.core.memphis..", "org.memphisee.core.access..",
        "org.memphisee.core.client..", "org.memphisee.core.status..", "org.memphisee.core.audit..",
        "org.memphisee.core.definitions..", "org.memphisee.core.tiering..", "org.memphisee.core.topics.."};

    @ArchTest
    static final ArchRule CORE_IS_PLAIN_JAVA = classes().that().resideInAPackage(CORE)
        .should().onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "javax.crypto..", CORE, "org.memphisee.port..", "com.fasterxml.jackson..")
        .because("the core runs without container, store and network (D2)");

    @ArchTest
    static final ArchRule JSON_STAYS_AT_THE_DOORS = noClasses().that().resideInAPackage(CORE)
        .and().resideOutsideOfPackages(JSON_DOORS)
        .should().dependOnClassesThat().resideInAPackage("com.fasterxml.jackson..")
        .because("the data path needs no JSON");

    @ArchTest
    static final ArchRule THE_ADAPTER_SEES_ONLY_THE_CONTRACT = noClasses().that()
        .resideInAnyPackage("org.memphisee.port..", "org.memphisee.wire..", "org.memphisee.net..", "org.memphisee.client..",
            "org.memphisee.ra..")
        .should().dependOnClassesThat().resideInAnyPackage(CORE, "org.memphisee.store..", "org.memphisee.ejb..")
        .because("the same RAR works stand-alone (D3)");

    @ArchTest
    static final ArchRule THE_ROOM_OF_LINKS_SEES_THE_PORT_ONLY = classes().that()
        .resideInAPackage("org.memphisee.cluster.jgroups..").should().onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "javax.net.ssl..", "javax.naming..", "org.memphisee.cluster.jgroups..", "org.memphisee.message..",
            "org.memphisee.core.cluster.link..", "org.memphisee.core.time..", "org.jgroups", "org.jgroups.blocks.cs..",
            "org.jgroups.stack..", "org.jgroups.util..", "org.jgroups.logging..")
        .because("nothing of JGroups that parses messages or keeps a membership is reachable from the network");

    @ArchTest
    static final ArchRule STORES_KNOW_ONLY_THE_CORE = noClasses().that().resideInAPackage("org.memphisee.store..")
        .should().dependOnClassesThat().resideInAnyPackage("org.memphisee.ejb..", "org.memphisee.meta..",
            "org.memphisee.config..", "jakarta..");

    @ArchTest
    static final ArchRule APPEND_KNOWS_NO_PARTITIONS = noClasses().that().resideInAPackage("org.memphisee.core.append..")
        .should().dependOnClassesThat().resideInAnyPackage("org.memphisee.core.partition..",
            "org.memphisee.core.routing..", "org.memphisee.core.consumer..", "org.memphisee.core.control..");

    @ArchTest
    static final ArchRule PARTITIONS_KNOW_NO_SESSIONS = noClasses().that()
        .resideInAnyPackage("org.memphisee.core.partition..", "org.memphisee.core.consumer..", "org.memphisee.core.stream..")
        .should().dependOnClassesThat().resideInAnyPackage("org.memphisee.core.routing..", "org.memphisee.core.control..",
            "org.memphisee.core.jetstream..", "org.memphisee.core.memphis..", "org.memphisee.core.stations..");

    @ArchTest
    static final ArchRule THE_ROOMS_OF_A_PARTITION_SEE_EACH_OTHER_IN_ONE_ORDER = layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("org.memphisee.core.partition..")
        .layer("index").definedBy("org.memphisee.core.partition.index")
        .layer("log").definedBy("org.memphisee.core.partition.log")
        .layer("retention").definedBy("org.memphisee.core.partition.retention")
        .layer("publish").definedBy("org.memphisee.core.partition.publish")
        .layer("cursor").definedBy("org.memphisee.core.partition.cursor")
        .layer("letters").definedBy("org.memphisee.core.partition.letters")
        .layer("partition").definedBy("org.memphisee.core.partition")
        .whereLayer("index").mayNotAccessAnyLayer()
        .whereLayer("log").mayOnlyAccessLayers("index")
        .whereLayer("retention").mayOnlyAccessLayers("index", "log")
        .whereLayer("publish").mayOnlyAccessLayers("index", "log", "retention")
        .whereLayer("cursor").mayOnlyAccessLayers("index", "log", "retention")
        .whereLayer("letters").mayOnlyAccessLayers("log", "cursor");

    @ArchTest
    static final ArchRule ONLY_A_PARTITION_SEES_RETENTION_AND_CURSORS = noClasses().that()
        .resideOutsideOfPackage("org.memphisee.core.partition..")
        .should().dependOnClassesThat().resideInAnyPackage("org.memphisee.core.partition.retention..",
            "org.memphisee.core.partition.cursor..");

    @ArchTest
    static final ArchRule THE_GRAMMAR_OF_JETSTREAM_DECIDES_NOTHING = classes().that()
        .resideInAPackage("org.memphisee.core.wire..").should().onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.memphisee.core.wire..", "org.memphisee.core.api..", "org.memphisee.core.subject..");

    @ArchTest
    static final ArchRule STORED_FORMATS_SEE_ONLY_WHAT_IS_STORED = noClasses().that()
        .resideInAPackage("org.memphisee.core.control.format..")
        .should().dependOnClassesThat(resideInAPackage("org.memphisee.core..")
            .and(not(resideInAnyPackage("org.memphisee.core.control.format..", "org.memphisee.core.stream..")))
            .and(not(nameMatching(".*\\.((System|User|Schema)Event(\\$.*)?|DefinitionsSnapshot|ChangeNote|ChangeSubject(\\$.*)?|Author(\\$.*)?|ConsumerConfig(\\$.*)?|Placement"
                + "|ClusterEvent(\\$.*)?|GroupMap|GroupPlace"
                + "|SchemaType|SchemaText|Compatibility|Enforcement)"))))
        .because("what lies in the log must not follow from what the code makes of it");

    @ArchTest
    static final ArchRule WHAT_BROKERS_AGREE_ON_IS_VALUES = classes().that().resideInAPackage("org.memphisee.core.cluster")
        .should().onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.memphisee.core.cluster", "org.memphisee.core.log..");

    @ArchTest
    static final ArchRule THE_JOURNAL_KNOWS_TIME_AND_ITS_DISK_ONLY = classes().that()
        .resideInAPackage("org.memphisee.core.cluster.journal..").should().onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.memphisee.core.cluster.journal..", "org.memphisee.core.log..",
            "org.memphisee.core.time..");

    @ArchTest
    static final ArchRule ELECTIONS_KNOW_NOTHING = classes().that()
        .resideInAPackage("org.memphisee.core.cluster.election..").should().onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.memphisee.core.cluster.election..");

    @ArchTest
    static final ArchRule LINKS_KNOW_TIME_ONLY = classes().that()
        .resideInAPackage("org.memphisee.core.cluster.link..").should().onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "javax.crypto..", "org.memphisee.core.cluster.link..", "org.memphisee.core.time..");

    @ArchTest
    static final ArchRule ONE_ROOM_KNOWS_THE_RAFT_LIBRARY = noClasses().that().resideOutsideOfPackage("org.memphisee.cluster.raft..")
        .should().dependOnClassesThat().resideInAnyPackage("org.jgroups.protocols.raft..", "org.jgroups.raft..")
        .because("its defects are answered in one place, and another release or library is one package");

    @ArchTest
    static final ArchRule THE_RAFT_ROOM_SEES_JOURNAL_AND_ELECTION_ONLY = classes().that()
        .resideInAPackage("org.memphisee.cluster.raft..").should().onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.jgroups..", "org.memphisee.cluster.raft..", "org.memphisee.core.cluster.journal..",
            "org.memphisee.core.cluster.election..", "org.memphisee.core.log..");

    @ArchTest
    static final ArchRule THE_LOOP_OF_GROUPS_KNOWS_NO_TRANSPORT = classes().that()
        .resideInAPackage("org.memphisee.cluster.node..").should().onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.memphisee.cluster.node..", "org.memphisee.cluster.raft..",
            "org.memphisee.core.cluster..",
            "org.memphisee.core.time..");

    @ArchTest
    static final ArchRule THE_META_GROUP_KNOWS_DEFINITIONS_AS_EVENTS = classes().that()
        .resideInAPackage("org.memphisee.cluster.meta..").should().onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.memphisee.cluster.meta..", "org.memphisee.cluster.node..",
            "org.memphisee.cluster.raft..",
            "org.memphisee.core.cluster..", "org.memphisee.core.control..", "org.memphisee.core.log..", "org.memphisee.core.replication..",
                "org.memphisee.core.time..");

    @ArchTest
    static final ArchRule USE_CASES_KNOW_NO_SDK = noClasses().that().resideInAPackage("org.memphisee.core.stations..")
        .should().dependOnClassesThat().resideInAnyPackage("org.memphisee.core.memphis..", "org.memphisee.core.routing..");

    /** What monitors ask in threads of their own is not simulated. */
    @ArchTest
    static final ArchRule TIME_AND_CHANCE_COME_FROM_THE_WORLD = noClasses().that().resideInAPackage(CORE)
        .and().resideOutsideOfPackages("org.memphisee.core.time..", "org.memphisee.core.observe..")
        .should().callMethod(System.class, "nanoTime").orShould().callMethod(System.class, "currentTimeMillis")
        .orShould().callMethod(Instant.class, "now").orShould().callMethod(UUID.class, "randomUUID")
        .orShould().callMethod(ThreadLocalRandom.class, "current")
        .orShould().callMethod(ThreadFactory.class, "newThread", Runnable.class)
        .because("a simulation replays a whole broker from a seed (D17)");

    @ArchTest
    static final ArchRule NOTHING_CALLS_OUT_BUT_INTEGRATIONS = noClasses()
        .that().resideOutsideOfPackages("org.memphisee.integration..", "org.memphisee.run..") // the latter starts brokers and looks at them
        .and().doNotHaveFullyQualifiedName("org.memphisee.ejb.PortProbe") // asks this machine's own ports
        .should().dependOnClassesThat().resideInAnyPackage("java.net.http..")
        .orShould().dependOnClassesThat().haveFullyQualifiedName("java.net.URLConnection")
        .orShould().dependOnClassesThat().haveFullyQualifiedName("java.net.HttpURLConnection")
        .because("nothing leaves this machine but what people set up: alerts, and messages for a bucket (F-205)");

    @ArchTest
    static final ArchRule CORE_PACKAGES_FORM_NO_CYCLES = slices().matching("org.memphisee.core.(*)..")
        .should().beFreeOfCycles();
}
