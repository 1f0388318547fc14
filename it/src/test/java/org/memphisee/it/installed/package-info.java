/**
 * The server as it is installed from an archive or lies in an image: {@code liberty-config/target/image}, which no test writes
 * to. One server at a time, driven as its operator would, by scripts, signals and the environment.
 */
package org.memphisee.it.installed;
