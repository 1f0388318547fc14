/**
 * The tables of the metadata database as JPA entities. Written by the projection only; others read. Nullable columns are
 * boxed types here and nowhere else.
 */
package org.memphisee.meta.jpa.entity;
