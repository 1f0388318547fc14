/**
 * Storage encryption (F-171): the keys of the operator from a file, the data keys that the broker makes, and what a value looks
 * like that is encrypted with one. Knows no store; {@code store.je} keeps wrapped data keys beside what they encrypt. Called on the
 * log writer's thread to encrypt, and on any thread to decrypt.
 */
package org.memphisee.store.crypt;
