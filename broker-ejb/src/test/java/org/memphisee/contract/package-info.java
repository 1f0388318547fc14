/** Contracts of the core's ports as abstract tests; each implementation runs them. */
package org.memphisee.contract;
