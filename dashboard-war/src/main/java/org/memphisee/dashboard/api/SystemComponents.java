package org.memphisee.dashboard.api;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.config.BrokerSettings;
import org.memphisee.core.cluster.watch.NodeUse;
import org.memphisee.ejb.ProcessFigures;

/** What runs, and how much of the machine it uses (management-api.md M-061). Any thread. */
final class SystemComponents {

    private static final double UNHEALTHY = 99;
    private static final double DANGEROUS = 94;
    private static final double RISKY = 84;
    /** The worst first. */
    private static final List<String> KINDS = List.of("unhealthy", "dangerous", "risky", "healthy");

    private SystemComponents() { }

    /**
     * How much there is of something, and how much of it is used.
     *
     * @param total all of it; 0 when that is not known
     * @param used of that
     */
    record Use(double total, double used) {
        static final Use UNKNOWN = new Use(0, 0);

        int percent() {
            return total <= 0 ? 0 : (int) Math.round(Math.min(100, used / total * 100));
        }
    }

    /**
     * What one process uses.
     *
     * @param cpu processors
     * @param memory bytes
     * @param storage bytes
     */
    record Figures(Use cpu, Use memory, Use storage) {
        static final Figures UNKNOWN = new Figures(Use.UNKNOWN, Use.UNKNOWN, Use.UNKNOWN);
    }

    /** This process; its storage is what stations may use if that is limited, else the whole disk. */
    static Figures ours(BrokerSettings.Storage storage, long storedBytes) {
        Use disk = storage.maxBytes() > 0 ? new Use(storage.maxBytes(), storedBytes) : disk(storage);
        return new Figures(new Use(Runtime.getRuntime().availableProcessors(), ProcessFigures.cpuPercent() / 100),
            new Use(ProcessFigures.memoryBytes(), ProcessFigures.residentBytes()), disk);
    }

    /** Another node, as it says itself. */
    static Figures of(NodeUse use) {
        return new Figures(new Use(use.processors(), use.cpuPercent() / 100), new Use(use.memoryTotal(), use.memoryUsed()),
            new Use(use.storageTotal(), use.storageUsed()));
    }

    private static Use disk(BrokerSettings.Storage storage) {
        try {
            FileStore disk = Files.getFileStore(storage.dataDir());
            return new Use(disk.getTotalSpace(), disk.getTotalSpace() - disk.getUsableSpace());
        } catch (IOException e) {
            return Use.UNKNOWN; // the broker itself reports a disk that is gone
        }
    }

    /** One process of a component. */
    record Instance(String name, boolean runs, Figures figures, String host) {

        String status() {
            return runs ? SystemComponents.status(figures) : KINDS.get(0);
        }
    }

    /** A component with one instance. */
    static ObjectNode component(String name, String instance, boolean runs, Figures figures, String host,
                                List<Integer> ports) {
        return component(name, List.of(new Instance(instance, runs, figures, host)), ports);
    }

    /** A component with its instances, as healthy as the worst of them. */
    static ObjectNode component(String name, List<Instance> all, List<Integer> ports) {
        ObjectNode component = Texts.object().put("name", name);
        ObjectNode instances = component.putObject("components");
        for (String kind : KINDS) {
            ArrayNode list = instances.putArray(kind + "_components");
            all.stream().filter(instance -> instance.status().equals(kind)).forEach(instance -> list.add(json(instance)));
        }
        component.put("status", all.stream().map(Instance::status).min(Comparator.comparing(KINDS::indexOf)).orElse(KINDS.get(0)));
        ports.forEach(component.putArray("ports")::add);
        ArrayNode hosts = component.put("desired_pods", all.size()).put("actual_pods", all.stream().filter(Instance::runs).count())
            .putArray("hosts");
        all.stream().map(Instance::host).distinct().forEach(hosts::add);
        return component;
    }

    private static ObjectNode json(Instance instance) {
        ObjectNode one = Texts.object().put("name", instance.name());
        one.set("cpu", use(instance.figures().cpu(), false));
        one.set("memory", use(instance.figures().memory(), true));
        one.set("storage", use(instance.figures().storage(), true));
        return one.put("healthy", instance.runs()).put("status", instance.status());
    }

    private static ObjectNode use(Use use, boolean whole) {
        ObjectNode json = Texts.object();
        if (whole) {
            json.put("total", (long) use.total()).put("current", (long) use.used());
        } else {
            json.put("total", use.total()).put("current", Math.round(use.used() * 100) / 100.0);
        }
        return json.put("percentage", use.percent());
    }

    /** From the highest percentage. */
    static String status(Figures figures) {
        int highest = Math.max(figures.cpu().percent(), Math.max(figures.memory().percent(), figures.storage().percent()));
        return highest > UNHEALTHY ? "unhealthy" : highest > DANGEROUS ? "dangerous" : highest > RISKY ? "risky" : "healthy";
    }
}
