/** Tests that run inside Open Liberty, started and filled by Arquillian. */
package org.memphisee.it.container;
