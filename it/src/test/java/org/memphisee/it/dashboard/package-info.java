/**
 * The dashboard from outside: its pages over HTTP, its live channel over WebSocket, and all of it in a real browser.
 * The browser's tests are skipped where there is no Chromium.
 */
package org.memphisee.it.dashboard;
