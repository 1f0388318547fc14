/**
 * Serves the dashboard's pages (dashboard.md 3.9 and 5.6): security headers on every answer, one page for every address
 * that is no file and no API, files with hashed names cached for good. Called on the container's request threads; knows
 * nothing of the broker.
 */
package org.memphisee.dashboard.web;
