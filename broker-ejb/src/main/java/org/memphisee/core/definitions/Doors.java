package org.memphisee.core.definitions;

import java.util.Optional;

import org.memphisee.core.access.Users;
import org.memphisee.core.deadletters.LetterRetries;
import org.memphisee.core.integrations.Integrations;
import org.memphisee.core.settings.RuntimeSettings;
import org.memphisee.core.stations.SchemaAdministration;
import org.memphisee.core.stations.StationAdministration;

/**
 * The use cases that an import goes through.
 *
 * @param users users
 * @param runtime settings that are changed while the broker runs
 * @param stations stations, tags and groups
 * @param schemas schemas, and which station has which
 * @param retries when dead letters are given again by themselves
 * @param integrations integrations; empty where there are none
 */
record Doors(Users users, RuntimeSettings runtime, StationAdministration stations, SchemaAdministration schemas,
             LetterRetries retries, Optional<Integrations> integrations) { }
