-- What users may do where permissions for stations do not decide: people who only look are viewers.
alter table users add column role varchar(16) not null default 'FULL';
