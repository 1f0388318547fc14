/** The resource adapter as applications use it, against the real core, over TCP and inside the process; no container. */
package org.memphisee.adapter;
