/* What one likes and follows is one's own: shown, taken along, erased. The number of likes names nobody. */
#include "mod/subscription/pages.h"

#define ROW struct subscription_sql_held_likes
static const struct privacy_column like_columns[] = {
    PRIVACY(TEXT, ROW, title, N_("Video")),
    PRIVACY(TIME, ROW, liked_at, N_("Since")),
    { 0 },
};
#undef ROW
#define ROW struct subscription_sql_held_subscriptions
static const struct privacy_column subscription_columns[] = {
    PRIVACY(TEXT, ROW, name, N_("Channel")),
    PRIVACY(TIME, ROW, since, N_("Since")),
    { 0 },
};
#undef ROW
#define ROW struct subscription_sql_held_choices
static const struct privacy_column choice_columns[] = {
    PRIVACY(CODE, ROW, mail, N_("Letters about new videos")),
    PRIVACY(TIME, ROW, chosen_at, N_("Chosen on")),
    { 0 },
};
#undef ROW
PRIVACY_ROWS(likes, subscription_sql_held_likes)
PRIVACY_ROWS(channels, subscription_sql_held_subscriptions)
PRIVACY_ROWS(choices, subscription_sql_held_choices)

static const struct privacy_section sections[] = {
    { "likes", N_("Videos you like"), like_columns, sizeof(struct subscription_sql_held_likes),
      likes, NULL },
    { "subscriptions", N_("Channels you follow"), subscription_columns,
      sizeof(struct subscription_sql_held_subscriptions), channels, NULL },
    { "letters", N_("Letters about new videos"), choice_columns,
      sizeof(struct subscription_sql_held_choices), choices, NULL },
    { 0 },
};

static void erase(struct db *db, int64_t person_id, int64_t now)
{
    (void)now;
    subscription_sql_forget_likes(db, person_id);
    subscription_sql_forget_subscriptions(db, person_id);
    subscription_sql_forget_choice(db, person_id);
}

static const char *const columns[] = { "video_like.person_id", "channel_subscription.person_id",
                                       "subscription_choice.person_id", NULL };

const struct privacy_source subscription_privacy[] = {
    { .name = "subscription",
      .label = N_("Subscriptions"),
      .correct = "/compte/abonnements",
      .sections = sections,
      .columns = columns,
      .erase = erase },
    { 0 },
};
