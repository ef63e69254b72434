/* Every permission, and which of the fixed roles holds it. One line, one permission; the letters are those of the roles.
 * A signed-in person without a role holds what L holds. /gestion/roles shows this table. */
#ifndef EDULAB_ACCESS_PERMISSIONS_H
#define EDULAB_ACCESS_PERMISSIONS_H

/*    symbol, name, letter, label */
#define ROLES(X)                                                                                   \
    X(LEARNER, "learner", 'L', N_("Learner"))                                                      \
    X(TRAINER, "trainer", 'T', N_("Trainer"))                                                      \
    X(COACH, "coach", 'C', N_("Coach"))                                                            \
    X(CONTACT, "contact", 'K', N_("Contact of an organisation"))                                   \
    X(HEAD, "head", 'H', N_("Head of an organisation"))                                            \
    X(NETWORK, "network", 'N', N_("Network manager"))                                              \
    X(STAFF, "staff", 'S', N_("Staff"))

/*    name               held by            what it lets a person do */
#define PERMISSIONS(X)                                                                             \
    X("learning.enrol", "LTCKHNS", N_("Enrol in a training"))                                      \
    X("learning.follow", "TCS", N_("Follow the progress of learners"))                             \
    X("enrolment.approve", "HS", N_("Approve the enrolments of an organisation's people"))         \
    X("enrolment.group", "KHNS", N_("Enrol the people of an organisation"))                        \
    X("organisation.read", "KHNS", N_("See an organisation and its people"))                       \
    X("organisation.edit", "NS", N_("Edit organisations and who belongs to them"))                 \
    X("people.read", "S", N_("See everyone, and all about a person"))                              \
    X("people.import", "S", N_("Bring people and organisations in from files"))                    \
    X("people.provision", "", N_("Bring an organisation's people in and withdraw them (SCIM)"))    \
    X("people.merge", "S", N_("Make one of two accounts or organisations"))                        \
    X("catalogue.edit", "S", N_("Edit programmes"))                                                \
    X("cohort.plan", "S", N_("Plan cohorts and their meetings, and look after who is in"))         \
    X("tv.upload", "TS", N_("Add videos"))                                                         \
    X("tv.moderate", "S", N_("Decide about comments below videos"))                                \
    X("tv.figures", "NS", N_("See how much the videos are watched"))                               \
    X("material.upload", "TS", N_("Add files for pages and activities"))                           \
    X("badge.award", "S", N_("Award and revoke badges"))                                           \
    X("role.grant", "S", N_("Give and withdraw roles"))                                            \
    X("work.watch", "S", N_("See the work under way and what failed"))                             \
    X("privacy.manage", "S", N_("Look after terms, holds and requests about data"))                \
    X("audit.read", "S", N_("Read the journal of privileged acts"))                                \
    X("federation.manage", "S", N_("Connect institutions for sign-in"))                            \
    X("partner.manage", "S", N_("Give partners' programs access to the API"))                      \
    X("site.components", "S", N_("See the reference sheet of components"))

#endif
