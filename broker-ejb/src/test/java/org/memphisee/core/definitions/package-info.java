/** Definitions out of one installation and into another. */
package org.memphisee.core.definitions;
