package org.memphisee.meta.jpa;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.output.MigrateResult;

/** Brings the tables to the version of this build. */
final class SchemaMigration {

    private SchemaMigration() { }

    /**
     * Migrates.
     *
     * @return version of the schema
     */
    static String migrate(MetadataDatabase.Access access) {
        Flyway flyway = Flyway.configure(SchemaMigration.class.getClassLoader())
            .dataSource(access.url(), access.user(), access.password())
            .locations("classpath:db/migration").callbackLocations("classpath:db/callback")
            .connectRetries(0).load();
        MigrateResult result = flyway.migrate();
        MigrationInfo current = flyway.info().current();
        if (current == null) { // it only warns when it finds no migrations
            throw new MetadataException("no migrations found in this build (" + result.migrationsExecuted + " executed)");
        }
        return current.getVersion().getVersion();
    }
}
