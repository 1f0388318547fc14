-- Tags that somebody defined; station_tags also has those that exist by being attached alone.
create table tags (
    id          bigint primary key,
    name        text not null unique,
    color       text not null,
    created_by  text not null,
    created_at  timestamptz not null
);
