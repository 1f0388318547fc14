-- Who registered as producer or consumer; whether their connection is there is known to the broker only.
create table members (
    id              bigint primary key,
    kind            varchar(8) not null check (kind in ('PRODUCER', 'CONSUMER')),
    name            text not null,
    station_id      bigint not null references stations (id) on delete cascade,
    group_name      text not null,
    connection_id   text not null,
    type            text not null,
    user_name       text not null,
    app_id          text not null,
    sdk             text not null,
    request_version integer not null,
    created_at      timestamptz not null
);
create index members_station on members (station_id);
create index members_connection on members (connection_id);

-- The colour that somebody gave a tag, as "R, G, B"; empty for none.
alter table station_tags add column color text not null default '';
