import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Bundles the dashboard's front end. Maven runs this file as it is, with the web packages on the class path (see
 * dashboard-war/pom.xml); it needs nothing but the JDK. Three steps: the web packages are unpacked into node_modules,
 * where editors and the type checker look for them too; the native esbuild, which is in one of them, bundles; the page
 * that loads the bundle is written with the hashed names.
 *
 * <pre>java -cp WEB_PACKAGES UiBuild.java SOURCES NODE_MODULES OUTPUT [--watch]</pre>
 *
 * {@code --watch} keeps running and bundles at each change of a source, with names that stay and without minifying.
 * {@code -Dui.esbuild=PATH} takes another esbuild, for systems that Maven has no package for.
 */
public final class UiBuild {

    private static final Pattern HASHED_SCRIPT = Pattern.compile("app-[A-Z0-9]+\\.js");
    private static final Pattern HASHED_STYLE = Pattern.compile("app-[A-Z0-9]+\\.css");

    private UiBuild() { }

    public static void main(String[] args) throws IOException, InterruptedException {
        Path sources = Path.of(args[0]);
        Path modules = Path.of(args[1]);
        Path output = Path.of(args[2]);
        boolean watch = args.length > 3 && args[3].equals("--watch");
        long begin = System.nanoTime();
        int packages = new WebPackages(modules).unpack(System.getProperty("java.class.path"));
        long unpacked = System.nanoTime();
        Path assets = output.resolve("assets");
        deleteTree(output);
        Files.createDirectories(assets);
        copyStatic(sources.resolve("static"), output);
        if (watch) {
            writePage(sources, output, "app.js", "app.css");
        }
        int code = bundle(esbuild(modules), sources, modules, output, watch);
        if (code != 0) {
            System.exit(code);
        }
        writePage(sources, output, only(assets, HASHED_SCRIPT), only(assets, HASHED_STYLE));
        System.out.printf("dashboard: %d web packages in %d ms, bundled in %d ms%n", packages,
            (unpacked - begin) / 1_000_000, (System.nanoTime() - unpacked) / 1_000_000);
    }

