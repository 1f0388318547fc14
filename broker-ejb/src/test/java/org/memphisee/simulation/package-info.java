/**
 * A whole broker in one thread: {@link org.memphisee.simulation.SeededWorld} draws from a seed which of its loops turns next,
 * {@link org.memphisee.simulation.Play} what clients do and what breaks, and models know what may come of it. Everything
 * here is used by the one thread that plays a story. See docs/design/simulation.md.
 */
package org.memphisee.simulation;
