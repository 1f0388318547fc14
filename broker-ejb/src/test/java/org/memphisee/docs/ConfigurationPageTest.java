package org.memphisee.docs;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.memphisee.config.SettingsTable;

class ConfigurationPageTest {

    @Test
    void shouldListEachSettingAsTheCodeHasIt() throws IOException {
        GeneratedPart.of("configuration.md", "settings").shouldRead(SettingsTable.lines());
    }

    @Test
    void shouldListTheVariablesWithoutEffect() throws IOException {
        GeneratedPart.of("configuration.md", "ignored").shouldRead(SettingsTable.ignoredVariables());
    }
}
