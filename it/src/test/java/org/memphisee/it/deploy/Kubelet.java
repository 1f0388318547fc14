package org.memphisee.it.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a kubelet makes of the pods of a StatefulSet: options of {@code podman run}, with {@code @NAME@} for the name of the pod, {@code @DATA@}
 * for its volume and {@code @SECRETS@} for a directory with a directory for each secret. Members of a pod that it does not know are an
 * error: what it leaves out nobody would miss.
 */
final class Kubelet {
    /** Members that are for the scheduler, or say how pods are treated and not how they run. */
    private static final Set<String> POD = Set.of("automountServiceAccountToken", "enableServiceLinks", "terminationGracePeriodSeconds",
            "affinity", "topologySpreadConstraints", "securityContext", "containers", "volumes");
    private static final Set<String> CONTAINER = Set.of("name", "image", "imagePullPolicy", "securityContext", "ports", "env", "startupProbe",
            "livenessProbe", "readinessProbe", "resources", "volumeMounts");
    private static final Map<String, String> POD_SECURITY = Map.of("runAsNonRoot", "true", "runAsUser", "10001", "runAsGroup", "0",
            "fsGroup", "0", "fsGroupChangePolicy", "OnRootMismatch", "seccompProfile", "");
    private static final Map<String, String> SECURITY = Map.of("allowPrivilegeEscalation", "--security-opt=no-new-privileges",
            "readOnlyRootFilesystem", "--read-only", "capabilities", "--cap-drop=ALL");

    private final JsonNode set;
    private final JsonNode pod;
    private final JsonNode container;

    Kubelet(JsonNode statefulSet) {
        set = statefulSet.path("spec");
        pod = set.at("/template/spec");
        container = pod.at("/containers/0");
        known(pod, POD);
        known(container, CONTAINER);
        known(pod.path("securityContext"), POD_SECURITY.keySet());
        known(container.path("securityContext"), SECURITY.keySet());
        require(pod.path("containers").size() == 1, "one container");
    }

    private static void known(JsonNode object, Set<String> names) {
        object.fieldNames().forEachRemaining(name -> require(names.contains(name), name + " is not known"));
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new IllegalStateException(what);
        }
    }

    /** How it is run, but for image, network and names of hosts. */
    List<String> options() {
        List<String> options = new ArrayList<>(List.of("--hostname=@NAME@", "--read-only-tmpfs=false"));
        JsonNode security = pod.path("securityContext");
        options.add("--user=" + security.path("runAsUser").asText() + ':' + security.path("runAsGroup").asText());
        require(container.at("/securityContext/capabilities").toString().equals("{\"drop\":[\"ALL\"]}"), "no capabilities");
        container.path("securityContext").properties().forEach(each -> {
            require(each.getKey().equals("capabilities") || each.getValue().asBoolean() == each.getKey().startsWith("read"), each::toString);
            options.add(SECURITY.get(each.getKey()));
        });
        options.add("--memory=" + container.at("/resources/limits/memory").asText().replace("Gi", "g"));
        for (JsonNode variable : container.path("env")) {
            String value = variable.path("value").asText();
            if (variable.has("valueFrom")) {
                require(variable.at("/valueFrom/fieldRef/fieldPath").asText().equals("metadata.name"), variable.toString());
                value = "@NAME@";
            }
            options.add("--env=" + variable.path("name").asText() + '=' + value);
        }
        Map<String, JsonNode> volumes = new HashMap<>();
        pod.path("volumes").forEach(volume -> volumes.put(volume.path("name").asText(), volume));
        set.path("volumeClaimTemplates").forEach(claim -> volumes.put(claim.at("/metadata/name").asText(), claim));
        container.path("volumeMounts").forEach(mount -> options.add(mounted(mount, volumes.get(mount.path("name").asText()))));
        return options;
    }

    private static void require(boolean condition, java.util.function.Supplier<String> what) {
        require(condition, what.get());
    }

    private static String mounted(JsonNode mount, JsonNode volume) {
        require(volume != null && !mount.has("subPath"), mount.toString());
        String path = mount.path("mountPath").asText();
        if (volume.has("emptyDir")) {
            return "--tmpfs=" + path + ":rw,mode=1777,notmpcopyup,size=" + volume.at("/emptyDir/sizeLimit").asText().replace("Mi", "m");
        }
        if (volume.has("secret")) {
            return "--volume=@SECRETS@/" + volume.at("/secret/secretName").asText() + ':' + path + ":ro";
        }
        require(volume.has("spec"), volume.toString());
        return "--volume=@DATA@:" + path;
    }

    /** What its controller goes by, as variables of a shell. */
    List<String> rules(String namespace, String domain) {
        JsonNode ready = container.path("readinessProbe");
        int port = 0;
        for (JsonNode each : container.path("ports")) {
            port = each.path("name").equals(ready.at("/httpGet/port")) ? each.path("containerPort").asInt() : port;
        }
        require(port > 0, ready.toString());
        return List.of("REPLICAS=" + set.path("replicas").asInt(), "MIN_READY=" + set.path("minReadySeconds").asInt(),
                "GRACE=" + pod.path("terminationGracePeriodSeconds").asInt(), "READY_PATH=" + ready.at("/httpGet/path").asText(),
                "READY_PORT=" + port, "READY_PERIOD=" + ready.path("periodSeconds").asInt(),
                "DOMAIN=" + set.path("serviceName").asText() + '.' + namespace + ".svc." + domain);
    }

    /** Into a directory: {@code rules}, {@code options}, and {@code secrets} with the files that are mounted. */
    void write(Path directory, List<JsonNode> objects, String namespace, String domain) throws IOException {
        Files.createDirectories(directory.resolve("secrets"));
        Files.write(directory.resolve("rules"), rules(namespace, domain));
        Files.write(directory.resolve("options"), options());
        for (JsonNode object : objects) {
            if (object.path("kind").asText().equals("Secret")) {
                Path secret = Files.createDirectories(directory.resolve("secrets").resolve(object.at("/metadata/name").asText()));
                for (Map.Entry<String, JsonNode> value : object.path("data").properties()) {
                    Path file = secret.resolve(value.getKey());
                    Files.deleteIfExists(file);
                    Files.write(file, Base64.getDecoder().decode(value.getValue().asText()));
                    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----")); // the chart's default mode
                }
            }
        }
    }
}
