package org.memphisee.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import org.junit.jupiter.api.Test;

/** Who may use whom (D2, D3; docs/architecture.md): nothing but the build keeps it, since the container shares one class loader. */
@AnalyzeClasses(packages = "org.memphisee", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String PORT = "org.memphisee.port..";
    private static final String WIRE = "org.memphisee.wire..";
    private static final String NET = "org.memphisee.net..";
    private static final String LINK = "org.memphisee.net.link..";
    private static final String CLIENT = "org.memphisee.client..";
    private static final String API = "org.memphisee.ra.api..";
    private static final String RA = "org.memphisee.ra..";
    private static final String JACKSON = "com.fasterxml.jackson..";
    private static final String NETTY = "io.netty..";

    @ArchTest
    static final ArchRule THE_CONTRACT_STANDS_ALONE = classes().that().resideInAPackage(PORT)
        .should().onlyDependOnClassesThat().resideInAnyPackage("java..", PORT);

    @ArchTest
    static final ArchRule THE_PROTOCOL_NEEDS_NO_TRANSPORT = classes().that().resideInAPackage(WIRE)
        .should().onlyDependOnClassesThat().resideInAnyPackage("java..", JACKSON, PORT, WIRE);

    @ArchTest
    static final ArchRule WHAT_APPLICATIONS_SEE_IS_PLAIN_JAVA = classes().that().resideInAPackage(API)
        .should().onlyDependOnClassesThat().resideInAnyPackage("java..", API);

    @ArchTest
    static final ArchRule THE_CLIENT_NEEDS_NO_TRANSPORT_AND_NO_CONTAINER = classes().that().resideInAPackage(CLIENT)
        .should().onlyDependOnClassesThat().resideInAnyPackage("java..", JACKSON, WIRE, API, CLIENT);

    @ArchTest
    static final ArchRule THE_TRANSPORT_KNOWS_NO_CONTAINER = noClasses().that().resideInAPackage(NET)
        .should().dependOnClassesThat().resideInAnyPackage("jakarta..", RA);

    @ArchTest
    static final ArchRule ONLY_LINKS_SERVE_THE_CLIENT = noClasses().that().resideInAPackage(NET)
        .and().resideOutsideOfPackage(LINK).should().dependOnClassesThat().resideInAPackage(CLIENT);

    @ArchTest
    static final ArchRule THE_ROOMS_OF_THE_TRANSPORT_SEE_EACH_OTHER_IN_ONE_ORDER = layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage(NET)
        .layer("net").definedBy("org.memphisee.net")
        .layer("websocket").definedBy("org.memphisee.net.websocket")
        .layer("http").definedBy("org.memphisee.net.http")
        .layer("link").definedBy(LINK)
        .layer("listen").definedBy("org.memphisee.net.listen")
        .whereLayer("net").mayNotAccessAnyLayer()
        .whereLayer("websocket").mayOnlyAccessLayers("net")
        .whereLayer("http").mayOnlyAccessLayers("net")
        .whereLayer("link").mayOnlyAccessLayers("net")
        .whereLayer("listen").mayOnlyAccessLayers("net", "websocket", "http");

    @ArchTest
    static final ArchRule NETTY_STAYS_IN_THE_TRANSPORT = noClasses().that().resideOutsideOfPackage(NET)
        .should().dependOnClassesThat().resideInAPackage(NETTY);

    @ArchTest
    static final ArchRule THE_SAME_ARCHIVE_WORKS_STAND_ALONE = noClasses().should().dependOnClassesThat()
        .resideInAnyPackage("org.memphisee.core..", "org.memphisee.store..", "org.memphisee.ejb..");

    @Test
    void shouldDescribeEveryPackage() throws IOException {
        Path sources = Path.of("src", "main", "java", "org", "memphisee");
        try (Stream<Path> rooms = Files.walk(sources)) {
            assertEquals(List.of(), rooms.filter(room -> Files.isDirectory(room) && !room.equals(sources))
                .filter(room -> Files.notExists(room.resolve("package-info.java"))).toList(), "without package-info");
        }
    }
}
