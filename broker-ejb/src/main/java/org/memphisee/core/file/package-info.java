/**
 * Small files of an operator: settings, keys, certificates, lists of users. Called where they are read, at the start and when one
 * has changed; any thread.
 */
package org.memphisee.core.file;
