/**
 * Which format a data directory has, so that no release works on what it does not understand (deploy.md 6.6). Called at the start of the
 * broker and by the store tool, before anything else is opened.
 */
package org.memphisee.store.version;
