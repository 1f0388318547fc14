/**
 * The resource adapter as applications get it: stand-alone in a server of their own, against a broker in another process. {@code
 * app} is an application made for these tests; the one for readers is {@code it/example}.
 */
package org.memphisee.it.adapter;
