/** Tests of the package of the same name. */
package org.memphisee.core.file;
