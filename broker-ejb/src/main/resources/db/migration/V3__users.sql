-- Which stations a user may use, as JSON, and when it last signed in to the management API.
alter table users add column permissions text not null default '{}';
alter table users add column last_login timestamptz;
