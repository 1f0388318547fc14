package org.memphisee.it.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.marcnuri.helm.DryRun;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.InstallCommand;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The chart as shipped, through Helm's own code. One thread. */
final class Chart implements AutoCloseable {
    static final Path DIRECTORY = Shipped.SERVER.resolve("chart/memphisee");
    static final String NAMESPACE = "messaging";
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final KubernetesApi api = new KubernetesApi();
    private final Path values = Files.createTempFile("values", ".yaml");

    Chart() throws IOException {
        Files.writeString(Path.of(System.getenv("KUBECONFIG")), api.configuration());
    }

    KubernetesApi api() {
        return api;
    }

    List<String> lint() {
        return new Helm(DIRECTORY).lint().strict().call().getMessages();
    }

    /** The objects, as Helm would send them. */
    List<JsonNode> render(String release, String yaml) throws IOException {
        Files.writeString(values, yaml);
        return documents(template(DIRECTORY, release));
    }

    /** As {@link #render}, for a version of Kubernetes. */
    List<JsonNode> renderFor(String kubernetes, String release, String yaml) throws IOException {
        Files.writeString(values, yaml);
        return documents(template(DIRECTORY, release).withKubeVersion(kubernetes));
    }

    /** As {@link #render}, and the test's pod, a hook: Helm as a library tells nothing of those, so here it is an object like others. */
    List<JsonNode> renderWithTest(String release, String yaml) throws IOException {
        Files.writeString(values, yaml);
        Path copy = Files.createTempDirectory("chart");
        try {
            try (Stream<Path> files = Files.walk(DIRECTORY)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path to = copy.resolve(DIRECTORY.relativize(file).toString());
                    Files.createDirectories(to.getParent());
                    Files.writeString(to, Files.readString(file).replaceAll("(?m)^ *helm\\.sh/hook.*\\n", ""));
                }
            }
            return documents(template(copy, release));
        } finally {
            try (Stream<Path> files = Files.walk(copy)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private TemplateCommand template(Path chart, String release) {
        return new Helm(chart).template().withName(release).withNamespace(NAMESPACE).withValuesFile(values);
    }

    private static List<JsonNode> documents(TemplateCommand command) throws IOException {
        try (MappingIterator<JsonNode> documents = YAML.readerFor(JsonNode.class).readValues(command.call())) {
            return documents.readAll().stream().filter(node -> node.isObject()).toList();
        }
    }

    /** What Helm says when it has installed, which it does not do here. */
    String notes(String release, String yaml) throws IOException {
        Files.writeString(values, yaml);
        InstallCommand command = new Helm(DIRECTORY).install().withName(release).withNamespace(NAMESPACE).withValuesFile(values)
                .withKubeConfigContents(api.configuration()).disableOpenApiValidation().dryRun().withDryRunOption(DryRun.SERVER);
        return command.call().getOutput();
    }

    @Override
    public void close() throws IOException {
        api.close();
        Files.delete(values);
        Files.deleteIfExists(Path.of(System.getenv("KUBECONFIG")));
    }
}
