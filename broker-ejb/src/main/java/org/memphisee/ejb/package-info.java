/**
 * Life cycle and control plane in the container: what starts, in which order, what stops, and what the web modules may
 * ask (D2).
 *
 * <p>{@link org.memphisee.ejb.BrokerLifecycle} is created by the container at start; its work is done on a thread of
 * its own, so that a long recovery never holds back the monitor. The data path does not pass through here: the broker's
 * port is handed to the resource adapter once.
 */
package org.memphisee.ejb;
