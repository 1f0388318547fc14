/** Tests of storage encryption without a store. */
package org.memphisee.store.crypt;
