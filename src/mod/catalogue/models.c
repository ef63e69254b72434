/* SAMR, ASPID, TPACK in words. Sources: R. Puentedura 2006; T. Karsenti, Formation et profession 21(1), 2013; P. Mishra and
 * M. Koehler 2006. */
#include "mod/catalogue/models.h"

const struct model_level samr_levels[SAMR_LEVELS] = {
    { "S", N_("Substitution"),
      N_("The digital tool takes the place of another tool; the task stays the same."),
      N_("What would one do without the tool? The same thing?") },
    { "A", N_("Augmentation"), N_("The tool replaces the old one and adds a useful function."),
      N_("Which function does the tool really add?") },
    { "M", N_("Modification"), N_("The task is deeply reworked because the tool allows it."),
      N_("What has changed in the task that is set, and in what learners do?") },
    { "R", N_("Redefinition"),
      N_("A task that could not have existed without digital means becomes possible."),
      N_("Could this task be done before?") },
};

const struct model_level aspid_levels[ASPID_LEVELS] = {
    { "A", N_("Adoption"),
      N_("Getting to grips: it takes time and energy, and the gain is not visible yet."),
      N_("Am I still taming the tool?") },
    { "S", N_("Same as before"),
      N_("The same thing as before is done with technology; no gain, no loss of effectiveness."),
      N_("Is the result worth as much as what I did before?") },
    { "P", N_("Gain"), N_("Use makes the activity more effective than before."),
      N_("What do my learners learn better or faster?") },
    { "I", N_("Innovation"), N_("Use opens up new learning activities."),
      N_("Which activity did not exist before?") },
    { "D", N_("Deterioration"),
      N_("Poorly thought-out use makes weaknesses worse and teaching suffers. A pole apart, not a "
         "first rung."),
      N_("What was lost on the way?") },
};

const struct model_level tpack_levels[TPACK_LEVELS] = {
    { "TK", N_("Technological knowledge"),
      N_("Knowing digital tools and being able to adapt when they change."), NULL },
    { "PK", N_("Pedagogical knowledge"),
      N_("Knowing how people learn, how to lead a group, plan and assess."), NULL },
    { "CK", N_("Content knowledge"), N_("Mastering the subject taught: notions, methods, debates."),
      NULL },
    { "PCK", N_("Pedagogical content knowledge"),
      N_("Knowing how to make a given subject teachable: examples, common errors, sequencing."),
      NULL },
    { "TCK", N_("Technological content knowledge"),
      N_("Knowing how tools change the subject and the ways it is represented."), NULL },
    { "TPK", N_("Technological pedagogical knowledge"),
      N_("Knowing what tools enable or hinder in a way of teaching."), NULL },
    { "TPACK", N_("Technological pedagogical content knowledge"),
      N_("Bringing the three domains together for one specific lesson, in its context."), NULL },
};

const struct catalogue_model catalogue_model_list[3] = {
    { "SAMR", N_("What becomes of the task?"), samr_levels, SAMR_LEVELS },
    { "ASPID", N_("What does teaching gain?"), aspid_levels, ASPID_LEVELS },
    { "TPACK", N_("Which kinds of knowledge meet?"), tpack_levels, TPACK_LEVELS },
};

const struct model_level *model_level(const struct model_level *levels, size_t n, struct str code)
{
    for (size_t i = 0; i < n; i++)
        if (str_is(code, levels[i].code)) return &levels[i];
    return NULL;
}

struct str tpack_code(bool technology, bool pedagogy, bool content)
{
    static const char *const codes[8] = { "", "TK", "PK", "TPK", "CK", "TCK", "PCK", "TPACK" };
    return str_from(codes[technology + 2 * pedagogy + 4 * content]);
}

/* The A of TPACK stands for "and", the K for "knowledge". */
bool tpack_holds(struct str code, char set)
{
    return code.n > 0 && memchr(code.p, set, code.n - 1) != NULL;
}

size_t model_places(struct str samr, struct str aspid, struct str tpack, struct model_place ret[3])
{
    const struct str codes[3] = { samr, aspid, tpack };
    size_t n = 0;
    for (size_t i = 0; i < COUNT(codes); i++) {
        const struct catalogue_model *m = &catalogue_model_list[i];
        const struct model_level *level = model_level(m->levels, m->n, codes[i]);
        if (level) ret[n++] = (struct model_place){ m->name, level };
    }
    return n;
}
