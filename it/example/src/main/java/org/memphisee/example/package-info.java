/** A shop: orders come in over HTTP, are shipped by one bean and counted by another; everything in between is messages. */
package org.memphisee.example;
