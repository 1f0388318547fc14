/**
 * Opens the doors: the resource adapter opens a {@link org.memphisee.net.listen.ClientListener} when the broker registers and
 * closes it when the broker leaves. Any thread that is not one of its own.
 */
package org.memphisee.net.listen;
