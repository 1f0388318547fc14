-- Integrations; their secrets are in the log only.
create table integrations (
    name        text primary key,
    keys        text not null,
    switches_on text not null
);
