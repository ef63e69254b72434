/* Sample threads below the sample videos: questions of teachers, an answer by the team, one that waits for the team. */
#include "base/id.h"
#include "base/time.h"
#include "base/utf8.h"
#include "mod/comment/pages.h"
#include "mod/people/people.h"

static const struct {
    const char *video, *email; /* video NULL: an answer in the thread before */
    int hours;                 /* before the loading */
    bool team, held;
    const char *body;
} said[] = {
    { "licences-ouvertes", "direction@exemple.be", 190, false, false,
      "Merci, c'est clair et court : je le passe à la prochaine journée pédagogique." },
    { "licences-ouvertes", "apprenante@exemple.be", 50, false, false,
      "À 0:20, vous dites qu'on peut adapter un document CC BY-SA. Si je le traduis pour mes "
      "élèves, "
      "dois-je garder **exactement** la même licence ?" },
    { NULL, "equipe@exemple.be", 47, true, false,
      "Oui : une traduction est une adaptation, elle se partage sous la même licence (ou une "
      "licence "
      "compatible).\n\nPensez à citer l'auteur·rice, la source et ce que vous avez changé." },
    { NULL, "apprenante@exemple.be", 30, false, false,
      "Parfait, je note. La fiche est prête pour lundi !" },
    { "licences-ouvertes", "contact@exemple.be", 20, false, false,
      "Nous avons ajouté la licence en bas de toutes nos fiches :\n\n- une ligne par fiche ;\n- le "
      "lien "
      "vers le résumé ;\n- le nom de la personne qui l'a écrite.\n\nVingt minutes de travail à "
      "trois, et "
      "les collègues des autres écoles s'en servent déjà." },
    { "licences-ouvertes", "coach@exemple.be", 3, false, true,
      "J'ai rassemblé des modèles de mention à copier. Puis-je mettre le lien ici ?" },
    { "ia-generative-texte", "coach@exemple.be", 120, false, false,
      "Le passage à 0:15 a lancé une belle discussion en salle des profs. Quelqu'un l'a-t-il déjà "
      "essayé en troisième primaire ?" },
    { NULL, "formateur@exemple.be", 100, true, false,
      "Oui, à l'oral et à tous : on lit ensemble ce que la machine a écrit et on cherche ce qui "
      "cloche. Quinze minutes suffisent." },
};

struct loading {
    struct db *db;
    int64_t now, video, thread;
};

static void add_one(struct loading *l, size_t i)
{
    struct account who;
    struct comment_sql_sample_video video;
    if (said[i].video)
        l->video = comment_sql_sample_video(l->db, str_from(said[i].video), &video) ? video.id : 0;
    if (!l->video || !people_find_by_email(l->db, str_from(said[i].email), &who)) return;
    int64_t id = id_new();
    if (said[i].video) l->thread = id;
    struct str body = str_from(said[i].body);
    comment_sql_add(
        l->db, &(const struct comment_sql_add_in){ .id = id,
                                                   .video = l->video,
                                                   .thread = l->thread,
                                                   .person = who.id,
                                                   .team = said[i].team,
                                                   .body = body,
                                                   .search = utf8_fold(db_arena(l->db), body),
                                                   .state = said[i].held ? S("held") : S("shown"),
                                                   .now = l->now - said[i].hours * HOUR_MS });
}

static bool add(struct db *db, void *context)
{
    const struct demo *demo = context;
    struct loading l = { .db = db, .now = demo->now };
    struct comment_sql_sample_comments count = { 0 };
    comment_sql_sample_comments(db, &count);
    for (size_t i = 0; i < COUNT(said) && count.n == 0; i++)
        add_one(&l, i);
    return true;
}

bool comment_demo(struct demo *demo)
{
    return db_change_run(demo->database, demo->arena, add, demo) == DB_COMMITTED;
}
