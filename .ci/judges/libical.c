/* Reads one calendar from standard input with libical, checks it against RFC 5545
 * and RFC 5546 with icalrestriction_check, and prints its events as JSON. */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void quoted(const char *value)
{
	putchar('"');
	for (; value && *value; value++) {
		unsigned char c = (unsigned char)*value;
		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < ' ')
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

static void string(const char *key, const char *value, const char *before)
{
	printf("%s\"%s\":", before, key);
	quoted(value);
}

static void person(icalcomponent *event, icalproperty_kind kind, const char *key, const char *name)
{
	icalproperty *p = icalcomponent_get_first_property(event, kind);
	icalparameter *cn = p ? icalproperty_get_first_parameter(p, ICAL_CN_PARAMETER) : NULL;
	string(key, p ? icalproperty_get_value_as_string(p) : "", ",");
	string(name, cn ? icalparameter_get_cn(cn) : "", ",");
}

static void when(const char *key, struct icaltimetype t)
{
	char text[40] = "";
	if (icaltime_is_null_time(t)) {
		string(key, "", ",");
		return;
	}
	if (!t.is_date && !icaltime_is_utc(t) && t.zone == NULL) {
		fprintf(stderr, "a floating time\n");
		exit(1);
	}
	if (t.is_date) {
		snprintf(text, sizeof text, "%04d-%02d-%02d", t.year, t.month, t.day);
	} else {
		t = icaltime_convert_to_zone(t, icaltimezone_get_utc_timezone());
		snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", t.year, t.month, t.day, t.hour, t.minute, t.second);
	}
	string(key, text, ",");
}

/* complain prints what the checker noted in the component and all inside it. */
static int complain(icalcomponent *component)
{
	int faults = 0;
	icalproperty *p = icalcomponent_get_first_property(component, ICAL_XLICERROR_PROPERTY);
	for (; p; p = icalcomponent_get_next_property(component, ICAL_XLICERROR_PROPERTY)) {
		fprintf(stderr, "%s\n", icalproperty_as_ical_string(p));
		faults++;
	}
	icalcomponent *c = icalcomponent_get_first_component(component, ICAL_ANY_COMPONENT);
	for (; c; c = icalcomponent_get_next_component(component, ICAL_ANY_COMPONENT))
		faults += complain(c);
	return faults;
}

int main(void)
{
	static char data[8 << 20];
	size_t length = fread(data, 1, sizeof data - 1, stdin);
	data[length] = 0;
	icalcomponent *calendar = icalparser_parse_string(data);
	if (!calendar || icalcomponent_isa(calendar) != ICAL_VCALENDAR_COMPONENT) {
		fprintf(stderr, "not one calendar\n");
		return 1;
	}
	int right = icalrestriction_check(calendar);
	if (complain(calendar) > 0 || !right) {
		fprintf(stderr, "icalrestriction_check refuses it\n");
		return 1;
	}
	putchar('[');
	const char *before = "{";
	icalcomponent *e = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
	for (; e; e = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
		string("uid", icalcomponent_get_uid(e), before);
		string("summary", icalcomponent_get_summary(e), ",");
		string("location", icalcomponent_get_location(e), ",");
		string("description", icalcomponent_get_description(e), ",");
		icalproperty *url = icalcomponent_get_first_property(e, ICAL_URL_PROPERTY);
		string("url", url ? icalproperty_get_url(url) : "", ",");
		icalproperty *status = icalcomponent_get_first_property(e, ICAL_STATUS_PROPERTY);
		string("status", status ? icalproperty_status_to_string(icalproperty_get_status(status)) : "", ",");
		when("starts", icalcomponent_get_dtstart(e));
		icalproperty *end = icalcomponent_get_first_property(e, ICAL_DTEND_PROPERTY);
		when("ends", end ? icalcomponent_get_dtend(e) : icaltime_null_time());
		printf(",\"categories\":[");
		const char *comma = "";
		icalproperty *p = icalcomponent_get_first_property(e, ICAL_CATEGORIES_PROPERTY);
		for (; p; p = icalcomponent_get_next_property(e, ICAL_CATEGORIES_PROPERTY)) {
			/* one property for each category of the line */
			printf("%s", comma);
			quoted(icalproperty_get_categories(p));
			comma = ",";
		}
		printf("]");
		person(e, ICAL_ATTENDEE_PROPERTY, "attendee", "attendee_name");
		person(e, ICAL_ORGANIZER_PROPERTY, "organizer", "organizer_name");
		printf("}");
		before = ",{";
	}
	printf("]\n");
	return 0;
}
