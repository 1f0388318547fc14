/**
 * The file of users that a fresh installation begins with (features.md F-163). Called once while settings are read, by
 * {@link org.memphisee.config.SettingsLoader}, on its thread. {@link org.memphisee.config.users.UsersFile} knows what may be
 * in it; the little YAML that it needs is read by {@link org.memphisee.config.users.YamlReader} with the number of each line.
 */
package org.memphisee.config.users;
