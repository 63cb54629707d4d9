package main

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"samling/models"
)

// faultsOf are the wrong places that an error names, as "place code".
func faultsOf(t *testing.T, err error) []string {
	t.Helper()
	var out []string
	if err == nil {
		return nil
	}
	ours, ok := errors.AsType[*models.Error](err)
	if !ok {
		t.Fatalf("not a fault of ours: %v", err)
	}
	for _, f := range ours.Fields {
		out = append(out, strings.TrimSpace(f.Name+" "+f.Code))
	}
	return out
}

func TestTable_Read(t *testing.T) {
	want := []models.Association{
		{Document: models.Document{ID: "hyllie"}, Name: "Hyllies förening", District: "vaster", Email: "hyllie@example.org"},
		{Document: models.Document{ID: "staden"}, Name: "Staden; hela", Central: true},
	}
	for name, text := range map[string]string{
		"commas":         "slug,name,district,email,central\nhyllie,Hyllies förening,vaster,hyllie@example.org,\nstaden,Staden; hela,,,yes\n",
		"semicolons":     "slug;name;district;email;central\nhyllie;Hyllies förening;vaster;hyllie@example.org;nej\nstaden;\"Staden; hela\";;;ja\n",
		"tabs":           "slug\tname\tdistrict\temail\tcentral\nhyllie\tHyllies förening\tvaster\thyllie@example.org\t\nstaden\tStaden; hela\t\t\tx\n",
		"byte order":     "\ufeffslug,name,district,email,central\nhyllie,Hyllies förening,vaster,hyllie@example.org,0\nstaden,Staden; hela,,,1\n",
		"Windows lines":  "slug,name,district,email,central\r\nhyllie,Hyllies förening,vaster,hyllie@example.org,no\r\nstaden,Staden; hela,,,true",
		"another order":  "Central, District ,NAME,slug,email\n,vaster,Hyllies förening,hyllie,hyllie@example.org\nyes,, Staden; hela ,staden,\n",
		"an empty line":  "slug,name,district,email,central\n\nhyllie,Hyllies förening,vaster,hyllie@example.org,\n\nstaden,Staden; hela,,,yes\n\n",
		"quotation mark": "slug,name,district,email,central\n\"hyllie\",\"Hyllies förening\",vaster,hyllie@example.org,\nstaden,Staden; hela,,,yes\n",
	} {
		t.Run(name, func(t *testing.T) {
			rows, err := associationTable().read(strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			var got []models.Association
			for _, r := range rows {
				got = append(got, r.Doc)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTable_ReadTranslations(t *testing.T) {
	rows, err := groupTable().read(strings.NewReader("slug,name,name_en,name_so\nbarn,Barn och unga,Children,\nel,Billig el,,Koronto\n"))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []map[string]string{{"en": "Children"}, {"so": "Koronto"}} {
		if diff := cmp.Diff(want, rows[i].Doc.Names); diff != "" {
			t.Errorf("row %d: %s", i, diff)
		}
	}
	if rows[1].Line != 3 {
		t.Errorf("line %d, want 3", rows[1].Line)
	}
}

func TestTable_ReadSamples(t *testing.T) {
	file, err := os.Open("testdata/associations.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if rows, err := associationTable().read(file); err != nil || len(rows) != 51 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	if rows, err := districtTable().read(strings.NewReader(firstDistricts)); err != nil || len(rows) != 5 {
		t.Errorf("%d districts, %v", len(rows), err)
	}
}

func TestTable_ReadRefuses(t *testing.T) {
	header := "slug,name,district\n"
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"nothing":          {"", []string{"file-empty"}},
		"blank lines":      {"\ufeff\n  \n", []string{"file-empty"}},
		"no rows":          {header, []string{"file-empty"}},
		"Windows-1252":     {header + "a,b,norr\nb,M\xf6llan,norr\n", []string{"3 not-utf8-file"}},
		"UTF-16":           {"\xff\xfes\x00l\x00u\x00g\x00", []string{"1 not-utf8-file"}},
		"unknown column":   {"slug,name,district,phone\na,b,norr,1\n", []string{"1 unknown-column"}},
		"unnamed column":   {"slug,name,district,\na,b,norr,\n", []string{"1 unknown-column"}},
		"missing columns":  {"slug,website\na,b\n", []string{"1 missing-column", "1 missing-column"}},
		"repeated column":  {"slug,name,district,Name\na,b,norr,c\n", []string{"1 repeated-column"}},
		"no header":        {"hyllie,Hyllies förening,vaster\n", []string{"1 unknown-column", "1 unknown-column", "1 unknown-column", "1 missing-column", "1 missing-column", "1 missing-column"}},
		"short and long":   {header + "a,b\nb,c,norr\nc,d,norr,e\n", []string{"2 row-length", "4 row-length"}},
		"yes or no":        {"slug,name,district,central\na,b,norr,maybe\n", []string{"2.central not-yes-or-no"}},
		"open quotes":      {header + "a,b,norr\nb,\"c,norr\n", []string{"3 bad-quotes"}},
		"quotes in a cell": {header + "a,b \"c\" d,norr\n", []string{"2 bad-quotes"}},
		"a picture":        {"\x89PNG\r\n\x1a\n", []string{"1 not-utf8-file"}},
		"too large":        {header + strings.Repeat("a,b,norr\n", largestCSV/9+1), []string{"file-too-large"}},
	} {
		t.Run(name, func(t *testing.T) {
			rows, err := associationTable().read(strings.NewReader(c.text))
			if diff := cmp.Diff(c.want, faultsOf(t, err)); diff != "" {
				t.Error(diff)
			}
			if len(rows) > 0 {
				t.Errorf("%d rows beside the faults", len(rows))
			}
		})
	}
}

// A line break within quotes does not move the lines that are told.
func TestTable_ReadLines(t *testing.T) {
	rows, err := districtTable().read(strings.NewReader("slug,name\nnorr,\"No\nrr\"\noster,Öster\n"))
	if err != nil || rows[1].Line != 4 {
		t.Errorf("line %d, %v", rows[1].Line, err)
	}
}

func FuzzTable_Read(f *testing.F) {
	f.Add([]byte("slug,name,district,email,website,central\nhyllie,Hyllie,vaster,,,ja\n"))
	f.Add([]byte("\ufeffslug;name;name_en\r\n\"a\";\"b;\"\"c\";\r\n"))
	f.Add([]byte("slug\tname\n\x00\t\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		rows, err := groupTable().read(bytes.NewReader(text))
		if err != nil && models.CodeOf(err) != models.CodeInvalid {
			t.Fatalf("not a fault of ours: %v", err)
		}
		if err == nil && len(rows) == 0 {
			t.Fatal("neither rows nor a fault")
		}
		lines, last := bytes.Count(text, []byte("\n"))+1, 1
		for _, r := range rows {
			if r.Line <= last || r.Line > lines {
				t.Fatalf("line %d after %d of %d", r.Line, last, lines)
			}
			last = r.Line
		}
	})
}
