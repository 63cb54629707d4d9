package handlers

import "testing"

// What one asks first stands on the page in each language that the public reads,
// and a day without hours says that it has none yet.
func TestEventPage_WhatOneAsksFirst(t *testing.T) {
	c := newCity(t)
	c.published(`{"kind":"yard-party","slug":"fest","title":"Gårdsfest","host":"husie","co_hosts":["videdal"],"partners":["ABF Provköping"],"starts":"2026-04-11","date_only":true,
		"place":{"name":"Gården"},"access":{"step_free":true},"price":0,"food":true,"children":true,"rain":"Vi ses i tvättstugan.","spoken":["sv","so"],"interpreted":["ar"]}`)
	for prefix, say := range map[string][]string{
		"": {
			">lördag 11 april</time>", "Klockslaget är inte bestämt än.", "Ingen anmälan, det är bara att komma", "<li>ingång utan trappsteg</li>",
			"I samarbete med <a href=\"/associations/videdal\"", "och ABF Provköping", "<li>Fri entré.</li><li>Vi bjuder på fika.</li><li>Ta gärna med barnen.</li>",
			"Om det regnar", "<bdi>Vi ses i tvättstugan.", "Vi talar svenska och somaliska. Tolk finns för arabiska.",
		},
		"/en": {
			">Saturday 11 April</time>", "The time is not set yet.", "No sign-up, just come", "<li>step-free entrance</li>",
			"Together with <a href=\"/en/associations/videdal\"", "and ABF Provköping", "<li>Free.</li><li>Coffee on us.</li><li>Children welcome.</li>",
			"If it rains", `<bdi lang="sv">Vi ses i tvättstugan.`, "We speak Swedish and Somali. Interpreter present for Arabic.",
		},
		"/ar": {
			">السبت 11 أبريل</time>", "لم يُحدد الوقت بعد.", "لا حاجة إلى التسجيل، يكفي الحضور", "<li>مدخل بلا درج</li>",
			"بالتعاون مع <a href=\"/ar/associations/videdal\"", "و \u2068ABF Provköping\u2069", "<li>الدخول مجاني.</li><li>القهوة والضيافة علينا.</li><li>الأطفال موضع ترحيب.</li>",
			"في حال هطول المطر", `<bdi lang="sv">Vi ses i tvättstugan.`, "نتحدث السويدية والصومالية. الترجمة الفورية متوفرة إلى العربية.",
		},
	} {
		t.Run("page"+prefix, func(t *testing.T) {
			c.ask("GET", prefix+"/events/fest", "").want(t, 200).contains(t, say...)
		})
	}
}
