/** Three servers that are one cluster, from outside. */
package org.memphisee.it.cluster;
