/** TLS of every port, with key stores and PEM files made by the JDK's keytool at test time. */
package org.memphisee.it.tls;
