/** The format of a data directory. */
package org.memphisee.store.version;
