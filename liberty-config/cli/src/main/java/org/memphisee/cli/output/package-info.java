/**
 * What commands answer, and the forms in which it is written. JSON is an interface: kinds and members stay, golden files in the
 * tests hold them. One thread.
 */
package org.memphisee.cli.output;
