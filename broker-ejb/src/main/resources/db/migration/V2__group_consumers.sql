-- A consumer of a group has no configuration of its own: the group's settings are its settings.
alter table consumers alter column config drop not null;
