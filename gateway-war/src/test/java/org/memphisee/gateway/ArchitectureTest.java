package org.memphisee.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What the HTTP doors may use of the broker (docs/architecture.md). */
@AnalyzeClasses(packages = "org.memphisee.gateway", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String OURS = "org.memphisee.gateway..";
    private static final String MONITOR = "org.memphisee.gateway.monitor..";

    @ArchTest
    static final ArchRule THEY_ASK_CLIENTS_AND_MONITORS = classes().that().resideInAPackage(OURS)
        .should().onlyDependOnClassesThat().resideInAnyPackage("java..", "jakarta..", "com.fasterxml.jackson..",
            "org.eclipse.microprofile..", OURS, "org.memphisee.ejb", "org.memphisee.config", "org.memphisee.token",
            "org.memphisee.message", "org.memphisee.core.access", "org.memphisee.core.client", "org.memphisee.core.schema", "org.memphisee.core.observe",
            // values that these hand out
            "org.memphisee.core.api", "org.memphisee.core.consumer", "org.memphisee.core.stream", "org.memphisee.core.time",
            "org.memphisee.core.tiering", "org.memphisee.core.cluster", "org.memphisee.core.cluster.watch", "org.memphisee.core.cluster.link",
            // the adapter's contract, and what it shows of its connections
            "org.memphisee.port", "org.memphisee.net", "org.memphisee.wire",
            // only the monitor, see below
            "org.memphisee.core.jetstream", "org.memphisee.core.status", "org.memphisee.core.subject", "org.memphisee.core.leadership")
        .because("what the broker does is decided in the core; the insides of control plane, partitions and stores are theirs");

    @ArchTest
    static final ArchRule THE_MONITOR_ALONE_SPEAKS_AS_NATS = noClasses().that().resideInAPackage(OURS)
        .and().resideOutsideOfPackage(MONITOR)
        .should().dependOnClassesThat().resideInAnyPackage("org.memphisee.core.jetstream..", "org.memphisee.core.status..",
            "org.memphisee.core.subject..", "org.memphisee.core.leadership..");

    @ArchTest
    static final ArchRule CONSUMERS_ARE_LOOKED_AT_ONLY = noClasses().that().resideInAPackage(OURS)
        .should().dependOnClassesThat().haveFullyQualifiedName("org.memphisee.core.consumer.Consumer");

    @ArchTest
    static final ArchRule PACKAGES_FORM_NO_CYCLES = slices().matching("org.memphisee.gateway.(*)..")
        .should().beFreeOfCycles();
}
