/**
 * Puts the control plane together for whoever starts the broker. The only package that knows the engine, users and all
 * doors at once; called by the life cycle, on its thread.
 */
package org.memphisee.core.control.assembly;
