package org.memphisee.it.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a broker must not leave behind when it has ended: processes, bound ports, files in its temporary directory, incidents of its end. */
final class Traces {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** What the container writes of a part of the application that asks another one which was stopped before it. */
    private static final String STOPPED = "EJBStoppedException";

    private final BrokerHome home;
    private final BrokerPorts ports;
    private final Set<ProcessHandle> processes = new HashSet<>();
    private Set<Path> filesBefore = Set.of();
    private Set<Path> incidentsBefore = Set.of();

    Traces(BrokerHome home, BrokerPorts ports) {
        this.home = home;
        this.ports = ports;
    }

    /** It is about to start. A killed one may have left files. */
    void starting() {
        filesBefore = files();
        incidentsBefore = incidents();
    }

    /** It is about to end: remembers what runs for it, which afterwards nobody could tell to be its own. */
    void ending() {
        ours().flatMap(process -> Stream.concat(Stream.of(process), process.descendants())).forEach(processes::add);
    }

    /** Waits until none of its processes runs and all its ports can be bound. */
    void awaitGone() {
        Eventually.value("its processes are gone", LIMIT, this::running, Set::isEmpty);
        processes.clear();
        Eventually.value("its ports are free", LIMIT,
                () -> ports.all().stream().filter(port -> !BrokerPorts.isFree(port)).toList(), List::isEmpty);
    }

    /** After an orderly stop: fails when a file is in the temporary directory that was not there when it started. */
    void requireNoFiles() {
        Set<Path> left = files();
        left.removeAll(filesBefore);
        if (!left.isEmpty()) {
            throw new AssertionError("left in the temporary directory: " + left);
        }
    }

    /** After an orderly stop: fails when a part of the application asked one that was gone, which the container reports as an incident. */
    void requireNoneAsked() {
        Set<Path> told = incidents();
        told.removeAll(incidentsBefore);
        for (Path incident : told) {
            try {
                String text = Files.readString(incident);
                if (text.contains(STOPPED)) {
                    throw new AssertionError(incident + ":\n" + text.lines().limit(60).collect(Collectors.joining("\n")));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private Set<Path> incidents() {
        Path directory = home.logs().resolve("ffdc");
        try (Stream<Path> all = Files.isDirectory(directory) ? Files.list(directory) : Stream.empty()) {
            return all.filter(file -> file.getFileName().toString().startsWith("ffdc_")).collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Set<String> running() {
        return Stream.concat(processes.stream().filter(ProcessHandle::isAlive), ours())
                .map(process -> process.pid() + " " + process.info().commandLine().orElse("?"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The server, PostgreSQL and its programs name the broker's directories on their command lines. */
    private Stream<ProcessHandle> ours() {
        String root = home.root() + "/";
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().map(line -> line.contains(root)).orElse(false));
    }

    private Set<Path> files() {
        try (Stream<Path> all = Files.walk(home.temporary())) {
            return all.filter(file -> !file.equals(home.temporary())).collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
