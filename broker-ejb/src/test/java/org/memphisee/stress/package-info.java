/**
 * What is used without locks by several threads, tried in very many short races; each test says why what it forbids cannot
 * be. Used by tests of other packages.
 */
package org.memphisee.stress;
