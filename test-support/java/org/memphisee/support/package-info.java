/** For the unit tests of several modules, which compile these files with their own. */
package org.memphisee.support;
