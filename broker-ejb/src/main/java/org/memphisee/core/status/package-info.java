/**
 * Questions about the server that clients ask by subjects below {@code $SYS.REQ}. What is answered is what the monitor shows:
 * it gives the pages, here is decided who may ask for which.
 */
package org.memphisee.core.status;
