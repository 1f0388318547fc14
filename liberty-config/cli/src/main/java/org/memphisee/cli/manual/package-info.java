/** Writes the manual pages during the build, from what the commands say of themselves. One thread. */
package org.memphisee.cli.manual;
