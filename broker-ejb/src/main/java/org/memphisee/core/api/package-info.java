/**
 * What the doors to the broker share: requests to subjects that the broker itself serves, answers to them, and who
 * asks. Handlers are called on the requester's I/O thread and hand over at once; answers may be sent from any thread.
 */
package org.memphisee.core.api;
