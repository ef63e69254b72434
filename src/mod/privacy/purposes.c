/* The words themselves. Change a text: raise its version, and put in the hash that purposes_test prints. */
#include "mod/privacy/purposes.h"

const struct purpose purposes[] = {
    { "newsletter",
      1,
      { [LANG_FR] = "La lettre de l’atelier", [LANG_EN] = "The workshop’s letter" },
      { [LANG_FR] =
            "Une fois par mois au plus, l’équipe d’eduLAB m’envoie par courriel les nouvelles "
            "formations, vidéos et ressources. L’adresse de mon compte sert à cet envoi et à rien"
            " d’autre. Un lien dans chaque lettre arrête tout.",
        [LANG_EN] =
            "Once a month at most, the eduLAB team sends me news of trainings, videos and "
            "resources by e-mail. The address of my account serves for this and nothing else. A "
            "link in each letter stops it." },
      { [LANG_FR] = "64c4a8897754803f4f39340309c83d2bcf4c28e909ee4608dbb3874204287155",
        [LANG_EN] = "298f7912566b1f3982007b02389c0e80329fe81ceab94f21f3f8483831175d1c" } },
    { "images",
      1,
      { [LANG_FR] = "Photos et enregistrements", [LANG_EN] = "Photos and recordings" },
      { [LANG_FR] =
            "Lors des ateliers, des événements et des webinaires, l’équipe peut me photographier "
            "ou m’enregistrer et publier ces images sur eduLAB TV et dans les rapports du centre,"
            " sans mon nom. Je peux dire non à une prise de vue le jour même, et demander le "
            "retrait d’une image publiée.",
        [LANG_EN] =
            "At workshops, events and webinars the team may photograph or record me and publish "
            "these pictures on eduLAB TV and in the centre’s reports, without my name. I can say "
            "no to a picture on the day itself, and ask for a published one to be withdrawn." },
      { [LANG_FR] = "93748aa6646365a5154886c22ae89ad674528afaa65680309bc2a97c73972ef3",
        [LANG_EN] = "7c243d6438c289b16aefe58ec1e57d2f2dcf70ce6cee875b4fcd5f85d88521af" } },
    { "followup",
      1,
      { [LANG_FR] = "Suivi après une formation", [LANG_EN] = "Follow-up after a training" },
      { [LANG_FR] =
            "Quelques mois après une formation, l’équipe m’écrit pour savoir ce que j’en ai fait "
            "en classe. Je réponds si je veux ; les réponses sont comptées ensemble, jamais "
            "transmises à mon école ni à mon réseau avec mon nom.",
        [LANG_EN] =
            "Some months after a training the team writes to learn what I made of it in class. I "
            "answer if I wish; answers are counted together and never passed on to my school or "
            "network with my name." },
      { [LANG_FR] = "391c20c8e72f76702704e8b4fb1e69731a6a7b1380f0ba74ebe17661fce5ba78",
        [LANG_EN] = "2cc3ff2afd77efd3ad4229ef39e1f35c0de3cd405b563a07ff1b54f6726a5b8c" } },
    { "research",
      1,
      { [LANG_FR] = "Recherche avec les universités partenaires",
        [LANG_EN] = "Research with the partner universities" },
      { [LANG_FR] =
            "Les universités partenaires reçoivent, pour leurs recherches sur la formation au "
            "numérique, les modules que j’ai suivis, avec un numéro à la place de mon nom et sans"
            " mon adresse. Aucune décision à mon sujet n’en découle.",
        [LANG_EN] =
            "For their research on digital training, the partner universities receive which "
            "modules I followed, with a number in the place of my name and without my address. No"
            " decision about me follows from it." },
      { [LANG_FR] = "4fb5ee2d221eaacc24bcda8a29831b75ce46f6a36191b20d6b498d1afb701b00",
        [LANG_EN] = "d1c7b54730cce91d3670307ae8daeb84f41c05aef7b0f6979849fb480124bd06" } },
    { 0 },
};

const struct purpose *purpose_find(struct str code)
{
    for (const struct purpose *p = purposes; p->code; p++)
        if (str_is(code, p->code)) return p;
    return NULL;
}
