/**
 * The management API below {@code /api} on the dashboard's port (management-api.md). {@link
 * org.memphisee.dashboard.api.ApiServlet} is the only door: it checks where a request comes from, who sends it and what
 * it says, in this order, and lets one operation of a feature answer. Operations translate between JSON and the core;
 * what is allowed and how refusals read, the core decides. Runs on the container's request threads. {@code
 * src/main/openapi/management.yaml} describes every operation; tests hold it against the code and the server.
 */
package org.memphisee.dashboard.api;
