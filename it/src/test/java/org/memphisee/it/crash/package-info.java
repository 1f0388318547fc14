/**
 * What survives the sudden end of the broker process, and how fast a full store comes back (promises P1, P4, P5).
 * Every test has a broker of its own. Numbers are set by system properties; the defaults fit a CI run.
 */
package org.memphisee.it.crash;
