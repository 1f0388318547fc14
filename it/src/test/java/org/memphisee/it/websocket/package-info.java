/** Port 7770: hostile frames, slow readers and the rate of publishing beside TCP. The clients are in {@code clients}. */
package org.memphisee.it.websocket;
