/** A module that is put into the broker's own EAR and uses the embedded adapter. */
package org.memphisee.it.adapter.inside;