    private static int bundle(Path esbuild, Path sources, Path modules, Path output, boolean watch)
        throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(esbuild.toString(), sources.resolve("app.ts").toString(),
            "--bundle", "--format=esm", "--splitting", "--target=es2022", "--sourcemap", "--legal-comments=linked",
            "--metafile=" + output.resolveSibling("ui-meta.json"), "--outdir=" + output.resolve("assets"),
            "--log-level=warning"));
        command.addAll(watch ? List.of("--entry-names=[name]", "--watch=forever")
            : List.of("--minify", "--entry-names=[name]-[hash]", "--chunk-names=chunk-[hash]"));
        ProcessBuilder process = new ProcessBuilder(command).inheritIO();
        process.environment().put("NODE_PATH", modules.toString());
        return process.start().waitFor();
    }

    private static Path esbuild(Path modules) throws IOException {
        String chosen = System.getProperty("ui.esbuild", "");
        if (!chosen.isEmpty()) {
            return Path.of(chosen);
        }
        Path packages = modules.resolve("@esbuild");
        Optional<Path> found = Optional.empty();
        if (Files.isDirectory(packages)) {
            try (Stream<Path> files = Files.walk(packages)) {
                found = files.filter(file -> file.getFileName().toString().matches("esbuild(\\.exe)?"))
                    .filter(Files::isRegularFile).findFirst();
            }
        }
        if (found.isEmpty()) {
            System.err.println("No esbuild for this system: install esbuild 0.25 and give its path, "
                + "mvn -Dui.esbuild=/path/to/esbuild ...");
            System.exit(1);
        }
        if (!found.get().toFile().setExecutable(true)) {
            throw new IOException(found.get() + " cannot be made executable");
        }
        return found.get();
    }

    /** Absolute addresses: relative ones would break below {@code /stations/…}. */
    private static void writePage(Path sources, Path output, String script, String style) throws IOException {
        Files.writeString(output.resolve("index.html"), Files.readString(sources.resolve("index.html"))
            .replace("%APP_JS%", "/assets/" + script).replace("%APP_CSS%", "/assets/" + style));
    }

    private static String only(Path directory, Pattern name) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).filter(name.asMatchPredicate()).findFirst()
                .orElseThrow(() -> new IOException("no " + name + " in " + directory));
        }
    }

    private static void copyStatic(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    static void deleteTree(Path root) throws IOException {
        if (Files.exists(root)) {
            try (Stream<Path> tree = Files.walk(root)) {
                tree.sorted(Comparator.reverseOrder()).forEach(path -> {
                    try {
                        Files.delete(path);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
        }
    }
}

/** Unpacks what the public Maven repository has of npm packages into the directory layout that tools expect. */
final class WebPackages {

    private static final String RESOURCES = "META-INF/resources/";
    /** Type declarations and sources, which newer packages carry apart from what a browser loads. */
    private static final String MORE = "/.more.tgz";
    private static final Pattern PACKAGE_NAME = Pattern.compile("\"name\"\\s*:\\s*\"([^\"]+)\"");

    private final Path modules;

    WebPackages(Path modules) {
        this.modules = modules;
    }

    /** Unpacks all web packages of a class path unless that has been done; tells how many there are. */
    int unpack(String classPath) throws IOException {
        List<Path> jars = Stream.of(classPath.split(File.pathSeparator))
            .filter(entry -> entry.endsWith(".jar"))
            .filter(entry -> entry.replace('\\', '/').matches(".*/org/(mvnpm|webjars/npm)/.*"))
            .sorted().map(Path::of).toList();
        Path stamp = modules.resolve(".web-packages");
        String wanted = String.join("\n", jars.stream().map(Path::toString).toList());
        if (!Files.exists(stamp) || !Files.readString(stamp).equals(wanted)) {
            UiBuild.deleteTree(modules);
            for (Path jar : jars) {
                unpack(jar);
            }
            Files.createDirectories(modules);
            Files.writeString(stamp, wanted);
        }
        return jars.size();
    }

    private void unpack(Path jar) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                String name = entry.getName();
                if (entry.isDirectory()) {
                    continue;
                }
                if (name.endsWith(MORE)) {
                    byte[] archive = zip.getInputStream(entry).readAllBytes();
                    Tar.read(new GZIPInputStream(new ByteArrayInputStream(archive)), files);
                } else if (name.startsWith(RESOURCES)) {
                    files.put(name.substring(RESOURCES.length()), zip.getInputStream(entry).readAllBytes());
                }
            }
        }
        String root = files.keySet().stream().filter(name -> name.endsWith("/package.json"))
            .min(Comparator.comparingInt(String::length)).map(name -> name.substring(0, name.lastIndexOf('/') + 1))
            .orElse(null);
        if (root == null) {
            return; // only a part of another package
        }
        Matcher name = PACKAGE_NAME.matcher(new String(files.get(root + "package.json"), StandardCharsets.UTF_8));
        if (!name.find()) {
            throw new IOException(jar + ": package.json without a name");
        }
        Path directory = modules.resolve(name.group(1)).normalize();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (file.getKey().startsWith(root)) {
                write(directory, file.getKey().substring(root.length()), file.getValue());
            }
        }
    }

    private void write(Path directory, String name, byte[] content) throws IOException {
        Path file = directory.resolve(name).normalize();
        if (!file.startsWith(directory) || !directory.startsWith(modules.normalize())) {
            throw new IOException("a web package names a file outside its directory: " + name);
        }
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }
}

/** Reads tar archives (USTAR and GNU long names), which the JDK cannot. */
final class Tar {

    private static final int BLOCK = 512;

    private Tar() { }

    /** Adds the archive's files that are not yet there. */
    static void read(InputStream in, Map<String, byte[]> files) throws IOException {
        byte[] header = new byte[BLOCK];
        String longName = null;
        while (in.readNBytes(header, 0, BLOCK) == BLOCK && header[0] != 0) {
            String prefix = text(header, 345, 155);
            String name = longName != null ? longName : prefix.isEmpty() ? text(header, 0, 100)
                : prefix + "/" + text(header, 0, 100);
            longName = null;
            int size = Integer.parseInt(text(header, 124, 12).trim(), 8);
            byte[] body = in.readNBytes(size);
            in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
            char type = (char) header[156];
            if (type == 'L') {
                longName = text(body, 0, body.length);
            } else if (type == '0' || type == 0) {
                files.putIfAbsent(name.startsWith("resources/") ? name.substring("resources/".length()) : name, body);
            }
        }
    }

    private static String text(byte[] bytes, int offset, int length) {
        int end = offset;
        while (end < offset + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, offset, end - offset, StandardCharsets.UTF_8);
    }
}
