package org.memphisee.dashboard.api;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.util.List;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.config.BrokerSettings;
import org.memphisee.ejb.ProcessFigures;

/** What runs, and how much of the machine it uses (management-api.md M-061). Any thread. */
final class SystemComponents {

    private static final double UNHEALTHY = 99;
    private static final double DANGEROUS = 94;
    private static final double RISKY = 84;

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

    private static Use disk(BrokerSettings.Storage storage) {
        try {
            FileStore disk = Files.getFileStore(storage.dataDir());
            return new Use(disk.getTotalSpace(), disk.getTotalSpace() - disk.getUsableSpace());
        } catch (IOException e) {
            return Use.UNKNOWN; // the broker itself reports a disk that is gone
        }
    }

    /** A component with one instance. */
    static ObjectNode component(String name, String instance, boolean runs, Figures figures, String host,
                                List<Integer> ports) {
        String status = runs ? status(figures) : "unhealthy";
        ObjectNode one = Texts.object().put("name", instance);
        one.set("cpu", use(figures.cpu(), false));
        one.set("memory", use(figures.memory(), true));
        one.set("storage", use(figures.storage(), true));
        one.put("healthy", runs).put("status", status);
        ObjectNode component = Texts.object().put("name", name);
        ObjectNode instances = component.putObject("components");
        for (String kind : List.of("unhealthy", "dangerous", "risky", "healthy")) {
            ArrayNode list = instances.putArray(kind + "_components");
            if (kind.equals(status)) {
                list.add(one);
            }
        }
        component.put("status", status);
        ports.forEach(component.putArray("ports")::add);
        component.put("desired_pods", 1).put("actual_pods", runs ? 1 : 0).putArray("hosts").add(host);
        return component;
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
