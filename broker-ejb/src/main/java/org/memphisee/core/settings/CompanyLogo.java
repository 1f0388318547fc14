package org.memphisee.core.settings;

import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.memphisee.core.api.Author;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.SystemEvent;

/**
 * The picture of the company that runs the broker (management-api.md M-011 to M-013, ADR 0192). There is at most one, in the
 * system log like a setting. Any thread; looking costs one read.
 */
public final class CompanyLogo {

    /** Largest file, bytes. */
    public static final int MAX_BYTES = 1 << 20;

    private static final String ACTION = "company_logo_changed";

    private final ControlEngine engine;
    private volatile String uri = "";

    CompanyLogo(ControlEngine engine) {
        this.engine = engine;
    }

    /** Takes over what is durable; control loop only. What another release may have stored is shown only if it is a picture. */
    void apply(String value) {
        uri = value.startsWith("data:image/png;base64,") || value.startsWith("data:image/jpeg;base64,") ? value : "";
    }

    /** The picture as a data URI of type {@code image/png} or {@code image/jpeg}; empty for none. */
    public String uri() {
        return uri;
    }

    /**
     * Replaces the picture.
     *
     * @param by who asks
     * @param file a PNG or JPEG file of at most {@link #MAX_BYTES} and 4,096 pixels on a side
     * @return done when it is durable and shown; fails as {@link RuntimeSettings#change} does
     * @throws SettingRefusal the file is not allowed; the message is for the person who asked
     */
    public CompletableFuture<Void> put(Author by, byte[] file) {
        if (file.length > MAX_BYTES) {
            throw new SettingRefusal("The picture is larger than 1 MiB, upload a smaller one");
        }
        String wanted = "data:" + Picture.type(file) + ";base64," + Base64.getEncoder().encodeToString(file);
        return change(by, wanted, List.of(
            new SystemEvent.ActionTaken("setting", SystemEvent.SettingChanged.LOGO, ACTION,
                Map.of("bytes", Integer.toString(file.length))),
            new SystemEvent.SettingChanged(SystemEvent.SettingChanged.LOGO, wanted)));
    }

    /** Takes the picture away; nothing happens when there is none. Otherwise as {@link #put}. */
    public CompletableFuture<Void> remove(Author by) {
        return change(by, "", List.of(new SystemEvent.SettingChanged(SystemEvent.SettingChanged.LOGO, "")));
    }

    private CompletableFuture<Void> change(Author by, String wanted, List<SystemEvent> events) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        try {
            engine.submit(() -> {
                Deque<SystemEvent> left = new ArrayDeque<>(wanted.equals(uri) ? List.of() : events);
                RuntimeSettings.append(engine, by, left, result);
            });
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
        return result;
    }
}
