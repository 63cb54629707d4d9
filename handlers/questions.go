package handlers

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
)

// question is a question that nobody has to answer, as the forms of residents ask
// it: the note too.
type question struct {
	Name, Label, Optional, Why, Value, Wrong string
	By                                       string // the ids of what describes it
	Phone                                    bool
	Max, Rows                                int
}

// questions are those that are asked, with what was typed, and the note behind
// them.
func questions(p *locale.Printer, asked []models.Question, typed *askForm) []question {
	var out []question
	add := func(name, label, answer string, longest, rows int) {
		q := question{
			Name: name, Label: p.T("sign-up.label." + label), Optional: p.T("sign-up.optional"),
			Value: answer, Wrong: typed.Fault(name), Max: longest, Rows: rows,
		}
		var by []string
		if q.Wrong != "" {
			by = append(by, name+"-wrong")
		}
		if why := "sign-up.why." + name; p.Has(why) {
			q.Why = p.T(why)
			by = append(by, name+"-why")
		}
		q.By = strings.Join(by, " ")
		out = append(out, q)
	}
	for _, q := range asked {
		name := "answers." + string(q)
		add(name, name, *typed.Answers.To(q), models.MaxAnswer, 2)
		if q == models.AskPhone {
			last := &out[len(out)-1]
			last.Phone, last.Max = true, models.MaxPhone
		}
	}
	label := "note"
	if len(asked) > 0 {
		label = "note-more" // the first names what the questions ask
	}
	add("note", label, typed.Note, models.MaxNote, 3)
	return out
}

// answered is one answer with a short name of its question.
type answered struct{ Label, Value string }

func answers(p *locale.Printer, a models.Answers) []answered {
	var out []answered
	for _, q := range a.Answered() {
		out = append(out, answered{p.T("attendance." + string(q)), *a.To(q)})
	}
	return out
}

// needs are the answers that want something of the hosts.
func needs(a models.Answers) models.Answers {
	for _, q := range models.Questions() {
		if !q.Need() {
			*a.To(q) = ""
		}
	}
	return a
}

// answersOf are the answers in a form to the questions that are asked: one that an
// organiser has dropped meanwhile is not read.
func answersOf(c *fiber.Ctx, asked []models.Question) (a models.Answers) {
	for _, q := range asked {
		*a.To(q) = formValue(c, "answers."+string(q))
	}
	return a
}
