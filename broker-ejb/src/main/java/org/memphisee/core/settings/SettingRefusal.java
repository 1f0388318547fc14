package org.memphisee.core.settings;

/** A value that a setting cannot have; the message is for the person who asked. An answer, not a fault: no stack trace. */
public final class SettingRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SettingRefusal(String text) {
        super(text, null, false, false);
    }
}
