package demo

import "samling/models"

// subject is what an ordinary event is about.
type subject struct {
	kind    models.Kind
	sv, en  models.Text
	group   string // the working group that should hear of it
	place   string
	outside bool
	// justCome: nobody signs up, whatever is usual for the kind.
	justCome bool
}

var subjects = []subject{
	{
		kind: models.TownHall, group: "barn-och-unga", place: "Folkets hus",
		sv: models.Text{
			Title: "Öppet möte om skolan", Summary: "Vad behöver skolorna här omkring? Kom och säg vad du tycker.",
			Description: "Först en halvtimme om läget i våra skolor, sedan är ordet fritt.\n\n- Läxhjälp och fritids\n- Trygghet på rasterna\n- Små klasser eller fler lärare?\n\nDu behöver inte vara medlem.",
		},
		en: models.Text{
			Title: "Town hall on our schools", Summary: "What do the schools around here need? Come and say what you think.",
			Description: "Half an hour on where our schools stand, then the floor is yours.\n\n- Homework help and after-school care\n- Safe breaks\n- Smaller classes or more teachers?\n\nYou need not be a member.",
		},
	},
	{
		kind: models.YardParty, group: "stad-som-haller-ihop", place: "Innergården", outside: true,
		sv: models.Text{
			Title: "Gårdsfest med korv och musik", Summary: "Vi grillar, spelar och pratar. Alla på gården är välkomna.",
			Description: "Ta med en filt och en granne. Vid långbordet kan du skriva upp vad som borde göras på gården.",
		},
		en: models.Text{
			Title: "Yard party with sausages and music", Summary: "We grill, play and talk. Everybody in the yard is welcome.",
			Description: "Bring a blanket and a neighbour. At the long table you can write down what should be done in the yard.",
		},
	},
	{
		kind: models.Seminar, group: "klimat-och-el", place: "Biblioteket",
		sv: models.Text{
			Title: "Seminarium: elen och plånboken", Summary: "Varför kostar elen som den gör, och vad kan staden göra åt det?",
			Description: "En energirådgivare visar hur en elräkning är uppbyggd. **Ta gärna med din egen.** Sedan samtal i små grupper.",
		},
		en: models.Text{
			Title: "Seminar: electricity and your wallet", Summary: "Why does electricity cost what it does, and what can the city do about it?",
			Description: "An energy adviser shows how a bill is made up. **Do bring your own.** Then we talk in small groups.",
		},
	},
	{
		kind: models.RoundTable, group: "valfard-och-halsa", place: "Kvartersgården",
		sv: models.Text{
			Title: "Rundabordssamtal om äldreomsorgen", Summary: "Ett bord, en fråga: hur vill vi bli gamla?",
			Description: "Vi är få runt bordet för att alla ska hinna prata. Anställda i hemtjänsten är med och lyssnar.",
		},
		en: models.Text{
			Title: "Round table on care for the elderly", Summary: "One table, one question: how do we want to grow old?",
			Description: "We are few around the table so that everybody gets to speak. People who work in home care are there to listen.",
		},
	},
	{
		kind: models.Consultation, group: "stad-for-vanligt-folk", place: "Expeditionen",
		sv: models.Text{
			Title: "Rådslag om bostäderna", Summary: "Medlemmar läser utkastet och säger vad som saknas.",
			Description: "Läs gärna utkastet i förväg. Vi går igenom det kapitel för kapitel och skriver ner varje förslag.",
		},
		en: models.Text{Title: "Consultation on housing", Summary: "Members read the draft and say what is missing."},
	},
	{
		kind: models.Meeting, place: "Expeditionen",
		sv: models.Text{Title: "Medlemsmöte", Summary: "Månadens möte med kaffe.", Description: "Dagordningen ligger framme på expeditionen en vecka före."},
		en: models.Text{Title: "Members' meeting", Summary: "This month's meeting, with coffee."},
	},
	{
		kind: models.TownHall, group: "arbete-och-tillvaxt", place: "Torget", outside: true, justCome: true,
		sv: models.Text{
			Title: "Torgmöte: jobben som försvann", Summary: "Vi pratar om jobb, lön och utbildning.",
			Description: "Korta tal, öppen mikrofon. Vi står kvar en timme efteråt för den som hellre pratar på tu man hand.",
		},
		en: models.Text{
			Title: "Square meeting: the jobs that went away", Summary: "We talk about jobs, pay and education.",
			Description: "Short speeches, open microphone. We stay for an hour afterwards for those who would rather talk in private.",
		},
	},
	{
		kind: models.Seminar, group: "stad-som-haller-ihop", place: "Studiesalen",
		sv: models.Text{
			Title: "Kvällskurs: så styrs staden", Summary: "Vem bestämmer vad, och hur påverkar man det?",
			Description: "Nämnder, budget, medborgarförslag: en kväll för dig som aldrig har varit på ett möte förut.",
		},
		en: models.Text{
			Title: "Evening class: how the city is run", Summary: "Who decides what, and how can you have a say?",
			Description: "Committees, budgets, citizens' proposals: an evening for those who have never been to a meeting before.",
		},
	},
	{
		kind: models.YardParty, group: "stad-som-haller-ihop", place: "Innergården", outside: true,
		sv: models.Text{
			Title: "Loppis och fika på gården", Summary: "Ta med det du inte behöver och hitta det du saknar.",
			Description: "Bord finns. Det som blir över går vidare till en hjälporganisation.",
		},
		en: models.Text{
			Title: "Flea market and coffee in the yard", Summary: "Bring what you don't need and find what you are missing.",
			Description: "There are tables. What is left over goes to charity.",
		},
	},
	{
		kind: models.RoundTable, group: "barn-och-unga", place: "Fritidsgården",
		sv: models.Text{
			Title: "Samtal: trygg väg till skolan", Summary: "Föräldrar, barn och politiker ritar på samma karta.",
			Description: "Vi märker ut de platser där det känns otryggt och kommer överens om tre att börja med.",
		},
		en: models.Text{
			Title: "Conversation: a safe way to school", Summary: "Parents, children and politicians draw on the same map.",
			Description: "We mark the places that feel unsafe and agree on three to begin with.",
		},
	},
	{
		kind: models.TownHall, place: "Kaféet",
		sv: models.Text{Title: "Fråga om vad du vill", Summary: "Två timmar, inga tal. Du frågar, vi svarar."},
		en: models.Text{Title: "Ask us anything", Summary: "Two hours, no speeches. You ask, we answer."},
	},
	{
		kind: models.Seminar, group: "valfard-och-halsa", place: "Folkets hus",
		sv: models.Text{
			Title: "Vården nära dig", Summary: "Om vårdcentraler, köer och vem som ska betala.",
			Description: "En sjuksköterska och en läkare berättar om sin vardag. Efter pausen svarar de på frågor.",
		},
		en: models.Text{
			Title: "Health care close to you", Summary: "On health centres, queues and who should pay.",
			Description: "A nurse and a doctor describe their working day. After the break they take questions.",
		},
	},
	{
		kind: models.Other, group: "stad-for-vanligt-folk", place: "Stationen", outside: true,
		sv: models.Text{
			Title: "Cykeltur genom kvarteren", Summary: "Vi cyklar sakta och stannar där det byggs.",
			Description: "Ungefär en mil i lugn takt. Säg till om du behöver låna cykel.",
		},
		en: models.Text{
			Title: "Bicycle tour of the neighbourhood", Summary: "We ride slowly and stop where things are being built.",
			Description: "About ten kilometres at an easy pace. Tell us if you need to borrow a bicycle.",
		},
	},
}
