/* DigCompEdu, the European framework for the digital competence of educators (Redecker and Punie, 2017,
 * doi 10.2760/159770): names are the report's, descriptions our own. */
#include "mod/competence/competence.h"

const struct competence competence_areas[COMPETENCE_AREAS] = {
    { .code = "1",
      .name = N_("Professional Engagement"),
      .what = N_("Using digital means in working life: communicating, cooperating, stepping back "
                 "and learning.") },
    { .code = "2",
      .name = N_("Digital Resources"),
      .what = N_("Finding, producing and sharing digital teaching resources while respecting "
                 "rights and data.") },
    { .code = "3",
      .name = N_("Teaching and Learning"),
      .what = N_("Designing, leading and accompanying learning with digital means.") },
    { .code = "4",
      .name = N_("Assessment"),
      .what = N_("Assessing with digital means and using the results to adjust.") },
    { .code = "5",
      .name = N_("Empowering Learners"),
      .what = N_("Giving every learner an active, accessible and fitting place.") },
    { .code = "6",
      .name = N_("Facilitating Learners' Digital Competence"),
      .what = N_("Helping learners build digital competence of their own.") },
};

const struct competence competences[COMPETENCES] = {
    { .code = "1.1",
      .name = N_("Organisational communication"),
      .what = N_("Choosing and running digital channels to exchange with learners, families, "
                 "colleagues and school partners.") },
    { .code = "1.2",
      .name = N_("Professional collaboration"),
      .what = N_("Working with other educators online: pooling know-how, producing together, "
                 "trying out new ways of teaching.") },
    { .code = "1.3",
      .name = N_("Reflective practice"),
      .what = N_("Looking at one's own digital practice, alone or as a team, spotting what works "
                 "or not and deciding on a next step.") },
    { .code = "1.4",
      .name = N_("Digital continuous professional development (CPD)"),
      .what = N_("Keeping on learning throughout a career through online resources, courses and "
                 "communities.") },
    { .code = "2.1",
      .name = N_("Selecting digital resources"),
      .what = N_("Searching for and keeping resources that fit the goal, the audience, the context "
                 "and the way of working.") },
    { .code = "2.2",
      .name = N_("Creating and modifying digital resources"),
      .what = N_("Reworking an existing resource where its licence allows, or making a new one, "
                 "alone or with others.") },
    { .code = "2.3",
      .name = N_("Managing, protecting and sharing digital resources"),
      .what = N_("Organising and distributing content, keeping sensitive data safe, crediting "
                 "authors and applying copyright and open-licence rules.") },
    { .code = "3.1",
      .name = N_("Teaching"),
      .what = N_("Building digital tools and resources into the course of a lesson and letting "
                 "methods evolve.") },
    { .code = "3.2",
      .name = N_("Guidance"),
      .what = N_("Following and supporting learners, as a group or one by one, during and outside "
                 "sessions.") },
    { .code = "3.3",
      .name = N_("Collaborative learning"),
      .what = N_("Having people learn together: using digital means to organise cooperation, "
                 "communication and shared knowledge building.") },
    { .code = "3.4",
      .name = N_("Self-regulated learning"),
      .what =
          N_("Giving learners the means to plan, follow, document and assess their own path.") },
    { .code = "4.1",
      .name = N_("Assessment strategies"),
      .what = N_("Varying formative and summative assessment through digital means and checking "
                 "that the forms fit.") },
    { .code = "4.2",
      .name = N_("Analysing evidence"),
      .what =
          N_("Gathering and carefully interpreting traces of activity, results and progress.") },
    { .code = "4.3",
      .name = N_("Feedback and planning"),
      .what = N_("Giving useful feedback at the right time and revising the next steps "
                 "accordingly, with the learner.") },
    { .code = "5.1",
      .name = N_("Accessibility and inclusion"),
      .what = N_("Making sure everyone, including people with specific needs or little equipment, "
                 "can take part.") },
    { .code = "5.2",
      .name = N_("Differentiation and personalisation"),
      .what = N_("Letting each person advance at their own pace and by their own route towards "
                 "goals that suit them.") },
    { .code = "5.3",
      .name = N_("Actively engaging learners"),
      .what =
          N_("Getting learners to act, create and inquire into topics that make sense to them.") },
    { .code = "6.1",
      .name = N_("Information and media literacy"),
      .what = N_("Teaching pupils to search, sort, cross-check and question information and its "
                 "sources.") },
    { .code = "6.2",
      .name = N_("Digital communication and collaboration"),
      .what = N_("Teaching pupils to exchange, cooperate and take part in civic life online "
                 "respectfully.") },
    { .code = "6.3",
      .name = N_("Digital content creation"),
      .what = N_("Having pupils make and transform content of various kinds, minding rights and "
                 "licences.") },
    { .code = "6.4",
      .name = N_("Responsible use"),
      .what = N_(
          "Leading pupils to look after their safety, wellbeing and data, and those of others.") },
    { .code = "6.5",
      .name = N_("Digital problem solving"),
      .what = N_("Having pupils solve technical problems and carry what they can do into new "
                 "situations.") },
};

const struct competence competence_levels[COMPETENCE_LEVELS] = {
    { .code = "A1",
      .name = N_("Newcomer"),
      .what = N_("Sees the point of digital tools but uses them little; needs a starting point and "
                 "encouragement.") },
    { .code = "A2",
      .name = N_("Explorer"),
      .what = N_("Has begun to try things without an overall approach; gains from colleagues' "
                 "examples.") },
    { .code = "B1",
      .name = N_("Integrator"),
      .what = N_("Experiments in varied situations and is working out which tool suits which "
                 "moment.") },
    { .code = "B2",
      .name = N_("Expert"),
      .what = N_("Chooses with confidence and a critical eye; knows the upsides and limits of "
                 "those choices.") },
    { .code = "C1",
      .name = N_("Leader"),
      .what = N_("Has a broad, flexible repertoire and inspires others; regularly revises "
                 "practice.") },
    { .code = "C2",
      .name = N_("Pioneer"),
      .what = N_("Questions established practice, creates new approaches and brings other "
                 "educators along.") },
};
