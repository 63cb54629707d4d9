package mailer

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// point is one thing that mail must get right, and the tests that say so. Those
// of other rooms have their room's name before them; "fault: …" is a line of the
// table in testdata/faults.txt.
type point struct {
	says  string
	tests []string
	// otherwise is how it is reached another way than is usual; empty: as it says.
	otherwise string
}

// points are what is known to go wrong with mail, in the order in which the
// field's systems taught it.
func points() []point {
	return []point{
		{"a change and its mail are not torn apart", []string{"planner.TestCrash_AfterEveryWrite"},
			"no transaction: a mail is born from the difference between what is true and what somebody was told"},
		{"killed between commit and sending, it goes out after a restart", []string{"cmd/samling.TestKill_AtEachPhaseOfAMail", "cmd/samling.TestKill_SigningUp"}, ""},
		{"killed after 250, it comes once more at most, with the same Message-ID", []string{"cmd/samling.TestKill_AtEachPhaseOfAMail", "TestOutbox_KilledAfterTheDotSendsTheSameAgain"}, ""},
		{"put into the outbox twice, it is one mail", []string{"planner.TestTell_TogetherIsOneMail", "planner.TestCrash_AfterEveryWrite"}, ""},
		{"two workers, 500 mails, each once, in both stores", []string{"TestOutbox_TwoInstancesSendEachMailOnce"}, ""},
		{"what a dead worker had is taken over, and a late one changes nothing", []string{"TestOutbox_TakesOverFromADeadInstance", "TestOutbox_LateFinisherChangesNothing", "TestOutbox_AwayIsNotDead"}, ""},
		{"250, then hung up at QUIT: sent", []string{"fault: quit: hangs up", "fault: dot: 250, then hangs up", "TestSMTP_AcceptedThenDropped"}, ""},
		{"hung up between dot and 250: sent once more, and no more", []string{"fault: dot: hangs up", "TestOutbox_UncertainIsResentOnceTheSame"}, ""},
		{"hung up in the middle: tried again, and no dot is sent", []string{"fault: body: hangs up"}, ""},
		{"silent in any phase: given up in time; minutes of thought after the dot are granted", []string{"fault: greet: says nothing", "fault: rcpt: says nothing", "fault: dot: says nothing", "fault: dot: answers after nine minutes", "TestSMTP_ContextEndsEveryWait"}, ""},
		{"stops reading: given up in time", []string{"fault: body: stops reading"}, ""},
		{"no STARTTLS or AUTH where it is needed: nothing is sent, alarm", []string{"fault: ehlo: no STARTTLS", "fault: ehlo with TLS: no AUTH", "TestSMTP_Encryption"}, ""},
		{"a bad certificate: nothing is sent, mails stay", []string{"fault: handshake: certificate has run out", "fault: handshake: certificate of another host", "fault: handshake: certificate of an unknown issuer"}, ""},
		{"a server that is down is not hammered", []string{"TestOutbox_ServerAway", "TestBackoff_JitterAndWishes"}, ""},
		{"connections are used again, and one that died idle costs no try", []string{"TestSMTP_Sent", "TestSMTP_StaleConnection"}, ""},
		{"one refused among many: the others arrive", []string{"TestOutbox_OneRefusedAmongMany", "TestSMTP_RefusedRecipientKeepsTheConnection"}, ""},
		{"4xx is tried again by a schedule or as the server asks; 421 is not for ever", []string{"TestOutbox_Backoff", "TestBackoff_JitterAndWishes", "fault: rcpt: 421 4.3.2 closing"}, ""},
		{"a wrong password or a distrusted domain pauses the queue, seen by all", []string{"TestOutbox_OwnFaultPausesTheQueue", "TestOutbox_WrongPasswordEndToEnd", "fault: dot: 550 5.7.515 access denied", "TestOutbox_Trouble", "handlers.TestStuck_OnEveryPage", "cmd/samling.TestAlarm_ServeCallsACommand"}, ""},
		{"when to give up can be set; organisers see the end and the server's words", []string{"TestOutbox_GiveUpIsSet", "TestOutbox_GivesUpWhenPointless", "handlers.TestOutbox_SaysHowMailFares"},
			"no setting of its own: five days, or until nobody needs the mail"},
		{"the words with 250 are kept", []string{"TestOutbox_Sends"}, ""},
		{"what is no longer true is not sent, with a reason", []string{"TestOutbox_Skips", "TestOutbox_RacesAnErasure"}, ""},
		{"no reminder for who came after its hour, and never two", []string{"models.TestHours_Stories"}, ""},
		{"no mail hangs between two states; the oldest is measured", []string{"TestOutbox_RecoversItsOwnLostClaim", "TestOutbox_Health"}, ""},
		{"told to stop, the mail in hand is finished and none begun", []string{"TestOutbox_StopFinishesTheMailInHand", "TestOutbox_StopWaitsTenSecondsAtMost", "cmd/samling.TestServe_StopsInAStream"}, ""},
		{"no line break of anybody makes a header or a recipient", []string{"TestCompose_HostileWordsStayWords", "TestCompose_Refuses", "TestCompose_BadReplyToIsLeftOut", "FuzzHeaders"}, ""},
		{"names with åäö, commas and quotes survive", []string{"TestCompose_NamesRoundTrip"}, ""},
		{"short lines, no bare line break, ASCII alone", []string{"TestCompose_Bytes"}, ""},
		{"one row gives the same bytes every time", []string{"TestCompose_Bytes", "TestCompose_Golden"}, ""},
		{"a Message-ID on our own domain that stays, and says nothing of the machine", []string{"TestCompose_Header", "TestSMTP_Sent"}, ""},
		{"From is ours, Reply-To the host's, what comes back comes to us", []string{"TestCompose_NamesRoundTrip", "TestCompose_Bounce"}, ""},
		{"our mail says that it is automatic; automatic mail is not answered", []string{"TestCompose_Header", "TestReadReturned_Odd", "planner.TestTakeBack_Mail"}, ""},
		{"a reminder is unsubscribed from with one press, by nobody else, and not by a look", []string{"TestCompose_Header", "handlers.TestManage_OneClickUnsubscribe"}, ""},
		{"a signature covers what others could add", []string{"TestDKIM_EveryMailVerifies", "TestDKIM_TamperingShows"}, ""},
		{"the calendar part stands where programs look for it", []string{"TestCompose_Shape"}, ""},
		{"the text says all that the HTML says", []string{"TestCompose_TextSaysWhatHTMLSays"}, ""},
		{"what comes back is read in both forms and finds its mail", []string{"TestReadReturned_Samples", "planner.TestTakeBack_Mail", "cmd/samling.TestBounce_BesideServe"}, ""},
	}
}

// testsIn are the names of all tests of a room.
func testsIn(t *testing.T, room string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", room, "*_test.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no tests in %s: %v", room, err)
	}
	var names []string
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil {
				names = append(names, f.Name.Name)
			}
		}
	}
	return names
}

// TestPoints is the way from what is known to go wrong to the tests of it.
func TestPoints(t *testing.T) {
	known := map[string][]string{}
	for _, m := range misdeeds() {
		known["fault"] = append(known["fault"], m.String())
	}
	for i, p := range points() {
		t.Run(fmt.Sprintf("%02d %s", i+1, p.says), func(t *testing.T) {
			if len(p.tests) == 0 {
				t.Error("nothing tests it")
			}
			for _, name := range p.tests {
				where, what, elsewhere := strings.Cut(name, ".")
				if line, ok := strings.CutPrefix(name, "fault: "); ok {
					where, what = "fault", line
				} else if !elsewhere {
					where, what = "mailer", name
				}
				if known[where] == nil {
					known[where] = testsIn(t, where)
				}
				if !slices.Contains(known[where], what) {
					t.Errorf("there is no %s", name)
				}
			}
			t.Logf("%s %s", strings.Join(p.tests, ", "), p.otherwise)
		})
	}
}
