/**
 * Who may do what: permissions on port 6666, the management API on 9000, and what strangers can do on the HTTP ports.
 */
package org.memphisee.it.access;
