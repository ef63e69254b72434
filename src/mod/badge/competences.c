/* The 22 competences of DigCompEdu (European Commission, JRC, 2017) that badges are aligned to. */
#include "mod/badge/assertion.h"

#include "base/str.h"

static const struct {
    const char *code, *fr, *en;
} competences[] = {
    { "1.1", "Communication organisationnelle", "Organisational communication" },
    { "1.2", "Collaboration professionnelle", "Professional collaboration" },
    { "1.3", "Pratique réflexive", "Reflective practice" },
    { "1.4", "Développement professionnel continu numérique",
      "Digital continuous professional development (CPD)" },
    { "2.1", "Sélection de ressources numériques", "Selecting digital resources" },
    { "2.2", "Création et modification de ressources numériques",
      "Creating and modifying digital resources" },
    { "2.3", "Gestion, protection et partage de ressources numériques",
      "Managing, protecting and sharing digital resources" },
    { "3.1", "Enseignement", "Teaching" },
    { "3.2", "Accompagnement", "Guidance" },
    { "3.3", "Apprentissage collaboratif", "Collaborative learning" },
    { "3.4", "Apprentissage autorégulé", "Self-regulated learning" },
    { "4.1", "Stratégies d'évaluation", "Assessment strategies" },
    { "4.2", "Analyse des preuves d'apprentissage", "Analysing evidence" },
    { "4.3", "Rétroaction et planification", "Feedback and planning" },
    { "5.1", "Accessibilité et inclusion", "Accessibility and inclusion" },
    { "5.2", "Différenciation et personnalisation", "Differentiation and personalisation" },
    { "5.3", "Implication active des apprenants", "Actively engaging learners" },
    { "6.1", "Éducation à l'information et aux médias", "Information and media literacy" },
    { "6.2", "Communication et collaboration numériques",
      "Digital communication and collaboration" },
    { "6.3", "Création de contenus numériques", "Digital content creation" },
    { "6.4", "Utilisation responsable", "Responsible use" },
    { "6.5", "Résolution de problèmes numériques", "Digital problem solving" },
};

struct str badge_competence(enum lang lang, struct str code)
{
    for (size_t i = 0; i < COUNT(competences); i++)
        if (str_is(code, competences[i].code))
            return str_from(lang == LANG_FR ? competences[i].fr : competences[i].en);
    return STR_NONE;
}
