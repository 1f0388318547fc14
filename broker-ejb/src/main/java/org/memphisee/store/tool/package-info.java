/**
 * The store tool: what operators run beside a stopped broker to verify a store, to look at one partition of it, and to save
 * what is readable of a damaged one (docs/store-tool.md). It changes nothing. One thread, started from the command line
 * ({@link org.memphisee.store.tool.StoreTool}); nothing of the broker calls it.
 */
package org.memphisee.store.tool;
