/**
 * What is looked at and done before the server: the ports it needs, the copy it runs from, the process that is started and
 * waited for. Plain Java that works without a container, as part of a Maven build too.
 */
package org.memphisee.run;
