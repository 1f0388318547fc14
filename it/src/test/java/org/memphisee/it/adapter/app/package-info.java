/** The application under test: beans that do as the message says, and a servlet that publishes and tells what was seen. */
package org.memphisee.it.adapter.app;
