/** Tests that hold the documentation to the code; {@code -Dmemphisee.docs.write=true} writes the generated parts anew. */
package org.memphisee.docs;
