/* Which fields a file of each sort has, how their columns may be called, and what can be wrong. */
#include "base/utf8.h"
#include "mod/import/pages.h"

static const struct {
    const char *code, *label;
    struct import_field fields[IMPORT_FIELDS + 1];
} kinds[IMPORT_KINDS] = {
    [IMPORT_PEOPLE] = { "people",
                        N_("People"),
                        { [PERSON_NAME] = { "nom", N_("Name"),
                                            "nom name lastname surname nomdefamille nomcomplet "
                                            "fullname nomprenom nometprenom displayname",
                                            "Dupont", true },
                          [PERSON_FIRST] = { "prénom", N_("First name"),
                                             "prenom firstname givenname", "Camille", false },
                          [PERSON_EMAIL] = { "email", N_("E-mail address"),
                                             "email mail courriel adresseemail adressemail "
                                             "adressecourriel adresseelectronique emailaddress",
                                             "camille.dupont@ecole.example", true },
                          [PERSON_LANG] = { "langue", N_("Language"), "langue language lang", "fr",
                                            false },
                          [PERSON_CATEGORY] = { "catégorie", N_("Category"),
                                                "categorie category public jesuis iam",
                                                "Enseignant·e", false },
                          [PERSON_SUBJECTS] = { "matières", N_("Subjects"),
                                                "matieres matiere subjects subject branches "
                                                "branche",
                                                "Mathématiques", false } } },
    [IMPORT_ORGANISATIONS] = { "organisations",
                               N_("Organisations"),
                               { [ORG_KIND] = { "sorte", N_("Kind"), "sorte kind type", "École",
                                                true },
                                 [ORG_NAME] = { "nom", N_("Name"),
                                                "nom name denomination etablissement organisation",
                                                "École des Tilleuls", true },
                                 [ORG_CODE] = { "code", N_("Code"),
                                                "code fase codefase nfase numerofase numero number",
                                                "EX-1234", false },
                                 [ORG_PLACE] = { "lieu", N_("Town"),
                                                 "lieu ville localite commune town city place",
                                                 "Namur", false },
                                 [ORG_SITE] = { "site", N_("Website"),
                                                "site siteweb web url website",
                                                "https://ecole.example", false },
                                 [ORG_PARENT] = { "dépend de", N_("Below"),
                                                  "dependde parent sous below codeparent "
                                                  "rattachement rattachea po reseau",
                                                  "CECP", false } } },
    [IMPORT_MEMBERSHIPS] = { "memberships",
                             N_("Memberships"),
                             { [MEMBER_EMAIL] = { "email", N_("E-mail address"),
                                                  "email mail courriel adresseemail adressemail "
                                                  "adressecourriel adresseelectronique "
                                                  "emailaddress",
                                                  "camille.dupont@ecole.example", true },
                               [MEMBER_ORG] = { "organisation", N_("School or organisation"),
                                                "organisation organization ecole etablissement "
                                                "school code codefase fase codeecole",
                                                "EX-1234", true },
                               [MEMBER_ROLE] = { "rôle", N_("Role"), "role fonction", "Membre",
                                                 false },
                               [MEMBER_FROM] = { "du", N_("First day"),
                                                 "du debut datededebut datedebut depuis from since "
                                                 "start startdate firstday premierjour",
                                                 "2026-09-01", false },
                               [MEMBER_UNTIL] = { "au", N_("Last day"),
                                                  "au fin datedefin datefin jusquau until to end "
                                                  "enddate lastday dernierjour",
                                                  "2027-08-31", false } } },
};

static const struct {
    const char *code, *label;
} problems[] = {
    /* of a whole file */
    { "no-text", N_("This is no text: in the spreadsheet choose “Save as… CSV UTF-8”.") },
    { "empty", N_("The file has no line below its headings.") },
    { "missing", N_("The file has no column for this: {0}.") },
    { "doubled", N_("Two columns have the same meaning: {0}. Take one of them away.") },
    { "too-long", N_("The file has too many lines. Cut it in two.") },
    { "open-quote", N_("A quotation mark is opened and never closed, from line {0} on.") },
    /* of a line */
    { "stray", N_("Something stands behind a closing quotation mark.") },
    { "wide", N_("The line has too many cells.") },
    { "control", N_("Holds an invisible control character.") },
    { "required", N_("Must not be empty.") },
    { "long", N_("Too long.") },
    { "email", N_("This is no e-mail address.") },
    { "category", N_("This category is unknown.") },
    { "lang", N_("Write fr or en.") },
    { "kind", N_("This kind is unknown.") },
    { "site", N_("An address begins with https://.") },
    { "twice", N_("The same stands in an earlier line.") },
    { "parent", N_("Nothing has this name or code, neither here nor in the file.") },
    { "several", N_("Several have this name: give the code.") },
    { "suits", N_("This kind of organisation does not lie below that one.") },
    { "other-kind", N_("The organisation with this code is of another kind.") },
    { "person", N_("Nobody has an account with this address. Bring the people in first.") },
    { "organisation",
      N_("No organisation has this code or name. Bring the organisations in first.") },
    { "role", N_("This role is unknown.") },
    { "date", N_("Write the day as 2026-09-01 or 01/09/2026.") },
    { "order", N_("The last day lies before the first.") },
    { "meanwhile", N_("It changed while the file was brought in: hand the file in again.") },
    /* of what an undo leaves */
    { "kept-used", N_("Stays: this account has been used since.") },
    { "kept-changed", N_("Stays: it has changed since.") },
    { "kept-inhabited", N_("Stays: something or somebody belongs to it by now.") },
};

