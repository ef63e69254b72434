/* Every privileged act that the journal knows, with what people read. One line, one act: object in the singular, then
 * what happened to it. tests/http/audit.test.mjs refuses an act that is not here. */
#ifndef EDULAB_ACCESS_ACTS_H
#define EDULAB_ACCESS_ACTS_H

#define ACTS(X)                                                                                    \
    X("account.erased", N_("Account erased at its owner's wish"))                                  \
    X("account.expired", N_("Account erased because nobody used it"))                              \
    X("processor.added", N_("Firm added to the list of processors"))                               \
    X("processor.ended", N_("Firm no longer a processor"))                                         \
    X("request.answered", N_("Request about data answered"))                                       \
    X("request.extended", N_("Term of a request made longer"))                                     \
    X("hold.set", N_("Legal hold set"))                                                            \
    X("hold.lifted", N_("Legal hold lifted"))                                                      \
    X("retention.started", N_("Rules of retention applied by hand"))                               \
    X("role.granted", N_("Role given"))                                                            \
    X("role.withdrawn", N_("Role withdrawn"))                                                      \
    X("second_factor.required", N_("Second step asked of a role"))                                 \
    X("second_factor.freed", N_("Second step no longer asked of a role"))                          \
    X("second_factor.removed", N_("Second step of an account taken away"))                         \
    X("passkey.added", N_("Passkey added"))                                                        \
    X("passkey.removed", N_("Passkey removed"))                                                    \
    X("organisation.added", N_("Organisation added"))                                              \
    X("organisation.changed", N_("Organisation changed"))                                          \
    X("organisation.moved", N_("Organisation moved"))                                              \
    X("member.added", N_("Membership added"))                                                      \
    X("member.ended", N_("Membership ended"))                                                      \
    X("provision.added", N_("Person brought in by a directory"))                                   \
    X("provision.changed", N_("Person changed by a directory"))                                    \
    X("provision.withdrawn", N_("Person withdrawn by a directory"))                                \
    X("provision.group_added", N_("Group added by a directory"))                                   \
    X("provision.group_changed", N_("Group changed by a directory"))                               \
    X("provision.group_removed", N_("Group removed by a directory"))                               \
    X("import.confirmed", N_("File brought in"))                                                   \
    X("import.undone", N_("File taken back"))                                                      \
    X("people.exported", N_("List of people taken along as a file"))                               \
    X("group.exported", N_("List of a group taken along as a file"))                               \
    X("hours.exported", N_("Hours of a person taken along as a file"))                             \
    X("journal.exported", N_("Journal taken along as a file"))                                     \
    X("person.merged", N_("Two accounts made one"))                                                \
    X("person.parted", N_("Accounts parted again"))                                                \
    X("organisation.merged", N_("Two organisations made one"))                                     \
    X("organisation.parted", N_("Organisations parted again"))                                     \
    X("framework.added", N_("Framework of competences brought in"))                                \
    X("framework.removed", N_("Framework of competences taken away"))                              \
    X("badge.awarded", N_("Badge awarded by hand"))                                                \
    X("badge.revoked", N_("Badge revoked"))                                                        \
    X("token.made", N_("Access token made"))                                                       \
    X("token.revoked", N_("Access token revoked"))                                                 \
    X("partner.added", N_("Partner's program admitted"))                                           \
    X("partner.changed", N_("Partner's program changed"))                                          \
    X("partner.rotated", N_("New secret for a partner's program"))                                 \
    X("partner.token_made", N_("Token for a year made for a partner's program"))                   \
    X("partner.token_revoked", N_("Token of a partner's program revoked"))                         \
    X("partner.withdrawn", N_("Partner's program withdrawn"))                                      \
    X("job.retried", N_("Failed job run again"))                                                   \
    X("channel.changed", N_("Channel of the Web TV changed"))                                      \
    X("channel.removed", N_("Channel of the Web TV taken away"))                                   \
    X("series.changed", N_("Series of the Web TV changed"))                                        \
    X("series.removed", N_("Series of the Web TV taken away"))                                     \
    X("video.placed", N_("Channel, series or tags of a video changed"))                            \
    X("video.chapters", N_("Chapters of a video changed"))                                         \
    X("video.cut", N_("Video cut, or made whole again"))                                           \
    X("video.described", N_("Video described"))                                                    \
    X("video.embed", N_("Sites that may show a video changed"))                                    \
    X("video.end_card", N_("What follows a video changed"))                                        \
    X("video.link", N_("Private link of a video made anew"))                                       \
    X("video.poster", N_("Poster of a video chosen"))                                              \
    X("video.replaced", N_("File of a video replaced"))                                            \
    X("video.resource", N_("Resource of a video changed"))                                         \
    X("video.retried", N_("Video prepared again"))                                                 \
    X("video.recognition", N_("Subtitles by a machine asked for"))                                 \
    X("video.subtitles", N_("Subtitles of a video changed"))                                       \
    X("video.visibility", N_("Who sees a video changed"))                                          \
    X("comment.kept", N_("Comment let through, or left as it is"))                                 \
    X("comment.hidden", N_("Comment hidden"))                                                      \
    X("comment.muted", N_("Person kept from commenting"))                                          \
    X("comment.unmuted", N_("Person may comment again"))                                           \
    X("comment.settings", N_("Who may comment changed"))                                           \
    X("institution.added", N_("Institution added"))                                                \
    X("institution.changed", N_("Institution changed"))                                            \
    X("institution.switched", N_("Institution switched on or off"))                                \
    X("institution.rule_added", N_("Rule of an institution added"))                                \
    X("institution.rule_removed", N_("Rule of an institution taken away"))                         \
    X("institution.entered", N_("Signed in through an institution"))                               \
    X("institution.linked", N_("Account linked to an institution"))                                \
    X("institution.unlinked", N_("Link to an institution taken away"))                             \
    X("video.withdrawn", N_("Video taken off the pages"))

#endif
