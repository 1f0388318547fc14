/**
 * Subjects, patterns and the tree that finds who is interested in a subject. Called by every thread of the data path;
 * look-ups take no lock and make no garbage, changes are serialised inside.
 */
package org.memphisee.core.subject;
