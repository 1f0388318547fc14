/**
 * What is shipped beside the server for those who run it elsewhere: compose files, alert rules, the scraper's configuration. They are
 * read as they lie in the installed server. {@code compose/compose-spec.json} among the test's resources is the schema of the
 * Compose Specification (Apache License 2.0).
 */
package org.memphisee.it.deploy;
