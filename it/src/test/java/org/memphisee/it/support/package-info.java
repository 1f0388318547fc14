/**
 * What all integration tests need: a broker process, raw connections, waiting for conditions. Used on the tests' own
 * threads.
 */
package org.memphisee.it.support;
