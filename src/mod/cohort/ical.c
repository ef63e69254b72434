/* Meetings as an iCalendar file (RFC 5545), written by libical: wall-clock times with their zone, ids and sequences by which a
 * calendar knows a later word about the same meeting. */
#include <libical/ical.h>
#include <stdlib.h>

#include "base/id.h"
#include "base/time.h"
#include "mod/cohort/cohort.h"

#define ZONE "Europe/Brussels"

/* The rule that has held since 1996. Written out, so that it needs no files of the machine it runs on. */
static const char zone_text[] = "BEGIN:VTIMEZONE\r\n"
                                "TZID:" ZONE "\r\n"
                                "BEGIN:DAYLIGHT\r\n"
                                "TZOFFSETFROM:+0100\r\n"
                                "TZOFFSETTO:+0200\r\n"
                                "TZNAME:CEST\r\n"
                                "DTSTART:19960331T020000\r\n"
                                "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"
                                "END:DAYLIGHT\r\n"
                                "BEGIN:STANDARD\r\n"
                                "TZOFFSETFROM:+0200\r\n"
                                "TZOFFSETTO:+0100\r\n"
                                "TZNAME:CET\r\n"
                                "DTSTART:19961027T030000\r\n"
                                "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"
                                "END:STANDARD\r\n"
                                "END:VTIMEZONE\r\n";

static icalproperty *on_the_wall(icalproperty *property)
{
    icalproperty_add_parameter(property, icalparameter_new_tzid(ZONE));
    return property;
}

static struct icaltimetype wall(int64_t ms)
{
    struct civil c = time_civil(ms);
    return (struct icaltimetype){ .year = c.year,
                                  .month = c.month,
                                  .day = c.day,
                                  .hour = c.hour,
                                  .minute = c.minute,
                                  .second = c.second };
}

static struct icaltimetype utc(int64_t ms)
{
    return icaltime_from_timet_with_zone((time_t)(ms / SECOND_MS), 0,
                                         icaltimezone_get_utc_timezone());
}

/* "Name <address>" or an address, as mailto: with the name beside it. */
static icalproperty *who(icalproperty *property, struct arena *a, struct str name)
{
    if (name.n) icalproperty_add_parameter(property, icalparameter_new_cn(arena_cstr(a, name)));
    return property;
}

static void add_people(icalcomponent *event, const struct cohort_calendar *c, struct arena *a)
{
    if (c->method == COHORT_FEED) return;
    size_t open = str_find(c->organizer, '<');
    bool named = open < c->organizer.n;
    struct str name = named ? str_trim(str_sub(c->organizer, 0, open)) : S("eduLAB");
    struct str address =
        named ? str_sub(c->organizer, open + 1, c->organizer.n - open - 2) : c->organizer;
    icalcomponent_add_property(
        event,
        who(icalproperty_new_organizer(arena_printf(a, "mailto:%.*s", STR(address)).p), a, name));
    if (c->method == COHORT_PUBLISH) return; /* RFC 5546: what is published has no attendees */
    icalproperty *attendee =
        who(icalproperty_new_attendee(arena_printf(a, "mailto:%.*s", STR(c->attendee)).p), a,
            c->attendee_name);
    icalproperty_add_parameter(attendee, icalparameter_new_role(ICAL_ROLE_REQPARTICIPANT));
    icalproperty_add_parameter(attendee, icalparameter_new_partstat(ICAL_PARTSTAT_ACCEPTED));
    icalproperty_add_parameter(attendee, icalparameter_new_rsvp(ICAL_RSVP_FALSE));
    icalcomponent_add_property(event, attendee);
}

static icalcomponent *event_of(const struct cohort_calendar *c, const struct cohort_event *e,
                               struct arena *a)
{
    const struct cohort_meeting *m = &e->meeting;
    struct str host = c->origin;
    size_t slashes = str_search(host, S("://"));
    if (slashes < host.n) host = str_sub(host, slashes + 3, host.n);
    bool cancelled = c->method == COHORT_CANCEL || e->cancelled || m->cancelled_at != DB_NULL;
    icalcomponent *event = icalcomponent_vanew(
        ICAL_VEVENT_COMPONENT,
        icalproperty_new_uid(arena_printf(a, "%.*s@%.*s", STR(id_lower(a, m->id)), STR(host)).p),
        icalproperty_new_dtstamp(utc(c->now)),
        on_the_wall(icalproperty_new_dtstart(wall(m->starts_at))),
        on_the_wall(icalproperty_new_dtend(wall(m->ends_at))),
        icalproperty_new_summary(
            arena_printf(a, "%.*s : %.*s", STR(e->programme), STR(m->title)).p),
        icalproperty_new_sequence((int)e->sequence),
        icalproperty_new_lastmodified(utc(m->changed_at)),
        icalproperty_new_status(cancelled ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED),
        icalproperty_new_url(
            arena_printf(a, "%.*s/formations/%.*s", STR(c->origin), STR(e->slug)).p),
        NULL);
    struct str place = m->place.n ? m->place : m->link;
    if (place.n) icalcomponent_add_property(event, icalproperty_new_location(arena_cstr(a, place)));
    struct str words =
        m->link.n ? arena_printf(a, "%.*s\n%.*s", STR(e->group), STR(m->link)) : e->group;
    icalcomponent_add_property(event, icalproperty_new_description(arena_cstr(a, words)));
    add_people(event, c, a);
    return event;
}

static icalproperty *own(const char *name, const char *value)
{
    icalproperty *property = icalproperty_new_x(value);
    icalproperty_set_x_name(property, name);
    return property;
}

struct str cohort_calendar_text(struct arena *a, const struct cohort_calendar *c)
{
    static const icalproperty_method methods[] = { [COHORT_FEED] = ICAL_METHOD_NONE,
                                                   [COHORT_PUBLISH] = ICAL_METHOD_PUBLISH,
                                                   [COHORT_REQUEST] = ICAL_METHOD_REQUEST,
                                                   [COHORT_CANCEL] = ICAL_METHOD_CANCEL };
    icalerror_set_errors_are_fatal(0);
    icalcomponent *calendar = icalcomponent_vanew(
        ICAL_VCALENDAR_COMPONENT, icalproperty_new_version("2.0"),
        icalproperty_new_prodid("-//eduLAB//edulab//FR"), icalparser_parse_string(zone_text), NULL);
    if (c->method != COHORT_FEED)
        icalcomponent_add_property(calendar, icalproperty_new_method(methods[c->method]));
    if (c->name.n) {
        icalcomponent_add_property(calendar, own("X-WR-CALNAME", arena_cstr(a, c->name)));
        icalcomponent_add_property(calendar, own("X-PUBLISHED-TTL", "PT1H"));
    }
    for (size_t i = 0; i < c->n; i++)
        icalcomponent_add_component(calendar, event_of(c, &c->events[i], a));
    char *text = icalcomponent_as_ical_string_r(calendar);
    if (!text) abort(); /* only without memory */
    struct str kept = arena_dup(a, str_from(text));
    free(text);
    icalcomponent_free(calendar);
    return kept;
}
