package org.memphisee.dashboard;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What the dashboard may use of the broker (docs/architecture.md). */
@AnalyzeClasses(packages = "org.memphisee.dashboard", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String OURS = "org.memphisee.dashboard..";

    @ArchTest
    static final ArchRule IT_ASKS_USE_CASES_AND_MONITORS = classes().that().resideInAPackage(OURS)
        .should().onlyDependOnClassesThat().resideInAnyPackage("java..", "jakarta..", "com.fasterxml.jackson..", OURS,
            "org.memphisee.ejb", "org.memphisee.config", "org.memphisee.token",
            "org.memphisee.core.access", "org.memphisee.core.stations", "org.memphisee.core.schema", "org.memphisee.core.observe",
            "org.memphisee.core.audit", "org.memphisee.core.backup", "org.memphisee.core.settings", "org.memphisee.core.integrations",
            "org.memphisee.core.tasks", "org.memphisee.core.leadership", "org.memphisee.core.notices",
            "org.memphisee.core.deadletters", "org.memphisee.core.definitions", "org.memphisee.core.topics",
            // values that these hand out
            "org.memphisee.core.api", "org.memphisee.core.consumer", "org.memphisee.core.stream", "org.memphisee.core.letters",
            "org.memphisee.core.cluster.watch", "org.memphisee.core.cluster.link",
            // the client inside the process, by which a person sends a message as any client does
            "org.memphisee.core.client", "org.memphisee.port")
        .because("what the broker does is decided in the core; the insides of control plane, partitions and stores are theirs");

    @ArchTest
    static final ArchRule CONSUMERS_ARE_LOOKED_AT_ONLY = noClasses().that().resideInAPackage(OURS)
        .should().dependOnClassesThat().haveFullyQualifiedName("org.memphisee.core.consumer.Consumer");

    @ArchTest
    static final ArchRule IT_CALLS_NOBODY = noClasses().that().resideInAPackage(OURS)
        .should().dependOnClassesThat().resideInAnyPackage("java.net.http..")
        .orShould().dependOnClassesThat().haveFullyQualifiedName("java.net.URLConnection")
        .orShould().dependOnClassesThat().haveFullyQualifiedName("java.net.Socket")
        .because("what people do in the dashboard is told to nobody (F-205)");

    @ArchTest
    static final ArchRule PACKAGES_FORM_NO_CYCLES = slices().matching("org.memphisee.dashboard.(*)..")
        .should().beFreeOfCycles();
}
