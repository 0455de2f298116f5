-- Description: Takes back: device events

drop table "execution"."device_events";
