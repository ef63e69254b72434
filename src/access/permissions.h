/* Every permission, and which of the fixed roles holds it. One line, one permission: L learner, T trainer,
 * C coach, S staff. A signed-in person without a role holds what L holds. */
#ifndef EDULAB_ACCESS_PERMISSIONS_H
#define EDULAB_ACCESS_PERMISSIONS_H

#define ROLES(X)                                                                                   \
    X(LEARNER, "learner", N_("Learner"))                                                           \
    X(TRAINER, "trainer", N_("Trainer"))                                                           \
    X(COACH, "coach", N_("Coach"))                                                                 \
    X(STAFF, "staff", N_("Staff"))

/*    name               held by            what it lets a person do */
#define PERMISSIONS(X)                                                                             \
    X("learning.enrol", "LTCS", N_("Enrol in a training"))                                         \
    X("learning.follow", "TCS", N_("Follow the progress of learners"))                             \
    X("catalogue.edit", "S", N_("Edit programmes"))                                                \
    X("tv.upload", "TS", N_("Add videos"))                                                         \
    X("badge.award", "S", N_("Award and revoke badges"))                                           \
    X("work.watch", "S", N_("See the work under way and what failed"))                             \
    X("audit.read", "S", N_("Read the journal of privileged acts"))                                \
    X("site.components", "S", N_("See the reference sheet of components"))

#endif
