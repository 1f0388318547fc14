package org.memphisee.it.installed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the installation's script makes of limits, on made-up machines. A second. */
@Timeout(30)
final class MemoryScriptIT {
    private static final long MIB = 1 << 20;
    private static final Path SCRIPT = Path.of(System.getProperty("it.image", "../liberty-config/target/image"), "bin/memory")
            .toAbsolutePath();

    @TempDir
    private Path machine;

    private record Ended(int status, String output) {
        String option(String name) {
            for (String option : output.trim().split(" ")) {
                if (option.startsWith(name)) {
                    return option.substring(name.length());
                }
            }
            throw new AssertionError(name + " is not in " + output);
        }
    }

    @ParameterizedTest
    @CsvSource({"1024,448m,96m,64MiB,32MiB", "2048,960m,192m,96MiB,64MiB", "3072,1504m,288m,176MiB,128MiB",
        "4096,2048m,384m,256MiB,192MiB", "8192,4096m,768m,512MiB,512MiB", "65536,4096m,768m,512MiB,512MiB",
        "768,320m,72m,56MiB,24MiB"})
    void shouldFollowTheLimitOfVersionTwo(long limit, String heap, String direct, String store, String batches) throws Exception {
        write("proc/meminfo", "MemTotal:       " + 131072 * 1024L + " kB\nMemFree: 1 kB\n");
        write("proc/self/cgroup", "0::/\n");
        write("sys/fs/cgroup/memory.max", limit * MIB + "\n");

        Ended ended = run("");
        assertEquals(0, ended.status(), ended.output());
        assertEquals(heap, ended.option("-Xmx"));
        assertEquals(direct, ended.option("-XX:MaxDirectMemorySize="));
        assertEquals(store, ended.option("-Dmemphisee.cache.store="));
        assertEquals(batches, ended.option("-Dmemphisee.cache.batches="));
        int young = Integer.parseInt(ended.option("-Xmn").replace("m", ""));
        assertTrue(young * 8 / 5 <= Integer.parseInt(ended.option("-Xms").replace("m", "")), ended.output());
    }

    @Test
    void shouldTakeTheTightestLimitOnTheWayUp() throws Exception {
        write("proc/meminfo", "MemTotal: " + 16384 * 1024L + " kB\n");
        write("proc/self/cgroup", "0::/system.slice/memphisee.service\n");
        write("sys/fs/cgroup/system.slice/memphisee.service/memory.max", "max\n");
        write("sys/fs/cgroup/system.slice/memory.max", 2048 * MIB + "\n");
        assertEquals("960m", run("").option("-Xmx"));

        write("sys/fs/cgroup/system.slice/memphisee.service/memory.max", 1024 * MIB + "\n");
        assertEquals("448m", run("").option("-Xmx"));
    }

    @Test
    void shouldFollowTheLimitOfVersionOneAndElseTheMachine() throws Exception {
        write("proc/meminfo", "MemTotal: " + 4096 * 1024L + " kB\n");
        write("proc/self/cgroup", "12:cpu,cpuacct:/x\n9:memory:/docker/abc\n0::/x\n");
        write("sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes", "9223372036854771712\n"); // as without a limit
        assertEquals("2048m", run("").option("-Xmx"));

        write("sys/fs/cgroup/memory/memory.limit_in_bytes", 1024 * MIB + "\n"); // as seen from inside of the container
        assertEquals("448m", run("").option("-Xmx"));
    }

    @Test
    void shouldRefuseALimitThatIsTooSmallAndNameIt() throws Exception {
        write("proc/meminfo", "MemTotal: " + 4096 * 1024L + " kB\n");
        write("proc/self/cgroup", "0::/\n");
        write("sys/fs/cgroup/memory.max", 512 * MIB + "\n");

        Ended ended = run("");
        assertEquals(78, ended.status());
        assertTrue(ended.output().startsWith("MEE0017: The memory limit is 512 MiB (" + machine + "/sys/fs/cgroup/memory.max)"),
                ended.output());
    }

    @Test
    void shouldTakeTheHeapThatIsAskedForIfItFits() throws Exception {
        write("proc/meminfo", "MemTotal: " + 16384 * 1024L + " kB\n");
        write("proc/self/cgroup", "");
        assertEquals("4096m", run("").option("-Xmx"));
        Ended more = run("8g");
        assertEquals("8192m", more.option("-Xmx"));
        assertEquals("240m", more.option("-XX:ReservedCodeCacheSize="));
        assertEquals("500m", run("500MiB").option("-Xmx"));
        for (String wrong : new String[] {"16g", "100m", "much", "3", "3.5g"}) {
            Ended ended = run(wrong);
            assertEquals(78, ended.status(), wrong + ": " + ended.output());
            assertTrue(ended.output().startsWith("MEE0002: Wrong setting: MEMPHISEE_HEAP is \"" + wrong + "\""), ended.output());
        }
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(machine.resolve(file).getParent());
        Files.writeString(machine.resolve(file), text);
    }

    private Ended run(String heap) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", SCRIPT.toString(), machine.toString()).redirectErrorStream(true);
        builder.environment().remove("MEMPHISEE_HEAP");
        if (!heap.isEmpty()) {
            builder.environment().put("MEMPHISEE_HEAP", heap);
        }
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }
}
