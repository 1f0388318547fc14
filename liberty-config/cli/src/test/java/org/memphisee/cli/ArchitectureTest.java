package org.memphisee.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import org.memphisee.wire.ClientFrames;

/** What the command line may use (ADR 0085): the jar has nothing else in it. */
@AnalyzeClasses(packages = "org.memphisee.cli", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String OURS = "org.memphisee.cli..";

    @ArchTest
    static final ArchRule IT_SHARES_THE_CLIENT_AND_NOTHING_ELSE_WITH_THE_BROKER = classes().that().resideInAPackage(OURS)
        .should().onlyDependOnClassesThat(resideInAnyPackage("java..", "javax.net.ssl..", "javax.crypto..", "picocli..",
            "com.fasterxml.jackson..", OURS, "org.memphisee.client", "org.memphisee.ra.api").or(equivalentTo(ClientFrames.class)));

    @ArchTest
    static final ArchRule PACKAGES_FORM_NO_CYCLES = slices().matching("org.memphisee.cli.(*)..").should().beFreeOfCycles();
}
