package org.memphisee.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.config.BrokerSettings;
import org.memphisee.config.BrokerSettings.TlsKey;

class KeyWatchTest {

    @TempDir
    private Path directory;
    private Path file;
    private TlsKey key;
    private final List<String> renewed = new ArrayList<>();
    private final List<String> unusable = new ArrayList<>();
    private final KeyWatch.Report report = new KeyWatch.Report() {
        @Override
        public void renewed(ServerTls tls) {
            renewed.add(fingerprint(tls));
        }

        @Override
        public void unusable(TlsException why) {
            unusable.add(why.getMessage() + "; " + why.remedy());
        }
    };

    @BeforeEach
    void putKey() throws Exception {
        file = directory.resolve("server.p12");
        key = new TlsKey(file.toString(), SelfSigned.PASSWORD, "", "", "", "", "", false);
        replace();
    }

    /** As certificate managers do it: another file takes the name. */
    private void replace() throws Exception {
        Path made = SelfSigned.file(directory);
        Files.deleteIfExists(made);
        SelfSigned.create(made, "127.0.0.1", Instant.now());
        Files.move(made, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private KeyWatch watch() throws TlsException {
        BrokerSettings.Tls settings = new BrokerSettings.Tls(BrokerSettings.ClientTls.REQUIRED,
            BrokerSettings.HandshakeFirst.OFF, false, false, false, key);
        return new KeyWatch(() -> ServerTls.load(settings, "127.0.0.1", directory, Instant.now()), ServerTls.files(key),
            report);
    }

    private static String fingerprint(ServerTls tls) {
        return ServerTls.fingerprint(tls.certificate().orElseThrow());
    }

    @Test
    void shouldGiveNewConnectionsTheNewKeyOnceItsFileIsQuiet() throws Exception {
        KeyWatch watch = watch();
        ServerTls first = watch.current();
        watch.look();
        assertSame(first, watch.current());

        replace();
        watch.look();
        assertSame(first, watch.current(), "it may still be being written");
        watch.look();
        assertNotEquals(fingerprint(first), fingerprint(watch.current()));
        assertEquals(List.of(fingerprint(watch.current())), renewed);
        watch.look();
        watch.look();
        assertEquals(1, renewed.size());
    }

    @Test
    void shouldKeepItsKeyWhenTheNewOneIsNoneAndSaySoOnce() throws Exception {
        KeyWatch watch = watch();
        ServerTls first = watch.current();
        Files.writeString(file, "half a key");
        for (int i = 0; i < 4; i++) {
            watch.look();
        }
        assertSame(first, watch.current());
        assertEquals(1, unusable.size());
        assertTrue(unusable.get(0).contains("no key store in PKCS12 form"), unusable.get(0));

        Files.delete(file);
        watch.look();
        watch.look();
        assertSame(first, watch.current());
        assertEquals(2, unusable.size());
        replace();
        watch.look();
        watch.look();
        assertEquals(List.of(fingerprint(watch.current())), renewed);
    }

    @Test
    void shouldNotBeginWithoutAKey() throws Exception {
        Files.delete(file);
        assertThrows(TlsException.class, this::watch);
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.SECONDS)
    void shouldEndItsThread() throws Exception {
        KeyWatch watch = watch();
        List<Thread> threads = new ArrayList<>();
        watch.start(task -> {
            threads.add(new Thread(task));
            return threads.get(0);
        });
        watch.close();
        assertFalse(threads.get(0).isAlive());
    }
}
