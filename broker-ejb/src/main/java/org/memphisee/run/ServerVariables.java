package org.memphisee.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

import org.memphisee.config.SettingSource;

/**
 * The variables in the configuration of a server that does not run yet, as the server will see them: a value beats the
 * environment, which beats a default. What includes and properties of the JVM add is not seen: the server looks again. One
 * thread.
 */
final class ServerVariables implements SettingSource {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^${}]+)}");
    /** References that lead to references; more is a circle. */
    private static final int DEPTH = 8;

    private final Map<String, String> environment;
    private final Map<String, String> values = new HashMap<>();
    private final Map<String, String> defaults = new HashMap<>();

    private ServerVariables(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * Reads them.
     *
     * @param server directory with {@code server.xml}
     * @param environment variables of the process to be
     * @throws IOException when a file cannot be read or is no XML
     */
    static ServerVariables read(Path server, Map<String, String> environment) throws IOException {
        ServerVariables variables = new ServerVariables(environment);
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            DocumentBuilder parser = factory.newDocumentBuilder();
            parser.setErrorHandler(null); // failures are thrown and not printed
            for (Path file : files(server)) { // the last one wins
                variables.add(parser.parse(file.toFile()).getElementsByTagName("variable"));
            }
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(e);
        }
        return variables;
    }

    private static List<Path> files(Path server) throws IOException {
        Path dropins = server.resolve("configDropins");
        Path included = server.resolve("memphisee.xml");
        return Stream.of(xml(dropins.resolve("defaults")), Files.exists(included) ? List.of(included) : List.<Path>of(),
            List.of(server.resolve("server.xml")), xml(dropins.resolve("overrides"))).flatMap(List::stream).toList();
    }

    private static List<Path> xml(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".xml")).sorted()
                .toList();
        }
    }

    private void add(NodeList elements) {
        for (int i = 0; i < elements.getLength(); i++) {
            Element variable = (Element) elements.item(i);
            String name = variable.getAttribute("name");
            if (variable.hasAttribute("value")) {
                values.put(name, variable.getAttribute("value"));
            }
            if (variable.hasAttribute("defaultValue")) {
                defaults.put(name, variable.getAttribute("defaultValue"));
            }
        }
    }

    @Override
    public String name() {
        return "server.xml";
    }

    @Override
    public Optional<String> value(String key) {
        return raw(key).flatMap(text -> resolved(text, 0));
    }

    private Optional<String> raw(String key) {
        return Optional.ofNullable(values.get(key))
            .or(() -> Optional.ofNullable(environment.get(key.replaceAll("[^0-9A-Za-z]", "_").toUpperCase(Locale.ROOT))))
            .or(() -> Optional.ofNullable(defaults.get(key)));
    }

    /** Empty when something that is referred to is not known here. */
    private Optional<String> resolved(String text, int depth) {
        Matcher reference = REFERENCE.matcher(text);
        if (!reference.find()) {
            return Optional.of(text);
        }
        String name = reference.group(1);
        Optional<String> value = depth > DEPTH ? Optional.empty() : name.startsWith("env.")
            ? Optional.ofNullable(environment.get(name.substring("env.".length()))) : raw(name);
        return value.flatMap(found -> resolved(text.substring(0, reference.start()) + found + text.substring(reference.end()),
            depth + 1));
    }
}