enum import_kind import_kind_of(struct str code)
{
    int i = 0;
    while (i < IMPORT_KINDS && !str_is(code, kinds[i].code))
        i++;
    return (enum import_kind)i;
}

const char *import_kind_code(enum import_kind kind)
{
    return kinds[kind].code;
}

const char *import_kind_label(enum import_kind kind)
{
    return kinds[kind].label;
}

const struct import_field *import_fields(enum import_kind kind)
{
    return kinds[kind].fields;
}

const char *import_problem_label(struct str code)
{
    for (size_t i = 0; i < COUNT(problems); i++)
        if (str_is(code, problems[i].code)) return problems[i].label;
    return N_("This line could not be used.");
}

struct str import_letters(struct arena *a, struct str text)
{
    struct str f = utf8_fold(a, text);
    char *out = arena_alloc(a, f.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < f.n; i++)
        if ((f.p[i] >= 'a' && f.p[i] <= 'z') || (f.p[i] >= '0' && f.p[i] <= '9')) out[n++] = f.p[i];
    return (struct str){ out, n };
}

/* What people also write for a kind or a role, beside its code and its labels. */
static const struct {
    const char *code, *words;
} words[] = {
    { "network", "reseau" },
    { "authority", "po pouvoirorganisateur" },
    { "school", "ecole etablissement" },
    { "university", "universite hauteecole" },
    { "partner", "partenaire" },
    { "company", "entreprise societe" },
    { "member", "membre" },
    { "contact", "contact personnedecontact" },
    { "head", "direction directeur directrice" },
    { "trainer", "formateur formatrice" },
    { "coach", "coach accompagnateur accompagnatrice" },
};

static bool among(const char *list, struct str letters)
{
    struct str names = str_from(list);
    while (names.n)
        if (str_eq(str_cut(&names, ' '), letters)) return true;
    return false;
}

bool import_means(struct arena *a, struct str letters, const char *code, const char *label)
{
    for (size_t i = 0; i < COUNT(words); i++)
        if (!strcmp(words[i].code, code) && among(words[i].words, letters)) return true;
    return str_eq(letters, import_letters(a, str_from(code))) ||
           str_eq(letters, import_letters(a, lang_text(LANG_FR, label))) ||
           str_eq(letters, import_letters(a, lang_text(LANG_EN, label)));
}

void import_map(struct arena *a, enum import_kind kind, const struct csv *head,
                struct import_mapping *ret)
{
    enum { SHOWN = 600 };
    const struct import_field *fields = kinds[kind].fields;
    *ret = (struct import_mapping){ .ignored = S(""), .doubled = STR_NONE };
    for (size_t f = 0; f < IMPORT_FIELDS; f++)
        ret->column[f] = -1;
    for (size_t i = 0; i < head->n; i++) {
        struct str letters = import_letters(a, head->fields[i]);
        size_t f = 0;
        while (fields[f].name && !among(fields[f].headings, letters))
            f++;
        if (!fields[f].name) {
            if (head->fields[i].n && ret->ignored.n < SHOWN)
                ret->ignored =
                    arena_printf(a, "%.*s%s%.*s", STR(ret->ignored), ret->ignored.n ? ", " : "",
                                 STR(str_sub(head->fields[i], 0, 100)));
        } else if (ret->column[f] >= 0) {
            ret->doubled = str_sub(head->fields[i], 0, 100);
        } else {
            ret->column[f] = (int)i;
        }
    }
}

const struct import_field *import_missing(enum import_kind kind, const struct import_mapping *m)
{
    const struct import_field *fields = kinds[kind].fields;
    for (size_t f = 0; fields[f].name; f++)
        if (fields[f].required && m->column[f] < 0) return &fields[f];
    return NULL;
}
