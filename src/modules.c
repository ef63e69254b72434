/* The registry: every module, in the order of migrations. A row here is all it takes. */
#include "mod/agenda/agenda.h"
#include "mod/attendance/attendance.h"
#include "mod/badge/badge.h"
#include "mod/catalogue/catalogue.h"
#include "mod/cohort/cohort.h"
#include "mod/comment/comment.h"
#include "mod/competence/competence.h"
#include "mod/deposit/deposit.h"
#include "mod/federation/federation.h"
#include "mod/directory/directory.h"
#include "mod/import/import.h"
#include "mod/interop/interop.h"
#include "mod/learning/learning.h"
#include "mod/merge/merge.h"
#include "mod/organisation/organisation.h"
#include "mod/people/people.h"
#include "mod/playlist/playlist.h"
#include "mod/privacy/privacy.h"
#include "mod/rights/rights.h"
#include "mod/scim/scim.h"
#include "mod/site/site.h"
#include "mod/subscription/subscription.h"
#include "mod/tv/tv.h"
#include "mod/watch/watch.h"

const struct module *const modules[] = {
    &competence_module,
    &people_module,
    &organisation_module,
    &federation_module,
    &catalogue_module,
    &cohort_module,
    &tv_module,
    &watch_module,
    &playlist_module,
    &subscription_module,
    &comment_module,
    &learning_module,
    &agenda_module,
    &attendance_module,
    &deposit_module,
    &badge_module,
    &directory_module,
    &privacy_module,
    &import_module,
    &merge_module,
    &rights_module,
    &interop_module,
    &scim_module,
    &site_module,
    NULL,
};
